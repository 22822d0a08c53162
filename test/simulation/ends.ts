import type { Page } from './device.js';
import type { Scene, StepChecks } from './invariants.js';
import type { Schedule } from './schedule.js';
import type { ActualCall, End } from './ground-truth.js';

/** A decline that reaches a connected caller within this time decides the call, in ms. */
const DECLINE_MS = 3_500;

/** Time for failed links to reconnect after the media paths work again, in ms. */
const MEDIA_WELL_MS = 20_000;
/** Two members who are both in the call and connected for this time must not lose each other, in ms. */
const TOGETHER_MS = 12_000;
/** A message of a connected device arrives within this time, in ms. */
const MESSAGE_MS = 8_000;
/** A device that is ready this time before the coordinator cancels must still ring, in ms. */
const READY_MS = 5_000;
/** The message that a device rings arrives within this time, in ms. */
const RINGING_MS = 1_500;
/** An accept this time before the end reaches the coordinator before its timeout, in ms. */
const ACCEPT_COUNTS_MS = 1_000;

/** The callback that must precede each end of an outgoing call. */
const CALLBACK_BEFORE_END: Readonly<Record<string, string>> = {
  declined: 'onOutgoingCallDeclined',
  busy: 'onOutgoingCallRejectedCauseBusy',
  timeout: 'onOutgoingCallTimeout',
  unreachable: 'onOutgoingCallTimeout',
  'hung-up': 'onOutgoingCallAccepted',
};

/** End reasons that must not occur in a one-to-one call. */
const IMPOSSIBLE_REASONS: readonly string[] = ['everyone-left', 'initiator-left', 'unsupported'];
/** End reasons that require a fault of network, server or media. */
const FAULT_REASONS: readonly string[] = ['connection-lost', 'media-failed', 'unreachable'];

/**
 * Checks the ends of one-to-one calls: each end has its cause in what users did, and the ends of both sides agree.
 */
export class EndChecks {
  readonly #scene: Scene;
  readonly #steps: StepChecks;
  readonly #schedule: Schedule;
  readonly #disturbed: boolean;

  constructor(scene: Scene, steps: StepChecks, schedule: Schedule) {
    this.#scene = scene;
    this.#steps = steps;
    this.#schedule = schedule;
    this.#disturbed = scene.disturbed;
  }

  check(call: ActualCall): void {
    for (const end of call.ends) {
      const { page, reason } = end;
      if (IMPOSSIBLE_REASONS.includes(reason))
        this.#violate('impossible-end', page, `${call.id} ${reason}`);
      if (reason === 'media-failed' && end.mediaWellFor > MEDIA_WELL_MS) {
        this.#violate('media-failed', page, call.id);
      }
      if (reason === 'connection-lost' && end.togetherFor > TOGETHER_MS) {
        this.#violate('lost-though-there', page, call.id);
      }
      if (reason === 'unreachable' && this.#rang(call, end)) {
        this.#violate('unreachable-though-rang', page, call.id);
      }
      const excused = reason === 'unreachable' && !this.#wasReady(call, end);
      if (FAULT_REASONS.includes(reason) && !this.#schedule.faults && !excused) {
        this.#violate('fault-without-cause', page, `${call.id} ${reason}`);
      }
      if (page !== call.sender) this.#checkCallee(call, end);
      else if (end.phaseBefore === 'in') this.#checkCaller(call, end);
    }
  }

  /** Whether a device of the callee had completed its initial sync while there was time to ring. */
  #wasReady(call: ActualCall, { page, at }: End): boolean {
    return this.#scene
      .pages()
      .some(
        ({ user, state }) =>
          user !== page.user && call.invitees.includes(user) && state.syncedAt < at - READY_MS,
      );
  }

  /** Whether a device rang, and both it and this page were connected to exchange that. */
  #rang(call: ActualCall, { page, at }: End): boolean {
    return this.#scene.pages().some((other) => {
      const rang = this.#steps.callbacks.rangAt(other, call.id, 1);
      if (other.user === page.user || rang === undefined || rang > at - MESSAGE_MS) return false;
      // The message that it rings may be lost with a connection. The page repeats it after a reconnect, unless another
      // device of its user has answered meanwhile: it can't state an answer of that device.
      const elsewhere = call.ends.find(
        (end) => end.page === other && end.reason === 'answered-elsewhere',
      );
      const isLost = [page, other].some(
        ({ connection }) =>
          elsewhere && connection && connection.since > Math.max(rang, elsewhere.at),
      );
      if (isLost) return false;
      return [page, other].every(
        ({ connection }) => connection && !connection.dead && connection.since < at - MESSAGE_MS,
      );
    });
  }

  /** Whether the message that it rings crossed the caller's message that nobody rings. */
  #rangLate(callID: string, page: Page, at: number): boolean {
    return (this.#steps.callbacks.rangAt(page, callID, 1) ?? 0) > at - RINGING_MS;
  }

  #violate(kind: string, page: Page, detail: string): void {
    this.#scene.loop.violate(kind, `${page.device} ${detail}`);
  }

  #checkCaller(call: ActualCall, { page, reason, at }: End): void {
    const callback = CALLBACK_BEFORE_END[reason];
    if (callback && !this.#steps.callbacks.hasEmitted(page, callback, call.id)) {
      this.#violate('outgoing-callback-missing', page, `${call.id} ${reason}`);
    }
    const presses = [...call.presses.values()];
    const refused = call.declinedOn.size > 0;
    const { truth } = this.#scene;
    // A device that places another call has left its call before.
    const left = [...call.answeredOn].some((presser) =>
      truth.placed(presser, call.id, call.sentAt, at),
    );
    const caused: Record<string, boolean> = {
      declined: refused,
      canceled: call.hungUp.has(page),
      'hung-up': call.hungUp.size > 0 || refused || left,
      timeout: at - call.sentAt >= this.#schedule.timeoutMs,
      'answered-elsewhere': call.glared.size > 0 || this.#steps.isGlaredCall(page, call.id),
      'declined-elsewhere': false,
    };
    if (caused[reason] === false) this.#violate('end-without-cause', page, `${call.id} ${reason}`);
    const lost = ['timeout', 'unreachable', 'busy', 'canceled'].includes(reason);
    const inTime = call.sentAt + this.#schedule.timeoutMs - ACCEPT_COUNTS_MS;
    for (const press of presses) {
      const accepted = press.how === 'accept' && press.wasConnected && press.at < inTime;
      if (reason === 'timeout' && accepted && !this.#disturbed && !this.#schedule.slow) {
        this.#violate('accept-lost', page, call.id);
      }
      const hasDeclined =
        press.how === 'decline' && press.wasConnected && at - press.at > DECLINE_MS;
      if (lost && hasDeclined && !this.#disturbed && !this.#schedule.slow) {
        this.#violate('decline-lost', page, `${call.id} ${reason}`);
      }
    }
  }

  #checkCallee(call: ActualCall, ended: End): void {
    const { page, phaseBefore: was, reason, at, isBusyElsewhere } = ended;
    const { id } = call;
    const own = [...call.answeredOn].filter((presser) => presser.user === page.user);
    const press = call.presses.get(`${page.user} 1`);
    const itself = this.#steps.acceptedByItself(id, page.user);
    const caused: Record<string, boolean> = {
      'answered-elsewhere':
        own.some((presser) => presser !== page) ||
        this.#steps.acceptedByItself(id, page.user, page) ||
        call.glared.has(page.user),
      'declined-elsewhere': [...own, ...call.declinedOn.keys()].some(
        ({ user, device }) => user === page.user && device !== page.device,
      ),
      declined: was === 'incoming' && call.declinedOn.get(page) === 'decline',
      'hung-up': own.includes(page) || itself,
      busy: isBusyElsewhere,
    };
    if (caused[reason] === false) this.#violate('end-without-cause', page, `${id} ${reason}`);
    const end = call.ends.find((each) => each.page === call.sender);
    if (!end) return;
    const caller = end.reason;
    // A device that places another call has left its call before; the callee may know only that for a short time.
    const calledAnew = this.#scene.truth.placed(call.sender, id, end.at, at);
    // A device whose message takes longer than the waiting time counts as not ringing.
    const isRingingLate = this.#schedule.slow || this.#rangLate(id, page, end.at);
    const fits: Record<string, boolean> = {
      canceled:
        caller === 'canceled' ||
        calledAnew ||
        this.#schedule.faults ||
        (caller === 'busy' && isRingingLate),
      timeout: caller !== 'unreachable' || this.#schedule.faults || isRingingLate,
      'hung-up': was !== 'in' || caller === 'hung-up' || this.#schedule.faults,
      declined: caller !== 'busy' || !press?.wasConnected || this.#disturbed || this.#schedule.slow,
    };
    if (fits[reason] === false) this.#violate('ends-differ', page, `${id} ${reason}, ${caller}`);
  }
}
