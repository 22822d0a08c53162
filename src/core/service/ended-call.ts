import type { Clock } from '../ports/clock.js';
import type { EndReason } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import { isIn } from './in-calling.js';
import type { Stores } from './stores.js';
import type { CallInvitationService } from './types.js';
import type { CallSnapshot } from './snapshots.js';

/** How long the end of a call is shown, in seconds. */
const DEFAULT_SECONDS = 8;
const MAX_SECONDS = 600;
/** The same for a call whose connection was lost. */
const LOST_SECONDS = 60;
/** The same for a call that this user has ended: as long as `$call` has the status `ended`. */
const OWN_END_SECONDS = 2;

/** Ends after which nobody is called again: the user has cancelled the call, or it goes on at another device. */
const FINAL_REASONS: ReadonlySet<EndReason | undefined> = new Set<EndReason>([
  'canceled',
  'answered-elsewhere',
  'declined-elsewhere',
]);

/** Whether this user has hung up: the others are still in the call. */
export const isEndedByUser = ({ endReason, members }: CallSnapshot): boolean =>
  endReason === 'hung-up' && members.some((member) => !member.self && isIn(member));

/** Whether this user has placed the call, or was in it. */
const tookPart = ({ startedAt, inviter, members }: CallSnapshot): boolean =>
  startedAt !== undefined ||
  inviter === undefined ||
  members.some((member) => member.self && (isIn(member) || member.state === 'left'));

const isLost = ({ endReason, startedAt }: CallSnapshot): boolean =>
  endReason === 'connection-lost' && startedAt !== undefined;

/**
 * Remembers the call that has ended last for some seconds after its end, so that the user can read how it ended and call
 * again. `$lostCall` is the same call if its connection was lost.
 */
export class EndedCall {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #stores: Stores;
  readonly #service: Pick<CallInvitationService, 'send' | 'join'>;
  readonly #seconds: () => number | undefined;
  readonly #hideEnd: () => void;
  /** One object for each user of `keep` who has not released the ended call. */
  readonly #keepers = new Set<object>();
  #stopTimer: (() => void) | undefined;
  /** Whether there is a call that has not ended. */
  #isRunning = false;

  /**
   * @param seconds returns `config.endScreenSeconds`
   * @param hideEnd makes `$call` idle if it has ended
   */
  constructor(
    clock: Pick<Clock, 'after'>,
    stores: Stores,
    service: Pick<CallInvitationService, 'send' | 'join'>,
    seconds: () => number | undefined,
    hideEnd: () => void,
  ) {
    this.#clock = clock;
    this.#stores = stores;
    this.#service = service;
    this.#seconds = seconds;
    this.#hideEnd = hideEnd;
    stores.$call.listen((call) => this.#onCall(call));
  }

  /**
   * Calls the members of the ended call again or, for a group, joins it again. If that group is over, its members are
   * called.
   * @returns whether there was an ended call
   * @throws {CallError} as `send`
   */
  async again(): Promise<boolean> {
    const call = this.#stores.$endedCall.get();
    if (!call) return false;
    const { callID, callType, customData, group } = call;
    if (group && call.startedAt !== undefined && (await this.#joins(callID))) return true;
    const invitees = call.members.filter(({ self }) => !self);
    await this.#service.send({ invitees, callType, customData });
    return true;
  }

  /**
   * The user has closed the end: no store shows it any more.
   * @returns whether there was an ended call
   */
  dismiss(): boolean {
    const { $call, $endedCall } = this.#stores;
    const hadEnded = !!$endedCall.get() || $call.get().status === 'ended';
    this.clear();
    this.#hideEnd();
    return hadEnded;
  }

  /** Forgets the ended call. */
  clear(): void {
    this.#stopTimer?.();
    this.#keepers.clear();
    this.#show(undefined);
  }

  /** Stops the time after which the end is no longer shown. @returns a function after whose call it may start anew */
  keep(): () => void {
    const call = this.#stores.$endedCall.get();
    if (!call) return () => {};
    const keeper = {};
    this.#keepers.add(keeper);
    this.#stopTimer?.();
    return () => {
      const wasLast = this.#keepers.delete(keeper) && this.#keepers.size === 0;
      if (wasLast) this.#startTimer(this.#secondsFor(call));
    };
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
    const { status, endReason } = call;
    if (status === 'idle') return;
    const hasEnded = status === 'ended';
    // A call that has ended may be published again.
    if (hasEnded && !this.#isRunning) return;
    this.#isRunning = !hasEnded;
    this.clear();
    if (!hasEnded || FINAL_REASONS.has(endReason) || !tookPart(call)) return;
    const seconds = this.#secondsFor(call);
    if (seconds <= 0) return;
    this.#startTimer(seconds);
    this.#show(call);
  }

  #show(call: CallSnapshot | undefined): void {
    const stores = this.#stores;
    const set = (store: Stores['$endedCall'], value: CallSnapshot | undefined): void => {
      if (store.get() !== value) stores.set(store, value);
    };
    set(stores.$lostCall, call && isLost(call) ? call : undefined);
    set(stores.$endedCall, call);
  }

  #startTimer(seconds: number): void {
    this.#stopTimer = this.#clock.after(seconds * 1_000, () => this.clear());
  }

  #secondsFor(call: CallSnapshot): number {
    const configured = this.#seconds();
    const isValid = typeof configured === 'number' && configured >= 0;
    const seconds = isValid ? Math.min(configured, MAX_SECONDS) : DEFAULT_SECONDS;
    if (isLost(call)) return Math.max(seconds, LOST_SECONDS);
    return isEndedByUser(call) ? Math.min(seconds, OWN_END_SECONDS) : seconds;
  }
}
