import type { HistoryEntry, RecordedCall } from '../ports/call-history.js';
import type { HistoryOutcome } from '../protocol/history.js';
import { oneOf } from '../protocol/one-of.js';
import type { CallStatus, CallUser, EndReason } from '../protocol/vocabulary.js';

/** A call that becomes active with a longer duration has begun before a reload of the page, in ms. */
const RESUMED_AFTER_MS = 2_000;

const isTalking = oneOf<CallStatus>('active', 'reconnecting');
/** The end of an outgoing call that nobody has answered. */
const outgoingEnds: Partial<Record<EndReason, HistoryOutcome>> = {
  'hung-up': 'canceled',
  canceled: 'canceled',
  declined: 'declined',
  busy: 'busy',
  timeout: 'timeout',
  unreachable: 'unreachable',
  unsupported: 'unsupported',
};
/** The end of an incoming call that this device has not answered. Whether a call was missed is decided later. */
const incomingEnds: Partial<Record<EndReason, HistoryOutcome>> = {
  'hung-up': 'declined',
  declined: 'declined',
  'declined-elsewhere': 'declined',
  'answered-elsewhere': 'answered',
};

interface Observed {
  readonly callID: string;
  readonly direction: HistoryEntry['direction'];
  readonly at: number;
  /** Whether this device has accepted the call, or has placed it and it was accepted. */
  connecting: boolean;
  answeredAt: number | undefined;
  /** The duration of the call, as the page shows it, when this device came into it. After a reload, it continues. */
  startedMs: number;
  /** Time in the call before that, in ms. */
  base: number;
  call: RecordedCall;
  elapsedMs: number | undefined;
}

/** The other calls of a device, besides the one that a statement is about. */
interface Others {
  /** Calls that wait or are on hold. */
  readonly running?: readonly string[] | undefined;
  /** Whether the call is one of these, and not the one that the page shows. */
  readonly isOther?: boolean | undefined;
}

/** Observes the calls of a device, and states what the history shall contain of them. */
export class CallRecorder {
  readonly #self: CallUser;
  readonly #durationOf: (callID: string) => number | undefined;
  readonly #calls = new Map<string, Observed>();
  /** The call that the page shows. */
  #shown: string | undefined;
  /** The last call that this device was in. */
  #lastEnded: string | undefined;

  /** @param durationOf how long the user was in a call so far, in ms, as far as it is recorded */
  constructor(self: CallUser, durationOf: (callID: string) => number | undefined) {
    this.#self = self;
    this.#durationOf = durationOf;
  }

  /**
   * Notes that the status of the call has changed.
   * @param at the server's time
   * @returns new statements about this call and the one before it
   */
  note(
    call: RecordedCall,
    at: number,
    elapsedMs: number | undefined,
    { running = [], isOther = false }: Others = {},
  ): readonly HistoryEntry[] {
    const { callID } = call;
    if (!isOther) this.#shown = callID;
    const left = [...this.#calls.values()].filter(
      (other) => other.callID !== callID && !running.includes(other.callID),
    );
    const previous = left.flatMap((other) => this.#leave(other));
    if (call.status === 'idle') return previous;
    if (call.status === 'ended') return [...previous, ...this.#end(call, elapsedMs)];
    const observed = this.#calls.get(callID) ?? this.#begin(call, at, elapsedMs, left.at(-1));
    this.#calls.set(callID, observed);
    observed.call = call;
    observed.elapsedMs = elapsedMs;
    observed.connecting ||= call.status === 'connecting';
    if (!isTalking(call.status) || observed.answeredAt !== undefined) return previous;
    const elapsed = elapsedMs ?? 0;
    observed.answeredAt = at - elapsed;
    observed.startedMs = elapsed;
    // A page that has left a call and joins it again shows the time since it came in first.
    const isResumed = elapsed >= RESUMED_AFTER_MS && this.#lastEnded !== call.callID;
    observed.base = isResumed ? elapsed : (this.#durationOf(call.callID) ?? 0);
    return [...previous, this.#entry(observed, 'answered')];
  }

  /** The running call with its duration so far. */
  progress(elapsedMs: number | undefined): readonly HistoryEntry[] {
    const shown = this.#calls.get(this.#shown ?? '');
    if (shown) shown.elapsedMs = elapsedMs ?? shown.elapsedMs;
    const answered = [...this.#calls.values()].filter((call) => call.answeredAt !== undefined);
    return answered.map((call) => this.#withDuration(call));
  }

  /** Ends the observation, as at the end of a session. */
  stop(elapsedMs: number | undefined): readonly HistoryEntry[] {
    const last = this.progress(elapsedMs);
    this.#calls.clear();
    return last;
  }

  #begin(
    call: RecordedCall,
    at: number,
    elapsedMs: number | undefined,
    before: Observed | undefined,
  ): Observed {
    const { callID, inviter, status } = call;
    // After a glare, the call of the other user replaces the one that this user has placed.
    const isGlare =
      before?.direction === 'outgoing' && before.answeredAt === undefined && status !== 'incoming';
    return {
      callID,
      direction: inviter && !isGlare ? 'incoming' : 'outgoing',
      at: at - (elapsedMs ?? 0),
      ...{ connecting: false, answeredAt: undefined, base: 0, startedMs: 0, call, elapsedMs },
    };
  }

  /** Another call has replaced this one without its end being shown. */
  #leave(observed: Observed): readonly HistoryEntry[] {
    this.#calls.delete(observed.callID);
    return observed.answeredAt === undefined ? [] : [this.#withDuration(observed)];
  }

  #end(call: RecordedCall, elapsedMs: number | undefined): readonly HistoryEntry[] {
    const observed = this.#calls.get(call.callID);
    if (!observed) return [];
    this.#calls.delete(call.callID);
    observed.call = call;
    observed.elapsedMs = elapsedMs ?? observed.elapsedMs;
    if (observed.answeredAt !== undefined) {
      this.#lastEnded = observed.callID;
      return [this.#withDuration(observed)];
    }
    const ends = observed.direction === 'outgoing' ? outgoingEnds : incomingEnds;
    const outcome = observed.connecting
      ? failedOr(call.endReason, ends)
      : call.endReason && ends[call.endReason];
    return outcome ? [this.#entry(observed, outcome)] : [];
  }

  #withDuration(observed: Observed): HistoryEntry {
    const { base, elapsedMs, startedMs } = observed;
    const durationMs = Math.round(base + Math.max(0, (elapsedMs ?? startedMs) - startedMs));
    return { ...this.#entry(observed, 'answered'), durationMs };
  }

  #entry(
    { callID, direction, at, answeredAt, call }: Observed,
    outcome: HistoryOutcome,
  ): HistoryEntry {
    const { callType, group, inviter } = call;
    const caller = inviter ?? this.#self;
    const callees = call.members
      .filter(({ userID }) => userID !== caller.userID)
      .map(({ userID, userName }) => ({ userID, userName }));
    return {
      ...{ callID, direction, callType, group, callees, at, outcome },
      caller: { userID: caller.userID, userName: caller.userName },
      ...(answeredAt !== undefined && { answeredAt }),
    };
  }
}

/** The outcome of a call that was accepted, but has not become active. */
function failedOr(
  reason: EndReason | undefined,
  ends: Partial<Record<EndReason, HistoryOutcome>>,
): HistoryOutcome | undefined {
  if (reason === 'answered-elsewhere' || reason === 'declined-elsewhere') return ends[reason];
  return reason === 'hung-up' && ends === outgoingEnds ? 'canceled' : 'failed';
}
