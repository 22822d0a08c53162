import { JOIN_WAIT_MS } from '../../src/core/machine/durations.js';
import type { Call } from '../../src/core/machine/types.js';
import type { MemberRecord } from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';
import { describeRecord } from './describe.js';
import { EndChecks } from './ends.js';
import type { Scene, StepChecks } from './invariants.js';
import { isGone, pagesIn } from './presence.js';
import type { Inbox } from './inbox-model.js';
import type { Schedule } from './schedule.js';
import { roundKey, type ActualCall } from './ground-truth.js';

/** Time until a member who has come in knows who has just left: a question and its answer, in ms. */
const CROSSING_MS = 3_000;

/** Phases that must have ended when no more events are due. */
const TEMPORARY_PHASES: readonly string[] = ['held', 'silent', 'settling', 'incoming', 'accepting'];

const isPending = ({ state }: MemberRecord) => state === 'inviting' || state === 'ringing';

/** Checks of the final state, when no more events are due. */
export class FinalStateChecks {
  readonly #scene: Scene;
  readonly #steps: StepChecks;
  readonly #inbox: Inbox;
  readonly #schedule: Schedule;
  readonly #ends: EndChecks;

  constructor(scene: Scene, steps: StepChecks, inbox: Inbox, schedule: Schedule) {
    this.#scene = scene;
    this.#steps = steps;
    this.#inbox = inbox;
    this.#schedule = schedule;
    this.#ends = new EndChecks(scene, steps, schedule);
  }

  check(): void {
    for (const page of this.#scene.pages()) {
      for (const call of page.state.calls.values()) this.#checkQuiet(page, call);
      if (this.#schedule.sharesCalls) this.#checkBusy(page);
      for (const what of page.requests.values()) this.#violate('no-reply', page, what);
    }
    for (const call of this.#scene.truth.calls.values()) {
      this.#checkAgreement(call);
      this.#checkMissed(call);
      this.#checkGlare(call);
      if (!call.group) this.#ends.check(call);
    }
    for (const [page, callID] of this.#steps.glareAccepts) {
      const entered = page.state.calls.get(callID)?.hadPeer;
      if (entered && !this.#steps.callbacks.hasEmitted(page, 'onOutgoingCallAccepted', callID)) {
        this.#violate('glare-not-reported', page, callID);
      }
    }
  }

  #violate(kind: string, page: Page, detail: string): void {
    this.#scene.loop.violate(kind, `${page.device} ${detail}`);
  }

  #checkQuiet(page: Page, call: Call): void {
    if (TEMPORARY_PHASES.includes(call.phase))
      this.#violate('not-quiet', page, `${call.id} ${call.phase}`);
    if (call.phase !== 'in') return;
    const isCurrent = page.state.current === call.id;
    if (!isCurrent && call.holdNumber === undefined)
      this.#violate('in-but-not-current', page, call.id);
    const open = [...call.members.values()].filter(({ record }) => isPending(record));
    for (const { record } of open) {
      this.#violate('pending-for-ever', page, `${call.id} ${describeRecord(record)}`);
    }
    const seen = [...call.members.values()]
      .filter(({ record }) => record.state === 'in' && !isGone(call, record))
      .map(({ record }) => record.device ?? '')
      .sort();
    const inside = pagesIn(this.#scene, call.id);
    const there = inside.map((other) => other.device).sort();
    if (seen.join() !== there.join()) {
      this.#violate('disagree', page, `${call.id} sees ${seen.join()}, there are ${there.join()}`);
    }
    const initiatorIn = inside.some(({ user }) => user === call.initiator);
    if (call.endWithInitiator && !initiatorIn) this.#violate('initiator-gone', page, call.id);
    if (!page.self.media) return;
    for (const other of inside) {
      if (other !== page && !this.#scene.media.isUp(call.id, page, other)) {
        this.#violate('unlinked', page, `${call.id} ${other.device}`);
      }
    }
    for (const side of this.#scene.media.of(page)) {
      if (side.callID === call.id && !there.includes(side.peer))
        this.#violate('link-left-open', page, `${call.id} ${side.peer}`);
    }
    const { status } = page.screen;
    if (isCurrent && status !== 'active') this.#violate('not-active', page, `${call.id} ${status}`);
  }

  /** A page knows which calls the other pages of its user are in, and of no others. */
  #checkBusy(page: Page): void {
    const callsOf = ({ state }: Page) =>
      [...state.calls.values()].flatMap(({ id, phase }) => (phase === 'in' ? [id] : []));
    const siblings = this.#scene
      .pages()
      .filter((other) => other.user === page.user && other !== page && callsOf(other).length > 0);
    const actual = siblings.map((other) => `${other.device}: ${callsOf(other).sort().join()}`);
    const known = [...page.state.otherDevices].flatMap(([device, { callIDs }]) =>
      callIDs.length > 0 ? [`${device}: ${[...callIDs].sort().join()}`] : [],
    );
    if (known.sort().join('; ') !== actual.sort().join('; '))
      this.#violate(
        'busy-differs',
        page,
        `knows ${known.join('; ')}, there are ${actual.join('; ')}`,
      );
  }

  /** Of crossing calls, one survives: no call gives way to one that gave way to it. */
  #checkGlare(call: ActualCall): void {
    const { calls } = this.#scene.truth;
    const way = [call.id];
    for (let next = call.survivor; next !== undefined; next = calls.get(next)?.survivor) {
      if (next === call.id) this.#scene.loop.violate('glare-both-withdrawn', way.join());
      if (way.includes(next)) return;
      way.push(next);
    }
  }

  /** All members who are in agree about all members. */
  #checkAgreement(truth: ActualCall): void {
    const inside = pagesIn(this.#scene, truth.id);
    const [first, ...rest] = inside;
    for (const page of rest) {
      if (!first) return;
      const [a, b] = [first.state.calls.get(truth.id), page.state.calls.get(truth.id)];
      if (!a || !b) continue;
      for (const user of new Set([...a.members.keys(), ...b.members.keys()])) {
        const [left, right] = [memberStatus(a, user), memberStatus(b, user)];
        const known = a.members.has(user) && b.members.has(user);
        if (left === right || (!known && (left === 'out' || right === 'out'))) continue;
        this.#violate(
          'records-differ',
          page,
          `${truth.id} ${user}: ${left} at ${first.device}, ${right}`,
        );
      }
    }
  }

  /** A call is missed exactly if the user neither answered nor declined it. */
  #checkMissed(call: ActualCall): void {
    const { truth, loop } = this.#scene;
    for (const [user, round] of call.invited) {
      const holders = this.#scene
        .pages()
        .filter(
          (page) => page.user === user && (page.state.reportedMissed.get(call.id) ?? 0) >= round,
        )
        .map((page) => page.device);
      if (this.#inbox.hasMissed(user, call.id)) holders.push('server');
      const press = truth.answer(call, user, round);
      // The answer of another device may have come too late.
      const device = press?.page.device ?? '';
      const wasReceived = (call.answeredRounds.get(device) ?? 0) >= round;
      const later = truth.answeredLater(call, user, round);
      // Accepted in an earlier round, and selected in this one.
      const inside = call.selected.has(roundKey(user, round));
      const glare =
        round === 1 && (call.glared.has(user) || this.#steps.acceptedByItself(call.id, user));
      const detail = `${user} ${call.id} round ${round} ${holders.join()}`;
      // A join that had failed before this invitation was made does not answer it.
      const isEarlierJoin =
        press?.how === 'join' && press.at + JOIN_WAIT_MS < (call.invitedAt.get(user) ?? 0);
      // A mute server keeps no results: an answer is known only while the page that gave it is open.
      const known =
        press?.wasConnected &&
        !isEarlierJoin &&
        wasReceived &&
        !(this.#schedule.mute && !press.page.alive);
      if (known && !later && holders.length) {
        loop.violate('missed-though-answered', detail);
      }
      if (glare && holders.length && !this.#schedule.faults)
        loop.violate('missed-though-glare', detail);
      // A member who has just come in, and does not know yet that the initiator is in or has hung up, opens the initiator's own round.
      const isInside = pagesIn(this.#scene, call.id).some((page) => page.user === user);
      const left = call.ends.findLast(({ page }) => page.user === user)?.at ?? 0;
      const isCrossing =
        user === call.sender.user &&
        round === 1 &&
        (isInside || left > (call.invitedAt.get(user) ?? 0) - CROSSING_MS);
      // Its user accepted an earlier round, and the device, which still waited for its selection, has accepted this one as well.
      const isAcceptedAgain = [...call.presses.values()].some(
        ({ how, page }) =>
          page.user === user &&
          how === 'accept' &&
          (call.acceptedRounds.get(page.device) ?? 0) >= round,
      );
      const unanswered = !press && !later && !glare && !inside && !isCrossing && !isAcceptedAgain;
      if (unanswered) this.#checkReported(call, user);
      if (unanswered && !holders.length) loop.violate('no-missed-call', detail);
    }
  }

  /** Every device of the user that was connected all the time shows the missed call. */
  #checkReported(call: ActualCall, user: string): void {
    for (const page of this.#scene.pages()) {
      const there = page.connection && !page.connection.dead && page.connection.since < call.sentAt;
      // A page whose join was not admitted knows about the call.
      if (page.user !== user || !there || !page.syncedOver || call.joins.has(page)) continue;
      const twin = page.state.calls.get(call.id)?.glareSurvivor !== undefined;
      if (!twin && !page.state.reportedMissed.has(call.id))
        this.#violate('missed-not-reported', page, call.id);
    }
  }
}

function memberStatus(call: Call, user: string): string {
  const record = call.members.get(user)?.record;
  if (!record) return 'unknown';
  if (isPending(record)) return 'pending';
  if (record.state !== 'in') return 'out';
  return isGone(call, record) ? 'out' : 'in';
}
