import type { RingingCall } from '../ports/missed-calls.js';
import type { Notifier } from '../ports/notifier.js';

/** Shows a notification while a call rings that nobody can see. */
export class IncomingNotice {
  readonly #notifier: Notifier;
  readonly #call: () => RingingCall;
  /** The call whose notification this page has shown. */
  #shown: string | undefined;

  constructor(notifier: Notifier, call: () => RingingCall) {
    this.#notifier = notifier;
    this.#call = call;
  }

  /** The call, or whether it can be seen, may have changed. */
  async refresh(): Promise<void> {
    const { callID } = this.#ringing ?? {};
    if (this.#shown !== undefined && this.#shown !== callID) this.hide();
    if (callID === undefined) return;
    if (await this.#notifier.isSeen()) {
      this.#shown = undefined;
      // Whichever page has shown it.
      return this.#notifier.close(callID, 'incoming');
    }
    const call = this.#ringing;
    // Answered meanwhile, or shown by an earlier look.
    if (call?.callID !== callID || this.#shown === callID || !call.inviter) return;
    this.#shown = callID;
    const { inviter: caller, callType, group, resourceID } = call;
    await this.#notifier.show({
      kind: 'incoming',
      callID,
      caller,
      callType,
      group,
      resourceID,
      dialBack: false,
    });
    // It has ended while the notification was being made.
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
