import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Clock } from '../../core/ports/clock.js';
import type { CallInvitationService } from '../../core/service/types.js';
import { UndoTimer } from '../shared/undo-timer.js';

/** How long a dismissal of several missed calls can be undone, in ms. */
export const UNDO_MS = 10_000;

type Service = Pick<CallInvitationService, 'user' | '$missedCalls' | 'dismissMissedCalls'>;

type Host = Pick<ReactiveControllerHost, 'addController' | 'requestUpdate'> & {
  readonly isConnected: boolean;
};

export interface DelayedDismissalOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Whether the button that undoes the dismissal is in use: the time starts again then. */
  readonly isInUse: () => boolean;
  /** Runs a command and reports its failure. */
  readonly run: (command: Promise<unknown>) => void;
}

/**
 * Dismisses several missed calls after a time in which the user can undo it. Until then they are only hidden in this
 * list, so a page that is closed meanwhile has lost none of them. If the list is removed from the page, gets another
 * service, or the user dismisses others, they are dismissed at once. If another user signs in, or the user signs out,
 * they are not dismissed.
 */
export class DelayedDismissal implements ReactiveController {
  readonly #host: Host;
  readonly #run: DelayedDismissalOptions['run'];
  readonly #timer: UndoTimer;
  readonly #hidden = new Set<string>();
  /** What `undo` restores. */
  #pending: readonly string[] = [];
  #service: Service | undefined;
  /** The user whose calls are pending. */
  #userID: string | undefined;

  constructor(host: Host, { clock, isInUse, run }: DelayedDismissalOptions) {
    this.#host = host;
    this.#run = run;
    this.#timer = new UndoTimer({
      clock,
      durationMs: UNDO_MS,
      isInUse,
      onExpired: () => this.finish(),
    });
    host.addController(this);
  }

  /** Whether a call is hidden, because it will be dismissed or is being dismissed. */
  isHidden(callID: string): boolean {
    return this.#hidden.has(callID);
  }

  /** How many missed calls would be restored by `undo`. */
  get undoable(): number {
    const missed = new Set(this.#service?.$missedCalls.get().map(({ callID }) => callID));
    return this.#pending.filter((callID) => missed.has(callID)).length;
  }

  /**
   * Must be called in each update of the host.
   * @param service that of the host; undefined while the host looks for its provider
   */
  watch(service: Service | undefined): void {
    if (service && (service !== this.#service || service.user?.userID !== this.#userID))
      this.finish();
  }

  dismiss(service: Service, callIDs: readonly string[]): void {
    this.finish();
    this.#service = service;
    this.#userID = service.user?.userID;
    this.#pending = callIDs;
    for (const callID of callIDs) this.#hidden.add(callID);
    this.#timer.start();
    this.#host.requestUpdate();
  }

  undo(): void {
    this.#show(this.#take());
  }

  /** Dismisses the hidden calls now. */
  finish(): void {
    const callIDs = this.#take();
    const service = this.#service;
    if (!callIDs.length || !service) return;
    // They are the calls of another user.
    if (service.user?.userID !== this.#userID) return this.#show(callIDs);
    const dismissed = service.dismissMissedCalls(callIDs);
    this.#host.requestUpdate();
    // After a failure, they are shown again.
    const show = (): void => this.#show(callIDs);
    dismissed.then(show, show);
    this.#run(dismissed);
  }

  hostDisconnected(): void {
    // A list that is only moved in the document is connected again by then. A timer would be later: if a router replaces
    // the page, another provider may have taken over the session.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.finish();
    });
  }

  #take(): readonly string[] {
    this.#timer.stop();
    const callIDs = this.#pending;
    this.#pending = [];
    return callIDs;
  }

  #show(callIDs: readonly string[]): void {
    for (const callID of callIDs) this.#hidden.delete(callID);
    this.#host.requestUpdate();
  }
}
