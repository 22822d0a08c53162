import { isBack } from '../../src/core/machine/call.js';
import { SYNC_ANSWER_WAIT_MS } from '../../src/core/machine/durations.js';
import { isParticipating, publicState } from '../../src/core/machine/member-events.js';
import { isPending, isRejected } from '../../src/core/machine/record-order.js';
import type { MachineEvent } from '../../src/core/machine/events.js';
import type { Call, Effect, MachineState } from '../../src/core/machine/types.js';
import type { MemberRecord, Message } from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';
import type { Involvement } from './rights.js';
import type { Violation } from './event-loop.js';

/** An observation of an honest user: a change of phase or a callback. */
interface Observation {
  readonly at: number;
  readonly user: string;
  readonly device: string;
  readonly what: string;
  /**
   * Whether it reports that a member has left who really has, or is disconnected. A device that asks because of a false
   * message learns that sooner, and possibly only then.
   */
  readonly isOfAway: boolean;
  /**
   * Whether it reports that a member is in the call who really is, or whose selection by an honest member is on its way to the
   * member's device. After a restart, the server lets members reach each other once they have named each other; a response
   * to a false message may name them sooner. Members who know each other also receive each other's answers.
   */
  readonly isTrueAccepted: boolean;
  /** Whether it reports that everybody else has left, and nobody else is connected and in the call. */
  readonly isTrulyAlone: boolean;
  /** Whether it reports the end of an invitation that its coordinator has really ended. */
  readonly isDecided: boolean;
  /** Whether it reports the end of an invitation that the attacker's user coordinates. */
  readonly isOfLiar: boolean;
  /**
   * Until when it may come later: it reports that an invitation was accepted or has timed out, whose coordinator has just come
   * back. The coordinator first asks a device that is in according to a member, who may have coordinated meanwhile.
   */
  readonly mayWaitUntil: number;
}

/** A device has learned, while it calls no callbacks, that a member has left who really has, or is disconnected. */
interface SilentLeft {
  readonly at: number;
  /** When it learned that the member is in or invited again. */
  until: number;
  readonly device: string;
  /** What its callback would have reported. */
  readonly what: string;
}

/** Tolerance for the time of an observation, in ms: the response to a false message may delay it. */
const TOLERANCE_MS = 1_000;
/**
 * How much later a device may learn the state of a member, in ms: it asks another device about that at most every two
 * seconds, and a false message may have caused the last question.
 */
const PAUSE_MS = 2_000;
/** Maximum time until a lost page is reported, in ms. The observing device may be disconnected itself. */
const LOST_MS = 32_000;
/** How much sooner than by its own timers (until it settles, and then six seconds) a device may learn that an invitation was ended, in ms. */
const DECISION_MS = 9_000;
/** For this time after a reconnect, the responses of devices that ask each other cross, in ms. */
const RECONNECTED_MS = 5_000;
/** A message in transit may still count for this time after its sender lost its authority, in ms. */
const IN_TRANSIT_MS = 3_000;

/** The observations of the honest users in one run, and when the attacker had a role in each call. */
export class ObservationLog {
  readonly #liar: string;
  readonly #observations = new Map<string, Observation[]>();
  readonly #invited = new Map<string, number>();
  readonly #inside = new Map<string, number>();
  /** What the attacker's user did on its own pages: commands to its machines, and when these became free. */
  readonly #commands: { readonly at: number; readonly what: string }[] = [];
  /** When the server refused invitations of honest users. */
  readonly #refusals: number[] = [];
  /** The rounds that they opened, by call and user. */
  readonly #roundsOpened = new Set<string>();
  /** When an honest user last left a call, or their invitation ended, by call and user. */
  readonly #ended = new Map<string, number>();

  readonly #silentLefts: SilentLeft[] = [];

  /** First links that have failed, by page, call and user. */
  readonly #failedFirst = new Set<string>();
  /** The users who are in this call with a connected page. */
  readonly #usersIn: (callID: string) => readonly string[];
  /** The page of an honest coordinator that has ended this invitation, or selected the user. */
  readonly #deciderOf: (callID: string, user: string, round: number) => Page | undefined;
  /** Whether an honest member has selected the device of this record, which still waits for its selection. */
  readonly #isEntering: (callID: string, record: MemberRecord) => boolean;

  constructor(
    liar: string,
    usersIn: (callID: string) => readonly string[],
    deciderOf: (callID: string, user: string, round: number) => Page | undefined,
    isEntering: (callID: string, record: MemberRecord) => boolean,
  ) {
    this.#liar = liar;
    this.#usersIn = usersIn;
    this.#deciderOf = deciderOf;
    this.#isEntering = isEntering;
  }

  step(
    page: Page,
    now: number,
    before: MachineState,
    after: MachineState,
    effects: readonly Effect[],
  ): void {
    if (page.user === this.#liar) {
      // A page that is free answers the next invitation differently.
      if (before.current !== undefined && after.current === undefined)
        this.#commands.push({ at: now, what: `${page.device} leaves ${before.current}` });
      return;
    }
    for (const [id, call] of after.calls) {
      const old = before.calls.get(id);
      const own = call.members.get(this.#liar)?.record;
      if (own?.state === 'in' || call.initiator === this.#liar) this.#inside.set(id, now);
      else if (own && isPending(own)) this.#invited.set(id, now);
      if (old?.phase === 'in' && call.phase !== 'in') this.#ended.set(`${id} ${page.user}`, now);
      for (const [user, { record }] of call.members) {
        const known = old?.members.get(user)?.record;
        if (known && isPending(known) && isRejected(record)) this.#ended.set(`${id} ${user}`, now);
      }
      this.#noteSilentLefts(page, now, old, call);
      if (old?.phase === call.phase || call.phase === 'early' || call.phase === 'held') continue;
      const decider = this.#deciderOf(id, page.user, call.round);
      this.#add(
        page,
        now,
        `${id} ${call.phase}${call.phase === 'over' ? ` ${call.endReason}` : ''}`,
        {
          isAlone: old?.phase === 'in' && this.#usersIn(id).every((user) => user === page.user),
          isDecided: decider !== undefined,
          mayWaitUntil: call.phase === 'in' ? decider && asksUntil(decider, id) : undefined,
          isOfLiar:
            /^(over|settling)$/.test(call.phase) &&
            old?.phase !== 'in' &&
            (old ?? call).caller === this.#liar,
        },
      );
    }
    for (const effect of effects) {
      const round = 'callID' in effect ? (after.calls.get(effect.callID)?.round ?? 0) : 0;
      if (effect.type === 'missed') {
        const { callID, round: missed } = effect.missed;
        const isDecided = this.#deciderOf(callID, page.user, missed) !== undefined;
        this.#add(page, now, `${callID} missed`, { isDecided });
      } else if (effect.type === 'unmissed') this.#add(page, now, `${effect.callID} unmissed`);
      else if (effect.type === 'callback' && !this.#isOwnTransfer(before, effects, effect)) {
        const { name, callID } = effect;
        const decider = this.#deciderOf(callID, page.user, round);
        for (const what of describeCallback(effect, this.#liar)) {
          if (this.#isOfFirstLink(page, now, before, callID, what)) continue;
          const coordinator =
            name === 'onIncomingCallTimeout'
              ? decider
              : this.#deciderOn(page, effects, callID, what);
          this.#add(page, now, `${callID} ${what}`, {
            isDecided: decider !== undefined,
            mayWaitUntil: coordinator && asksUntil(coordinator, callID),
          });
        }
      }
    }
  }

  /** A call that the device is neither invited to nor in has changed: members may have left it, as other members state. */
  #noteSilentLefts(
    { device, user: self }: Page,
    now: number,
    old: Call | undefined,
    call: Call,
  ): void {
    for (const user of call.members.keys()) {
      const state = publicState(call, user, self);
      const before = old?.members.has(user) ? publicState(old, user, self) : undefined;
      if (user === self || state === before) continue;
      const what = `${call.id} state ${user}=left`;
      for (const each of this.#silentLefts)
        if (each.device === device && each.what === what) each.until = Math.min(each.until, now);
      if (state === 'left' && !isParticipating(old) && !this.#usersIn(call.id).includes(user))
        this.#silentLefts.push({ at: now, until: Infinity, device, what });
    }
  }

  /**
   * The honest page that has let the user in, or has ended their invitation, which a page observes: possibly that page itself,
   * just now.
   */
  #deciderOn(
    page: Page,
    effects: readonly Effect[],
    callID: string,
    what: string,
  ): Page | undefined {
    if (what.startsWith('onOutgoingCallTimeout ')) return page;
    const user = DECIDED_ABOUT.exec(what)?.[1];
    if (user === undefined) return undefined;
    const decides = effects.some(
      (effect) =>
        effect.type === 'send' &&
        effect.message.callID === callID &&
        (effect.message.type === 'select' || effect.message.type === 'cancel') &&
        effect.message.user === user,
    );
    const round = page.state.calls.get(callID)?.members.get(user)?.record.round ?? 0;
    return decides ? page : this.#deciderOf(callID, user, round);
  }

  /** Whether it concerns a transfer of the attacker's own place, which a member may announce at any time. */
  #isOwnTransfer(
    before: MachineState,
    effects: readonly Effect[],
    { name, callID, args }: Extract<Effect, { type: 'callback' }>,
  ): boolean {
    if (name === 'onCallTransferStarted') return args[1].userID === this.#liar;
    const isStartedHere = effects.some(
      (other) =>
        other.type === 'callback' &&
        other.name === 'onCallTransferStarted' &&
        other.callID === callID &&
        other.args[1].userID === this.#liar,
    );
    const isFailure = name === 'onCallTransferFailed';
    return isFailure && (isStartedHere || before.calls.get(callID)?.transfer?.by === this.#liar);
  }

  /** A page sends a message. */
  sending(page: Page, { type, callID, to, records }: Message): void {
    if (page.user !== this.#liar || type !== 'invite') return;
    for (const { user, round } of records)
      if (to.includes(user)) this.#roundsOpened.add(`${callID} ${user} ${round}`);
  }

  /**
   * The server has refused an invitation. It never relays the statement about a later round that the inviter takes into
   * account: only in this simulation it does, to show what devices accept.
   */
  refused(user: string, at: number): void {
    if (user !== this.#liar) this.#refusals.push(at);
  }

  /** The attacker's role in this call from `now` on. */
  involvement(callID: string, now: number): Omit<Involvement, 'isReplyAwaited'> {
    const since = now - IN_TRANSIT_MS;
    return {
      invited: (this.#invited.get(callID) ?? -Infinity) >= since,
      inside: (this.#inside.get(callID) ?? -Infinity) >= since,
      opens: (user, round) => this.#roundsOpened.has(`${callID} ${user} ${round}`),
      outlasts: (user) =>
        (this.#inside.get(callID) ?? -Infinity) >
        (this.#ended.get(`${callID} ${user}`) ?? Infinity),
    };
  }

  /** An event of a page. */
  command(page: Page, now: number, before: MachineState, event: MachineEvent): void {
    if (page.user !== this.#liar || !event.type.startsWith('user.')) return;
    const callID = 'callID' in event ? event.callID : (before.current ?? '');
    this.#commands.push({ at: now, what: `${page.device} ${event.type} ${callID}` });
  }

  /**
   * When the attacker's user first did something on its own pages in only one of the two runs: placed a call, hung up,
   * answered. This is allowed, and changes what honest users do from then on. A response to a false message may cause
   * it: a page that learns sooner that a call is over can place another one.
   */
  #diverges(other: ObservationLog): number {
    const onlyIn = (one: ObservationLog, two: ObservationLog) =>
      one.#commands
        .filter(
          ({ at, what }) =>
            !two.#commands.some(
              (same) => same.what === what && Math.abs(same.at - at) <= TOLERANCE_MS,
            ),
        )
        .map(({ at }) => at);
    // A device that asks because of a false message learns sooner that the others have crashed: then it is free.
    const known = [...this.#observations.values()].flat();
    const alone = [...other.#observations.values()].flat().filter((each) => {
      const isSame = (one: Observation) =>
        one.device === each.device && one.what === each.what && one.at <= each.at + TOLERANCE_MS;
      return each.isTrulyAlone && !known.some(isSame);
    });
    return Math.min(
      Infinity,
      ...onlyIn(this, other),
      ...onlyIn(other, this),
      ...alone.map(({ at }) => at),
      ...this.#races(other),
      ...other.#races(this),
      ...this.#becomesFreeLater(other),
      ...other.#becomesFreeLater(this),
      ...other.#refusals.filter(
        (at) => !this.#refusals.some((same) => Math.abs(same - at) <= TOLERANCE_MS),
      ),
    );
  }

  /**
   * When a call timed out in this run, and was answered in the other one at about the same time: a response to a false message
   * may let the answer arrive a little sooner or later.
   */
  #races(other: ObservationLog): number[] {
    const accepted = [...other.#observations.values()].flat();
    return [...this.#observations.values()].flat().flatMap(({ at, device, what }) => {
      const callID = /^(\S+) over timeout$/.exec(what)?.[1];
      const crossing = accepted.filter(
        (each) =>
          callID !== undefined &&
          each.device === device &&
          each.what.startsWith(`${callID} onOutgoingCallAccepted `) &&
          Math.abs(each.at - at) <= TOLERANCE_MS,
      );
      return crossing.map((each) => Math.min(at, each.at));
    });
  }

  /**
   * When an invitation found a device ringing or in a call in this run, and free in the other one, because the end of its
   * call, which both runs have, arrived just before instead of after it: the device may have asked because of a false message.
   */
  #becomesFreeLater(other: ObservationLog): number[] {
    return [...this.#observations].flatMap(([device, observations]) => {
      const others = other.#observations.get(device) ?? [];
      return observations.flatMap(({ at, what }) => {
        const callID = /^(\S+) silent$/.exec(what)?.[1];
        if (callID === undefined) return [];
        const rings = others.find(
          (each) => each.what === `${callID} incoming` && Math.abs(each.at - at) <= TOLERANCE_MS,
        );
        const isFreed =
          rings !== undefined &&
          observations.some(
            (end) =>
              isOver(end, callID) &&
              end.at >= at &&
              end.at <= at + TOLERANCE_MS &&
              others.some((same) => same.what === end.what && same.at <= rings.at),
          );
        return isFreed ? [Math.min(at, rings.at)] : [];
      });
    });
  }

  /** @returns the first difference in `other`, the same run with false messages */
  difference(other: ObservationLog): Violation | undefined {
    const end = this.#diverges(other);
    const found: { at: number; violation: Violation }[] = [];
    for (const device of new Set([...this.#observations.keys(), ...other.#observations.keys()])) {
      const [was, is] = differences(this.#of(device), other.#of(device), (each) =>
        other.#isAnswered(each),
      );
      const a = was.find(
        (each) => !other.#hasLearned(each) && !this.#isAnsweredBefore(each, device, other),
      );
      const b = is.find(
        (each) =>
          !this.#isKnownToOthers(each) &&
          !other.#isAnswered(each) &&
          !each.isTrueAccepted &&
          !each.isOfAway,
      );
      if (!a && !b) continue;
      const at = Math.min(a?.at ?? Infinity, b?.at ?? Infinity);
      found.push({
        at,
        violation: { kind: kindOf(a, b), detail: `${device}: ${describeDifference(a, b)}` },
      });
    }
    return found.filter(({ at }) => at < end).sort((a, b) => a.at - b.at)[0]?.violation;
  }

  /** What a device observed, except how invitations ended that the attacker's user coordinates. */
  #of(device: string): Observation[] {
    return (this.#observations.get(device) ?? []).filter(({ isOfLiar }) => !isOfLiar);
  }

  /**
   * Whether it is a true state that others receive without false messages, too. A device that responds to a false message
   * reports more, and a server that has restarted then lets members reach each other sooner: that a user is invited or rings, or how
   * an invitation ended. That a user rings is true if a device of theirs rings.
   */
  #isKnownToOthers({ what, at }: Observation): boolean {
    if (!RINGING.test(what) && !OUTCOME.test(what)) return false;
    const [, callID = '', rings = ''] = /^(\S+) state (\S+)=ringing$/.exec(what) ?? [];
    // The attacker's own page has really invited the user.
    const [, call = '', invited = ''] = /^(\S+) state (\S+)=inviting$/.exec(what) ?? [];
    if ([...this.#roundsOpened].some((key) => key.startsWith(`${call} ${invited} `))) return true;
    return [...this.#observations.values()]
      .flat()
      .some(
        (each) =>
          each.at <= at + TOLERANCE_MS &&
          (each.what === what || (each.user === rings && each.what === `${callID} incoming`)),
      );
  }

  /**
   * Whether it reports that a member has left, and the device has learned that in this run before it was in the call or joined it.
   * Then nothing changes when it is told that again, so no callback reports it. A device that asks because of a false message
   * learns it from the response, which may arrive after its own invitation has ended.
   */
  #hasLearned({ at, device, what }: Observation): boolean {
    return this.#silentLefts.some(
      (each) => each.device === device && each.what === what && each.at <= at && at <= each.until,
    );
  }

  /**
   * Whether it reports that an invitation has timed out, which the user has really answered before in both runs, and the device
   * learns the answer in `other`. An answer is sent to the members whom the answering device knows: a member who is let in
   * at the same time learns it only from a response, and otherwise lets the invitation time out.
   */
  #isAnsweredBefore({ what, at }: Observation, device: string, other: ObservationLog): boolean {
    const [, , , outcome] = OUTCOME.exec(what) ?? [];
    if (outcome !== 'timeout') return false;
    const stateOf = what.slice(0, what.indexOf('=') + 1);
    const statesIn = (log: ObservationLog) =>
      (log.#observations.get(device) ?? []).filter(
        (each) => each.what.startsWith(stateOf) && each.at < at,
      );
    const answer = statesIn(other).at(-1);
    return (
      answer !== undefined &&
      answer.what !== what &&
      this.#isAnswered(answer) &&
      other.#isAnswered(answer) &&
      // The user has not been invited again.
      statesIn(this).every((each) => each.at <= answer.at)
    );
  }

  /** Whether it reports how an invitation ended, and a device of the invited user has observed the same by then. */
  #isAnswered({ what, at }: Observation): boolean {
    const [, callID, user, state] = OUTCOME.exec(what) ?? [];
    if (callID === undefined || state === undefined) return false;
    return [...this.#observations.values()]
      .flat()
      .some(
        (each) => each.user === user && each.what === `${callID} over ${state}` && each.at <= at,
      );
  }

  /**
   * Whether it reports that the first link to a member has failed, or is up after that. A response to a false message changes
   * when an offer is sent, and so whether the first one is in time.
   */
  #isOfFirstLink(
    page: Page,
    now: number,
    before: MachineState,
    callID: string,
    what: string,
  ): boolean {
    const [, user = '', state = ''] = / state (\w+)=(\w+)$/.exec(` ${what}`) ?? [];
    const key = `${page.device} ${callID} ${user}`;
    if (state === 'accepted') return this.#failedFirst.delete(key);
    const links = [...(before.calls.get(callID)?.links.values() ?? [])];
    const isFirst = links.some((link) => link.user === user && link.state === 'opening');
    // Soon after a reconnect, other members ask as well.
    const isBack = now - (page.connection?.since ?? -Infinity) < RECONNECTED_MS;
    if (state !== 'reconnecting' || !isFirst || !isBack) return false;
    this.#failedFirst.add(key);
    return true;
  }

  #add(
    { device, user: observer, state }: Page,
    at: number,
    what: string,
    {
      isAlone = false,
      isDecided = false,
      isOfLiar = false,
      mayWaitUntil = -Infinity,
    }: {
      isAlone?: boolean;
      isDecided?: boolean;
      isOfLiar?: boolean;
      mayWaitUntil?: number | undefined;
    } = {},
  ): void {
    const observations = this.#observations.get(device) ?? [];
    const [, callID = '', user = ''] = LEFT.exec(what) ?? [];
    const isOfAway = user !== '' && !this.#usersIn(callID).includes(user);
    const [, call = '', member = ''] = ACCEPTED.exec(what) ?? [];
    const record = state.calls.get(call)?.members.get(member)?.record;
    const isTrueAccepted =
      record !== undefined &&
      (this.#usersIn(call).includes(member) || this.#isEntering(call, record));
    const isTrulyAlone = isAlone && ALONE.test(what);
    observations.push({
      ...{ at, user: observer, device, what },
      ...{ isOfAway, isTrueAccepted, isTrulyAlone, isDecided, isOfLiar, mayWaitUntil },
    });
    this.#observations.set(device, observations);
  }
}

/**
 * Until when a page that has just come back into a call asks devices that are in according to members, before it ends an
 * invitation or selects an answer; undefined if it has not.
 */
function asksUntil({ state, now, epoch }: Page, callID: string): number | undefined {
  const call = state.calls.get(callID);
  if (call?.cameBackAt === undefined || !isBack({ ...state, now }, call)) return undefined;
  return Math.max(call.cameBackAt, state.syncedAt) - epoch + SYNC_ANSWER_WAIT_MS + PAUSE_MS;
}

/** Without names and the attacker's own state. */
function describeCallback(effect: Extract<Effect, { type: 'callback' }>, liar: string): string[] {
  if (effect.name !== 'onInvitationUserStateChanged') {
    const who = JSON.stringify(effect.args, (name, value: unknown) =>
      name === 'userName' ? undefined : value,
    );
    return [`${effect.name} ${who}`];
  }
  const others = effect.args[0].filter(({ userID }) => userID !== liar);
  return others.map(({ userID, state }) => `state ${userID}=${state}`);
}

/** Entries of only one list. Within the tolerance, the order may differ. */
function differences(
  was: readonly Observation[],
  is: readonly Observation[],
  isAnswered: (each: Observation) => boolean,
): [Observation[], Observation[]] {
  const left = [...is];
  const missing = was.filter(({ what, at, mayWaitUntil }) => {
    const index = left.findIndex(
      (each) =>
        each.what === what &&
        (Math.abs(each.at - at) <= TOLERANCE_MS ||
          (each.at > at && each.at - at <= PAUSE_MS + TOLERANCE_MS && MAY_WAIT.test(what)) ||
          (each.at > at && each.at <= mayWaitUntil + TOLERANCE_MS) ||
          (each.at < at && (SOONER.test(what) || each.isTrueAccepted || isAnswered(each))) ||
          (each.at < at && each.at > at - LOST_MS && each.isOfAway) ||
          (each.at < at &&
            each.at > at - DECISION_MS &&
            each.isDecided &&
            ENDED_INVITATION.test(what))),
    );
    if (index >= 0) left.splice(index, 1);
    return (
      index < 0 &&
      !isOvertaken({ what, at }, was, is) &&
      !isCutShort({ what, at, mayWaitUntil }, was, is)
    );
  });
  return [missing, left];
}

/**
 * Whether it reports that a user is invited or rings, and the device has learned before how that invitation ended, which it
 * learns without false messages, too, but later.
 */
function isOvertaken(
  { what, at }: Pick<Observation, 'what' | 'at'>,
  was: readonly Observation[],
  is: readonly Observation[],
): boolean {
  if (!RINGING.test(what)) return false;
  const stateOf = what.slice(0, what.indexOf('=') + 1);
  return is.some(
    (end) =>
      end.at <= at &&
      end.what.startsWith(stateOf) &&
      OUTCOME.test(end.what) &&
      was.some((same) => same.what === end.what && same.at >= at),
  );
}

/**
 * Whether it may come later, and the call ended for the device before that: in both runs in the same way, and at the same time.
 * Then it does not come at all. What other devices observe because of that is compared by itself.
 */
function isCutShort(
  { what, at, mayWaitUntil }: Pick<Observation, 'what' | 'at' | 'mayWaitUntil'>,
  was: readonly Observation[],
  is: readonly Observation[],
): boolean {
  const over = `${what.slice(0, what.indexOf(' '))} over `;
  return is.some(
    (end) =>
      end.at > at &&
      end.at <= mayWaitUntil + TOLERANCE_MS &&
      end.what.startsWith(over) &&
      was.some((same) => same.what === end.what && Math.abs(same.at - end.at) <= TOLERANCE_MS),
  );
}

/** Matches the call and the user of a member who has left. */
const LEFT = /^(\S+) state (\w+)=left$/;
/** Matches the user whom a coordinator has let in, or whose invitation it has let time out. */
const DECIDED_ABOUT =
  /^(?:state (?=\w+=(?:accepted|timeout)$)|onOutgoingCallAccepted .*"userID":")(\w+)/;
/** Matches the call and the user of a member who has accepted. */
const ACCEPTED = /^(\S+) state (\w+)=accepted$/;
/** The end of a call that nobody else seems to be in. */
const ALONE = / over (?:everyone-left|initiator-left|connection-lost)$/;
/** Matches what a called device observes at the end of its invitation. */
const ENDED_INVITATION =
  / (?:settling|missed|onIncomingCall(?:Timeout|Canceled) .*|over (?:timeout|canceled))$/;
const RINGING = / state \S+=(?:inviting|ringing)$/;
/** Observing these sooner is not a difference. A missed call is taken back once another device reports that it was answered. */
const SOONER = / (?:unmissed|state \S+=(?:inviting|ringing))$/;

/** Whether it reports that another call than this one is over for the device. */
const isOver = ({ what }: Observation, callID: string): boolean =>
  / (?:over|settling)\b/.test(what) && !what.startsWith(`${callID} `);

/** How an invitation ended, which others have observed as well. */
const OUTCOME = /^(\S+) state (\w+)=(declined|timeout|busy|canceled|unreachable)$/;

const seconds = (at: number) => (at / 1_000).toFixed(2);

const describeDifference = (a: Observation | undefined, b: Observation | undefined): string =>
  `without lies ${a ? `${seconds(a.at)} ${a.what}` : 'nothing'}; with them ${b ? `${seconds(b.at)} ${b.what}` : 'nothing'}`;

const ENDED = / (over|settling|silent)/;
const STATE = / state /;
/** What a device may learn later. A coordinator that has reconnected asks before it selects an answer. */
const MAY_WAIT = / state | onOutgoingCallAccepted | in$/;

/** The kind of effect on the observing user, by the first difference. */
function kindOf(without: Observation | undefined, lied: Observation | undefined): string {
  const isLied = (lied?.at ?? Infinity) <= (without?.at ?? Infinity);
  const first = (isLied ? lied : without)?.what ?? '';
  if (isLied) {
    if (/ incoming| onIncomingCallReceived/.test(first)) return 'liar-rings';
    if (ENDED.test(first) || /Canceled|Timeout|Declined|Busy/.test(first)) return 'liar-ends';
    if (/ (accepting|in)$|Accepted/.test(first)) return 'liar-answers';
    if (STATE.test(first)) return 'liar-misleads';
    return 'liar-changes';
  }
  if (/ incoming| onIncomingCallReceived/.test(first)) return 'liar-silences';
  if (ENDED.test(first) || /Canceled|Timeout|Declined|Busy/.test(first)) return 'liar-prolongs';
  if (/ (accepting|in)$|Accepted/.test(first)) return 'liar-keeps-out';
  if (STATE.test(first)) return 'liar-hides';
  return 'liar-changes';
}
