import { RELINK_WAIT_MS } from '../../src/core/machine/durations.js';
import type { Scene, StepChecks } from './invariants.js';
import { connectedForMs, pagesIn, phaseOf } from './presence.js';
import type { Call, Member } from '../../src/core/machine/types.js';
import type { Page } from './device.js';
import { roundKey } from './ground-truth.js';

/**
 * Maximum time until a caller is notified that all devices are busy (8 s after the last answer, with a margin), in
 * ms.
 */
const BUSY_MS = 13_000;
/** Maximum time until a lost coordinator is reported and another member takes over, in ms. */
const COORDINATOR_LOST_MS = 14_000;
/** Maximum time until two connected members have a link, in ms. */
const LINK_MS = 8_000;
/** Maximum time of a call without any link (30 s, 6 s for the response, and a margin), in ms. */
const UNLINKED_MS = 47_000;
/** Maximum time between accept and selection, whatever the connection does, in ms. */
const CONNECTING_MS = 25_000;
/** Interval of the checks, in ms. */
const EVERY_MS = 2_500;
/**
 * Maximum time in a call without other members in it or ringing (30 s of the link, 8 s of the server, and a margin),
 * in ms.
 */
const ALONE_MS = 47_000;
/** Maximum time to ring, wait or connect after everything has been decided, in ms. */
const LATE_MS = 16_000;
/** Maximum time of an accepted invitation that somebody could select, in ms. */
const ACCEPTING_MS = 15_000;
/** Maximum time until a message has arrived, over the server, in ms; and the same if some messages take seconds. */
const TRANSIT_MS = 3_000;
const SLOW_TRANSIT_MS = 10_000;
/** Maximum time before an idle page responds to a waiting caller, in ms. */
const IDLE_MS = 5_000;
/** Maximum time of two devices of one user in one call, in ms. */
const DOUBLE_MS = 25_000;

/** Whether a device of the invited user rings that has not answered busy since. */
function mayRing(member: Member | undefined): boolean {
  if (member?.record.state !== 'ringing') return false;
  const { ringingDevices, rejectingDevices } = member;
  return !(
    ringingDevices.length && ringingDevices.every((device) => rejectingDevices.includes(device))
  );
}

/** Checks that no temporary state lasts longer than its maximum time. */
export class DurationChecks {
  readonly #scene: Scene;
  readonly #steps: StepChecks;
  /** Since when each state lasts; infinity after it was reported. */
  readonly #since = new Map<string, number>();
  #reported = new Set<string>();

  constructor(scene: Scene, steps: StepChecks) {
    this.#scene = scene;
    this.#steps = steps;
  }

  start(until: number): void {
    const { loop } = this.#scene;
    const look = () => {
      this.#checkAll();
      if (loop.now < until) loop.after(EVERY_MS, look);
    };
    loop.after(EVERY_MS, look);
  }

  #checkAll(): void {
    this.#reported = new Set();
    for (const page of this.#scene.pages()) this.#checkPage(page);
    for (const key of this.#since.keys()) if (!this.#reported.has(key)) this.#since.delete(key);
    this.#checkDoubleDevices();
  }

  #checkPage(page: Page): void {
    const { calls, current, waiting } = page.state;
    if (current === undefined) this.#checkIdlePage(page);
    for (const call of calls.values())
      if (call.id === current || call.id === waiting || call.holdNumber !== undefined)
        this.#checkCall(page, call);
  }

  #checkCall(page: Page, call: Call): void {
    const { truth, loop } = this.#scene;
    const actual = truth.calls.get(call.id);
    if (!actual) return;
    const here = connectedForMs(page, loop.now);
    const own = call.members.get(page.user)?.record.round ?? 0;
    const isLate = (user: string, round: number) => {
      const decider = actual.deciders.get(roundKey(user, round));
      // A user who joins asks about the others only then.
      const selected = actual.decided.get(roundKey(page.user, own)) ?? 0;
      const decided = actual.decided.get(roundKey(user, round)) ?? Infinity;
      const since = loop.now - Math.max(decided, selected);
      // Possibly nobody receives the last message of a page before its connection is lost.
      const isConnectedLongEnough =
        decider?.alive === true && connectedForMs(decider, loop.now) > LATE_MS;
      return since > LATE_MS && here > LATE_MS && isConnectedLongEnough;
    };
    const inside = pagesIn(this.#scene, call.id);
    // If the coordinator of a group is lost without a report of the server, nobody decides before the others know.
    const isDecidable = !this.#scene.mute || !actual.group;
    const inhabited = call.endWithInitiator
      ? inside.some(({ user }) => user === call.initiator)
      : inside.length > 0;
    if (call.phase === 'in') {
      const waiting = [...call.members.values()].filter(
        ({ record }) => record.state === 'inviting' || record.state === 'ringing',
      );
      const company = this.#scene
        .pages()
        .filter((other) => other.user !== page.user && phaseOf(other, call.id) === 'in')
        .map(({ device }) => device);
      const linked = inside.some((other) => this.#scene.media.isUp(call.id, page, other));
      if (company.length > 0 && page.self.media && !linked) {
        // A member who reloads the page comes in again, with a link that has its own time.
        const links = `${call.id} with ${company.join()}`;
        this.#checkDuration('unlinked-for-ever', page, links, UNLINKED_MS);
        const together = Math.max(
          0,
          ...inside
            .filter((other) => other.user !== page.user)
            .map((other) => Math.min(here, connectedForMs(other, loop.now))),
        );
        const hindered = this.#scene.slow || this.#scene.mediaFaults;
        if (together > 0 && !hindered) {
          // A decline of another device of the user, or its hang-up while it connected, may reach the server just before the accept. Then the offer
          // behind that accept is from a user who is not in the call, and is not relayed. The next offer is sent
          // when the link is built again.
          const crossed = [...actual.declinedOn].some(([{ user }]) =>
            inside.some((other) => other.user === user),
          );
          const bound = crossed ? LINK_MS + RELINK_WAIT_MS : LINK_MS;
          // The coordinator that has selected one of the two is lost, and the other one has not received the selection.
          const counts = ({ state }: Page, user: string) =>
            state.calls.get(call.id)?.members.get(user)?.record.state === 'in';
          const isKnown = inside.some(
            (other) =>
              other.user !== page.user && counts(other, page.user) && counts(page, other.user),
          );
          // Nobody else decides before the server has reported that.
          const isReported = inside.every(({ user, state }) => {
            const { round = 0 } = state.calls.get(call.id)?.members.get(user)?.record ?? {};
            const { endedAt = Infinity } = actual.deciders.get(roundKey(user, round)) ?? {};
            return endedAt === Infinity || loop.now - endedAt > COORDINATOR_LOST_MS;
          });
          const isDue = together > bound && isReported && (isDecidable || isKnown);
          this.#checkDuration('unlinked-late', page, call.id, bound, isDue);
        }
      }
      if (company.length === 0 && !waiting.length)
        this.#checkDuration('alone', page, call.id, ALONE_MS);
      for (const { record, rejectingDevices, answers } of waiting) {
        // A member who has come in later has not received that a device rings, but the inviter has.
        const rings = inside.some(
          ({ user, state }) =>
            (user === page.user || user === record.inviter) &&
            mayRing(state.calls.get(call.id)?.members.get(record.user)),
        );
        const busy = rejectingDevices.length > 0 && !rings && !answers.size;
        if (busy) {
          // The answer of each further device starts the eight seconds again.
          const rejecting = inside.map(
            ({ state }) =>
              state.calls.get(call.id)?.members.get(record.user)?.rejectingDevices ?? [],
          );
          const what = `${call.id} ${record.user} ${new Set(rejecting.flat()).size}`;
          // A disconnected coordinator decides after it reconnects.
          const isConnectedLongEnough = inside.every(
            (other) => connectedForMs(other, loop.now) > BUSY_MS,
          );
          const present = [...call.members.values()].filter(({ record }) => record.state === 'in');
          const bound = present.length > inside.length ? BUSY_MS + COORDINATOR_LOST_MS : BUSY_MS;
          // A member who has come in may be the coordinator from then on, and waits as well.
          const selectedAt = present.map(
            ({ record: { user, round } }) => actual.decided.get(roundKey(user, round)) ?? -Infinity,
          );
          const isComplete = loop.now - Math.max(-Infinity, ...selectedAt) > BUSY_MS;
          this.#checkDuration(
            'waits-though-busy',
            page,
            what,
            bound,
            isConnectedLongEnough && isDecidable && isComplete,
          );
        }
        // The member is claimed to be in, and was asked: its response is in transit.
        const asked = [...call.claims.values()].some((claim) => claim.record.user === record.user);
        // A later round was opened. This page has no proof of it until the previous round is over here.
        const renewed = call.deferred.some(({ message }) =>
          message.records.some(({ user, round }) => user === record.user && round > record.round),
        );
        // A restarted server does not know that a user was selected, and does not relay that before a device of that
        // user confirms it. If the device does not come back, the invitation ends here by the own timer.
        const key = roundKey(record.user, record.round);
        const isUnconfirmed =
          (actual.decided.get(key) ?? Infinity) < truth.restartedAt &&
          actual.selected.has(key) &&
          !inside.some(({ user }) => user === record.user);
        if (!asked && !renewed && !isUnconfirmed && isLate(record.user, record.round)) {
          this.#checkDuration('waits-late', page, `${call.id} ${record.user} ${record.round}`, 0);
        }
      }
    } else if (call.phase === 'incoming') {
      this.#checkDuration(
        'rings-for-ever',
        page,
        `${call.id} ${own}`,
        this.#scene.timeoutMs + EVERY_MS,
      );
      if (!inhabited && here > LATE_MS && !this.#scene.mute)
        this.#checkDuration('rings-on', page, call.id, LATE_MS);
      if (isLate(page.user, own)) this.#checkDuration('rings-late', page, `${call.id} ${own}`, 0);
    } else if (call.phase === 'accepting') {
      const round = call.joining?.round ?? own;
      const what = `${call.id} ${round}`;
      this.#checkDuration('connects-for-ever', page, what, CONNECTING_MS);
      // A disconnected coordinator decides after it reconnects.
      const isConnectedLongEnough = inside.every(
        (other) => connectedForMs(other, loop.now) > ACCEPTING_MS,
      );
      if (inhabited && here > ACCEPTING_MS && isDecidable && isConnectedLongEnough) {
        // Somebody has decided, and the decision has not arrived yet.
        const decidedAt = actual.decided.get(roundKey(page.user, round)) ?? -Infinity;
        const isDue = loop.now - decidedAt > (this.#scene.slow ? SLOW_TRANSIT_MS : TRANSIT_MS);
        this.#checkDuration('stuck-accepting', page, call.id, ACCEPTING_MS, isDue);
      }
    }
  }

  /** An idle page rings for a waiting caller, unless it has reported busy. */
  #checkIdlePage(page: Page): void {
    const { loop } = this.#scene;
    const { connection } = page;
    if (!connection?.open || connection.dead || loop.now - connection.since < IDLE_MS) return;
    for (const call of page.state.calls.values()) {
      if (call.phase !== 'silent' && call.phase !== 'held') continue;
      const left = (call.members.get(page.user)?.deadline ?? 0) - page.now;
      const caller = pagesIn(this.#scene, call.id).some(({ user }) => user === call.caller);
      if (call.unansweredReason !== 'busy' && caller && left > IDLE_MS) {
        this.#checkDuration('silent-though-idle', page, call.id, IDLE_MS);
      }
    }
  }

  #checkDuration(kind: string, page: Page, what: string, boundMs: number, certain = true): void {
    const { loop } = this.#scene;
    const key = `${kind} ${page.device} ${what}`;
    this.#reported.add(key);
    const since = this.#since.get(key) ?? loop.now;
    this.#since.set(key, since);
    if (loop.now - since < boundMs || !certain) return;
    this.#since.set(key, Infinity);
    loop.violate(kind, `${page.device} ${what}`);
  }

  #checkDoubleDevices(): void {
    const { loop } = this.#scene;
    const { doubles } = this.#steps;
    for (const [key, since] of doubles) {
      const [callID = '', user] = key.split(' ');
      const there = pagesIn(this.#scene, callID).filter((page) => page.user === user);
      if (there.length < 2) doubles.delete(key);
      else if (loop.now - since > DOUBLE_MS) {
        doubles.delete(key);
        loop.violate('two-devices', key);
      }
    }
  }
}
