import type { RingingCall } from '../ports/missed-calls.js';
import type { Notifier } from '../ports/notifier.js';

/** Shows a notification while a call rings and no page of the user is visible in this browser. */
export class IncomingNotification {
  readonly #notifier: Notifier;
  readonly #call: () => RingingCall;
  /** The call whose notification this page has shown. */
  #shown: string | undefined;

  constructor(notifier: Notifier, call: () => RingingCall) {
    this.#notifier = notifier;
    this.#call = call;
  }

  /** To be called when the call, or the visibility of pages, may have changed. */
  async refresh(): Promise<void> {
    const { callID } = this.#ringing ?? {};
    if (this.#shown !== undefined && this.#shown !== callID) this.hide();
    if (callID === undefined) return;
    if (await this.#notifier.isSeen()) {
      this.#shown = undefined;
      // Another page may have shown it.
      return this.#notifier.close(callID, 'incoming');
    }
    const call = this.#ringing;
    // Answered meanwhile, or shown by an earlier refresh.
    if (call?.callID !== callID || this.#shown === callID || !call.inviter) return;
    this.#shown = callID;
    const { inviter: caller, callType, group, resourceID, notification } = call;
    await this.#notifier.show({
      kind: 'incoming',
      callID,
      caller,
      callType,
      group,
      resourceID,
      ...notification,
      dialBack: false,
    });
    // The call has ended while the notification was being created.
    if (this.#ringing?.callID !== callID) void this.#notifier.close(callID, 'incoming');
  }

  hide(): void {
    if (this.#shown !== undefined) void this.#notifier.close(this.#shown, 'incoming');
    this.#shown = undefined;
  }

  get #ringing(): RingingCall | undefined {
    const call = this.#call();
    return call.status === 'incoming' ? call : undefined;
  }
}
