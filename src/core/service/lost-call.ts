import type { Clock } from '../ports/clock.js';
import { CallError } from './call-error.js';
import type { Stores } from './stores.js';
import type { CallInvitationService } from './types.js';
import type { CallSnapshot } from './snapshots.js';

/** How long a lost call can be called again, in ms. */
const OFFERED_MS = 60_000;

/** Remembers the last call if it was running and ended because a connection was lost, so that it can be called again. */
export class LostCall {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #stores: Stores;
  readonly #service: Pick<CallInvitationService, 'send' | 'join'>;
  #stopTimer: (() => void) | undefined;
  /** Whether there is a call that has not ended. */
  #isRunning = false;

  constructor(
    clock: Pick<Clock, 'after'>,
    stores: Stores,
    service: Pick<CallInvitationService, 'send' | 'join'>,
  ) {
    this.#clock = clock;
    this.#stores = stores;
    this.#service = service;
    stores.$call.listen((call) => this.#onCall(call));
  }

  /**
   * Calls the other member of the lost call again or, for a group, joins it again. If that group is over, its members
   * are called.
   * @returns whether there was a lost call
   * @throws {CallError} as `send`
   */
  async again(): Promise<boolean> {
    const call = this.#stores.$lostCall.get();
    if (!call) return false;
    const { callID, callType, customData, group } = call;
    if (group && (await this.#joins(callID))) return true;
    const invitees = call.members.filter(({ self }) => !self);
    await this.#service.send({ invitees, callType, customData });
    return true;
  }

  /** @returns whether there was a lost call */
  dismiss(): boolean {
    const stores = this.#stores;
    this.#stopTimer?.();
    const had = !!stores.$lostCall.get();
    if (had) stores.set(stores.$lostCall, undefined);
    return had;
  }

  /** @returns false if that group call is over */
  async #joins(callID: string): Promise<boolean> {
    try {
      await this.#service.join(callID);
      return true;
    } catch (error) {
      if (error instanceof CallError && error.code === 'call-over') return false;
      throw error;
    }
  }

  #onCall(call: CallSnapshot): void {
    const stores = this.#stores;
    const { status, endReason, startedAt } = call;
    if (status === 'idle') return;
    const hasEnded = status === 'ended';
    // A call that has ended may be published again.
    if (hasEnded && !this.#isRunning) return;
    this.#isRunning = !hasEnded;
    this.dismiss();
    if (!hasEnded || endReason !== 'connection-lost' || startedAt === undefined) return;
    stores.set(stores.$lostCall, call);
    this.#stopTimer = this.#clock.after(OFFERED_MS, () => this.dismiss());
  }
}
