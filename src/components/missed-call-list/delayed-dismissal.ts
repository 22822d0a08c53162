import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallInvitationService } from '../../core/service/types.js';

/** How long a dismissal of several missed calls can be undone, in ms. */
export const UNDO_MS = 10_000;

export interface DelayedDismissalOptions {
  readonly isInUse: () => boolean;
  readonly run: (command: Promise<unknown>) => void;
}

/**
 * Dismisses several missed calls after a time in which the user can undo it. Until then they are only hidden in this
 * list, so a page that is closed meanwhile has lost none of them. If the list is removed from the page, or the user
 * dismisses others, they are dismissed at once.
 */
export class DelayedDismissal implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: DelayedDismissalOptions;
  readonly #hidden = new Set<string>();
  /** What `undo` restores. */
  #pending: readonly string[] = [];
  #service: CallInvitationService | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param options.isInUse whether the mouse is on the button that undoes it, or the button has the focus: then the time
   *   starts again
   * @param options.run runs a command and reports its failure
   */
  constructor(host: ReactiveControllerHost, options: DelayedDismissalOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** Whether a call is hidden, because it will be dismissed or is being dismissed. */
  isHidden(callID: string): boolean {
    return this.#hidden.has(callID);
  }

  /** How many calls can be restored by `undo`. */
  get undoable(): number {
    return this.#pending.length;
  }

  dismiss(service: CallInvitationService, callIDs: readonly string[]): void {
    this.finish();
    this.#service = service;
    this.#pending = callIDs;
    for (const callID of callIDs) this.#hidden.add(callID);
    this.#start();
    this.#host.requestUpdate();
  }

  undo(): void {
    this.#show(this.#take());
  }

  /** Dismisses the hidden calls now. */
  finish(): void {
    const callIDs = this.#take();
    if (!callIDs.length) return;
    const dismissed = this.#service?.dismissMissedCalls(callIDs);
    this.#host.requestUpdate();
    // After a failure, they are shown again.
    const show = (): void => this.#show(callIDs);
    dismissed?.then(show, show);
    if (dismissed) this.#options.run(dismissed);
  }

  hostDisconnected(): void {
    this.finish();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#options.isInUse()) this.#start();
      else this.finish();
    }, UNDO_MS);
  }

  #take(): readonly string[] {
    clearTimeout(this.#timer);
    const callIDs = this.#pending;
    this.#pending = [];
    return callIDs;
  }

  #show(callIDs: readonly string[]): void {
    for (const callID of callIDs) this.#hidden.delete(callID);
    this.#host.requestUpdate();
  }
}
