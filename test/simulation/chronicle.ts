import { isPending, isRejected } from '../../src/core/machine/record-order.js';
import type { Effect, MachineState } from '../../src/core/machine/types.js';
import type { Page } from './device.js';
import type { Involvement } from './rights.js';
import type { Violation } from './world.js';

/** Something that somebody honest sees or hears. */
interface Fact {
  readonly at: number;
  readonly device: string;
  readonly what: string;
  /** It says that somebody has left whose page is away: who asks because of a lie learns it sooner. */
  readonly isOfAway: boolean;
}

/** How early or late the same may happen without being different, in ms: an answer to a lie is a message more. */
const TOLERANCE_MS = 1_000;
/** The server says so long after a page has vanished that it has, in ms; and a device may be away itself. */
const LOST_MS = 32_000;
/** A message that is under way may still count so long after its sender lost the right to it, in ms. */
const UNDER_WAY_MS = 3_000;

/** What the honest see and hear in one run, and when the liar had to do with each call. */
export class Chronicle {
  readonly #liar: string;
  readonly #facts = new Map<string, Fact[]>();
  readonly #invited = new Map<string, number>();
  readonly #inside = new Map<string, number>();
  /** When somebody honest left a call last, or their invitation ended, by call and user. */
  readonly #parts = new Map<string, number>();

  /** Whether a page of this user is in this call, and connected. */
  readonly #isThere: (user: string, callID: string) => boolean;

  constructor(liar: string, isThere: (user: string, callID: string) => boolean) {
    this.#liar = liar;
    this.#isThere = isThere;
  }

  step(
    page: Page,
    now: number,
    before: MachineState,
    after: MachineState,
    effects: readonly Effect[],
  ): void {
    if (page.user === this.#liar) return;
    for (const [id, call] of after.calls) {
      const old = before.calls.get(id);
      const own = call.members.get(this.#liar)?.record;
      if (own?.state === 'in' || call.initiator === this.#liar) this.#inside.set(id, now);
      else if (own && isPending(own)) this.#invited.set(id, now);
      if (old?.phase === 'in' && call.phase !== 'in') this.#parts.set(`${id} ${page.user}`, now);
      for (const [user, { record }] of call.members) {
        const known = old?.members.get(user)?.record;
        if (known && isPending(known) && isRejected(record)) this.#parts.set(`${id} ${user}`, now);
      }
      if (old?.phase === call.phase || call.phase === 'early' || call.phase === 'held') continue;
      this.#add(page, now, `${id} ${call.phase}${call.phase === 'over' ? ` ${call.reason}` : ''}`);
    }
    for (const effect of effects) {
      if (effect.type === 'missed') this.#add(page, now, `${effect.missed.callID} missed`);
      else if (effect.type === 'unmissed') this.#add(page, now, `${effect.callID} unmissed`);
      else if (effect.type === 'callback') {
        const what = describeCallback(effect, this.#liar);
        if (what !== undefined) this.#add(page, now, `${effect.callID} ${what}`);
      }
    }
  }

  /** How far the liar comes into this call from `now` on. */
  involvement(callID: string, now: number): Involvement {
    const since = now - UNDER_WAY_MS;
    return {
      invited: (this.#invited.get(callID) ?? -Infinity) >= since,
      inside: (this.#inside.get(callID) ?? -Infinity) >= since,
      outlasts: (user) =>
        (this.#inside.get(callID) ?? -Infinity) >
        (this.#parts.get(`${callID} ${user}`) ?? Infinity),
    };
  }

  /** @returns what is different first in `other`, the same run with lies */
  difference(other: Chronicle): Violation | undefined {
    const found: { at: number; violation: Violation }[] = [];
    for (const device of new Set([...this.#facts.keys(), ...other.#facts.keys()])) {
      const [was, is] = unlike(this.#facts.get(device) ?? [], other.#facts.get(device) ?? []);
      const a = was[0];
      const b = is.find((fact) => !this.#isHeardSooner(fact));
      if (!a && !b) continue;
      const at = Math.min(a?.at ?? Infinity, b?.at ?? Infinity);
      found.push({ at, violation: { kind: kindOf(a, b), detail: `${device}: ${tell(a, b)}` } });
    }
    return found.sort((a, b) => a.at - b.at)[0]?.violation;
  }

  /** It rings, as others heard without lies, too: who is asked because of a lie tells more than that. */
  #isHeardSooner({ what, at }: Fact): boolean {
    if (!RINGING.test(what)) return false;
    return [...this.#facts.values()].some((facts) =>
      facts.some((fact) => fact.what === what && fact.at <= at + TOLERANCE_MS),
    );
  }

  #add({ device }: Page, at: number, what: string): void {
    const facts = this.#facts.get(device) ?? [];
    const [, callID = '', user = ''] = LEFT.exec(what) ?? [];
    const isOfAway = user !== '' && !this.#isThere(user, callID);
    facts.push({ at, device, what, isOfAway });
    this.#facts.set(device, facts);
  }
}

/** Names are left out, and how the liar itself stands. */
function describeCallback(
  effect: Extract<Effect, { type: 'callback' }>,
  liar: string,
): string | undefined {
  if (effect.name !== 'onInvitationUserStateChanged') {
    const who = JSON.stringify(effect.args, (name, value: unknown) =>
      name === 'userName' ? undefined : value,
    );
    return `${effect.name} ${who}`;
  }
  const others = effect.args[0].filter(({ userID }) => userID !== liar);
  const states = others.map(({ userID, state }) => `${userID}=${state}`).sort();
  return states.length ? `state ${states.join()}` : undefined;
}

/** What is in one list alone. Within the tolerance the order may be another one, too. */
function unlike(was: readonly Fact[], is: readonly Fact[]): [Fact[], Fact[]] {
  const left = [...is];
  const missing = was.filter(({ what, at }) => {
    const index = left.findIndex(
      (fact) =>
        fact.what === what &&
        (Math.abs(fact.at - at) <= TOLERANCE_MS ||
          (fact.at < at && RINGING.test(what)) ||
          (fact.at < at && fact.at > at - LOST_MS && fact.isOfAway)),
    );
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [missing, left];
}

/** Somebody has left: of which call, and who. */
const LEFT = /^(\S+) state (\w+)=left$/;
/** Heard sooner, it is no other. */
const RINGING = / state \S+=ringing$/;

const seconds = (at: number) => (at / 1_000).toFixed(2);

const tell = (a: Fact | undefined, b: Fact | undefined): string =>
  `without lies ${a ? `${seconds(a.at)} ${a.what}` : 'nothing'}; with them ${b ? `${seconds(b.at)} ${b.what}` : 'nothing'}`;

const ENDED = / (over|settling|silent)/;
const STATE = / state /;

/** What the liar did to whom this happened: by what came first. */
function kindOf(without: Fact | undefined, lied: Fact | undefined): string {
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
