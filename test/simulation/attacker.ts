import type { Call } from '../../src/core/machine/types.js';
import { PROTOCOL_VERSION } from '../../src/core/protocol/limits.js';
import type { Delivered, MemberRecord } from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';
import { mutate } from './mutate.js';
import { pick, random, type Random } from './random.js';
import type { MessageType } from '../../src/core/protocol/messages.js';
import { bodyOf, TYPES } from './random-message.js';
import type { Attack, Liar } from './schedule.js';

/** A message of the attacker as it is sent to the server, before it is parsed. */
export interface FalseMessage {
  readonly message: object;
  /** The stamped device ID: that of the attacker's page, or one that the server lets it use. */
  readonly device: string;
}

/** A name that no user has. */
export const FALSE_NAME = 'Somebody Else';

/**
 * The call that a false message is about, from the view of one honest page: an attacker may know everything that
 * anybody knows.
 */
interface Target {
  readonly victim: Page;
  readonly callID: string;
  readonly call: Call | undefined;
  readonly records: readonly MemberRecord[];
}

/** Phases in which an attacker could achieve something. */
const LIVE = /^(incoming|accepting|in|held|silent|settling)$/;

const ENDED = ['left', 'left', 'declined', 'canceled', 'timeout', 'busy'] as const;
const REFUSED = ['canceled', 'timeout', 'busy', 'unreachable', 'glare'] as const;
const ITSELF = ['in', 'in', 'in', 'inviting', 'ringing', 'left'] as const;
const ANSWERED = ['ringing', 'declined', 'in'] as const;
const VOUCHING = ['sync', 'state', 'select', 'signal', 'roster'] as const;
const ANSWERS = ['accept', 'ringing', 'decline'] as const;
/** Message types that carry records. */
const WITHOUT_CALL: readonly MessageType[] = ['seen', 'history'];
const CARRIERS = TYPES.filter((type) => type !== 'invite' && !WITHOUT_CALL.includes(type));

/**
 * The attacker: sends messages that its machine would not send, well-formed messages of every type about any user.
 * It knows every call, device and message ID. All its random choices derive from the `luck` of an action.
 */
export class Attacker {
  readonly #user: string;
  readonly #pages: () => readonly Page[];
  readonly #transfers: boolean;
  readonly #received: Delivered[] = [];
  #count = 0;

  constructor({ user, transfers }: Liar, pages: () => readonly Page[]) {
    this.#user = user;
    this.#transfers = transfers;
    this.#pages = pages;
  }

  /** Messages that a page of the attacker receives can be replayed and recombined. */
  overhear(message: Delivered): void {
    this.#received.push(message);
  }

  /** @returns undefined while there is no honest page to attack */
  lie(page: Page, attack: Attack, luck: number): FalseMessage | undefined {
    const draw = random(Math.floor(luck * 1e9));
    const target = this.#target(draw, attack);
    if (!target) return undefined;
    const id = `${page.device}-lie-${++this.#count}`;
    const received =
      attack === 'mutate' || attack === 'replay' ? this.#receivedMessage(draw) : undefined;
    if (!received) return this.#fresh(draw, luck, page, attack, target, id);
    // The parser removes the delivery stamp, like everything that a sender cannot set.
    const message = attack === 'mutate' ? mutate(draw, received, this.#names(target)) : received;
    const to = this.#audience(draw, target);
    return { message: { ...message, id: draw() < 0.7 ? id : message.id, to }, device: page.device };
  }

  #fresh(
    draw: Random,
    luck: number,
    page: Page,
    attack: Attack,
    target: Target,
    id: string,
  ): FalseMessage {
    const body = this.#body(draw, page, attack, target);
    const toDevice = draw() < 0.15 ? target.victim.device : undefined;
    const own = attack === 'used-id' ? this.#usedID(draw, target) : id;
    // Signals are bound to a user and a device, and duplicates to these and an ID: a device ID alone is not enough
    // for either.
    const borrows = (attack === 'signal' || attack === 'used-id') && draw() < 0.4;
    const message = {
      ...{ v: PROTOCOL_VERSION, callID: target.callID, names: [], remaining: [], records: [] },
      ...(toDevice === undefined ? {} : { toDevice }),
      to: toDevice === undefined ? this.#audience(draw, target) : [target.victim.user],
      ...this.#withTransfer(luck, target, body),
      id: own,
    };
    return { message, device: borrows ? this.#otherDevice(draw, target) : page.device };
  }

  #body(draw: Random, page: Page, attack: Attack, target: Target): object {
    const { records, victim, call } = target;
    const subject = attack === 'itself' ? this.#user : this.#subject(draw, target);
    const known = records.find(({ user }) => user === subject);
    const round = known?.round ?? 1;
    const high = pick(draw, [round, round, round + 1, round + 1, round + 7, 999_999]);
    const inviter = pick(draw, [known?.inviter ?? subject, this.#user, subject]);
    const about = (state: MemberRecord['state'], device?: string): MemberRecord => ({
      ...{ user: subject, round: high, state, inviter },
      ...(device === undefined ? {} : { device }),
    });
    const carry = (...message: MemberRecord[]) => this.#carry(draw, message, subject, high);
    switch (attack) {
      case 'take-over': {
        const device = draw() < 0.7 ? page.device : this.#otherDevice(draw, target);
        return carry(about('in', device));
      }
      case 'oust': {
        const state = pick(draw, ENDED);
        return carry(about(state, state === 'left' ? known?.device : undefined));
      }
      case 'cancel':
        return {
          ...bodyOf(draw, 'cancel', { user: subject, round, device: page.device }),
          records: [about(pick(draw, REFUSED))],
        };
      case 'select':
        return {
          ...bodyOf(draw, 'select', { user: subject, round, device: page.device }),
          records: [...records.filter(({ user }) => user !== subject), about('in', page.device)],
        };
      case 'later-round':
        return this.#invitation(draw, target, call?.initiator ?? victim.user, [
          ...(draw() < 0.5 ? records.filter(({ user }) => user !== subject) : []),
          { user: subject, round: high, state: 'inviting', inviter: this.#user },
        ]);
      case 'forged-invite': {
        const other = pick(draw, [...this.#users(), victim.user]);
        return this.#invitation(draw, target, other, [
          { user: victim.user, round: high, state: 'inviting', inviter: other },
          { user: other, round: 1, state: 'in', device: page.device, inviter: other },
        ]);
      }
      case 'ask':
        return {
          ...bodyOf(draw, 'sync', { user: subject, round, device: page.device }),
          records: draw() < 0.5 ? [] : [...records],
        };
      case 'join':
        return {
          ...bodyOf(draw, draw() < 0.7 ? 'accept' : 'sync', {
            ...{ user: subject, round: high, device: page.device },
          }),
          ...{ round: high, join: true, records: [] },
        };
      case 'signal':
        return {
          ...bodyOf(draw, 'signal', { user: subject, round, device: page.device }),
          link: this.#linkNumber(draw, call),
          records: draw() < 0.3 ? [about('in', page.device)] : [],
        };
      case 'end':
        return {
          ...bodyOf(draw, 'end', { user: subject, round, device: page.device }),
          records: draw() < 0.5 ? [] : [...records],
        };
      case 'used-id':
        return draw() < 0.5
          ? { type: 'roster' }
          : { type: 'seen', callIDs: [target.callID], to: this.#users() };
      case 'vouch': {
        const { user, device } = victim;
        const own = { user, round: high, state: 'in', device, inviter: this.#user } as const;
        const type = pick(draw, VOUCHING);
        return {
          ...bodyOf(draw, type, { user, round: high, device: page.device }),
          records: [...records.filter((record) => record.user !== user), own],
        };
      }
      case 'vanish': {
        const lost = draw() < 0.7 ? this.#otherDevice(draw, target) : page.device;
        const leave = bodyOf(draw, 'leave', { user: subject, round, device: page.device });
        return { ...leave, ...(draw() < 0.6 ? { lost } : { gaveUp: true }) };
      }
      case 'names':
        return {
          ...carry(),
          names: [...new Set([subject, victim.user])].map((userID) => ({
            ...{ userID, userName: FALSE_NAME },
          })),
          remaining: records.map(({ user }) => ({ user, ms: pick(draw, [0, 10, 600_000]) })),
        };
      case 'answer':
        return {
          ...bodyOf(draw, pick(draw, ANSWERS), {
            ...{ user: subject, round: high, device: page.device },
          }),
          records: [about(pick(draw, ANSWERED), page.device)],
        };
      case 'itself':
        return carry(
          about(pick(draw, ITSELF), draw() < 0.75 ? page.device : this.#otherDevice(draw, target)),
        );
      case 'mutate':
      case 'replay':
      case 'noise': {
        const type = pick(draw, TYPES);
        const chosen = records
          .filter(() => draw() < 0.5)
          .map((record) => this.#twist(draw, record));
        const context = { user: subject, round: high, device: page.device };
        return type === 'invite'
          ? this.#invitation(draw, target, pick(draw, this.#users()), chosen)
          : { ...bodyOf(draw, type, context), records: chosen };
      }
    }
  }

  /** Adds to some invitations and rosters that they transfer the call to somebody, or replace another call. */
  #withTransfer(luck: number, { victim, call }: Target, body: object): object {
    const type = 'type' in body ? body.type : undefined;
    if (!this.#transfers || (type !== 'invite' && type !== 'roster')) return body;
    const draw = random(Math.floor(luck * 1e9) + 1);
    const user = pick(draw, [victim.user, ...(call?.members.keys() ?? []), ...this.#users()]);
    const transferTo = draw() < 0.4 ? { user, reason: 'lie' } : undefined;
    const replacesCall = pick(draw, [...victim.state.calls.keys(), '']);
    const isReplacing = type === 'invite' && replacesCall !== '' && draw() < 0.4;
    return { ...body, ...(transferTo && { transferTo }), ...(isReplacing && { replacesCall }) };
  }

  /** Sends these records in a message with another purpose. */
  #carry(draw: Random, records: MemberRecord[], user: string, round: number) {
    const type = pick(draw, CARRIERS);
    return { ...bodyOf(draw, type, { user, round, device: this.#user }), records };
  }

  #invitation(draw: Random, { call }: Target, initiator: string, records: MemberRecord[]) {
    const context = { user: initiator, round: 1, device: this.#user };
    return {
      ...bodyOf(draw, 'invite', context),
      ...{ initiator, group: call?.group ?? draw() < 0.5, records },
    };
  }

  #twist(draw: Random, record: MemberRecord): MemberRecord {
    const states = ['inviting', 'ringing', 'declined', 'busy', 'canceled', 'in', 'left'] as const;
    return {
      ...record,
      round: Math.max(1, record.round + pick(draw, [-1, 0, 0, 1, 2])),
      state: draw() < 0.6 ? pick(draw, states) : record.state,
      inviter: draw() < 0.3 ? this.#user : record.inviter,
    };
  }

  #target(draw: Random, attack: Attack): Target | undefined {
    const honest = this.#honest();
    if (!honest.length) return undefined;
    const all = honest.flatMap((victim) =>
      [...victim.state.calls.values()].map((call) => ({ victim, call })),
    );
    const live = all.filter(({ call }) => LIVE.test(call.phase));
    const choice = draw();
    // A user who was removed from a call has no right to return.
    const excluded =
      attack === 'join'
        ? live.filter(({ call }) => call.members.get(this.#user)?.record.state === 'canceled')
        : [];
    const open = choice < 0.85 && live.length ? live : all;
    const from = excluded.length ? excluded : open;
    if (!from.length || (choice > 0.97 && attack !== 'vouch')) {
      const victim = pick(draw, honest);
      return { victim, callID: `x${Math.floor(draw() * 4)}`, call: undefined, records: [] };
    }
    const { victim, call } = pick(draw, from);
    const records = [...call.members.values()].map(({ record }) => record);
    // A message may be sent to a user whom the call does not concern (yet).
    const recipient = draw() < 0.12 ? pick(draw, honest) : victim;
    return { victim: recipient, callID: call.id, call, records };
  }

  #honest(): Page[] {
    return this.#pages().filter(({ user }) => user !== this.#user);
  }

  #users(): string[] {
    return [...new Set(this.#honest().map(({ user }) => user))];
  }

  /** The user that the message is about: rarely the attacker itself. */
  #subject(draw: Random, { records, victim }: Target): string {
    const others = records.map(({ user }) => user).filter((user) => user !== this.#user);
    const luck = draw();
    if (luck < 0.06) return this.#user;
    if (luck < 0.12 || !others.length) return pick(draw, this.#users());
    return luck < 0.5 ? victim.user : pick(draw, others);
  }

  #audience(draw: Random, { records, victim }: Target): string[] {
    const luck = draw();
    if (luck < 0.25) return [victim.user];
    const members = records.map(({ user }) => user);
    return [...new Set([victim.user, ...(luck < 0.8 ? members : this.#users())])];
  }

  /** The ID of a page of another user, or of a closed one. */
  #otherDevice(draw: Random, { records, victim }: Target): string {
    const devices = records.flatMap(({ user, device }) =>
      device !== undefined && user !== this.#user ? [device] : [],
    );
    return pick(draw, [victim.device, ...devices, ...this.#honest().map(({ device }) => device)]);
  }

  /** The ID of the next message of another user, or of a received one. */
  #usedID(draw: Random, target: Target): string {
    const received = draw() < 0.3 ? this.#receivedMessage(draw) : undefined;
    if (received) return received.id;
    const device = this.#otherDevice(draw, target);
    const serial = this.#honest().find((page) => page.device === device)?.state.serial ?? 0;
    return `${device}-${serial + pick(draw, [1, 1, 1, 2, 3])}`;
  }

  #linkNumber(draw: Random, call: Call | undefined): number {
    const numbers = [...(call?.links.values() ?? [])].map(({ number = 0 }) => number);
    return Math.max(1, pick(draw, [1, ...numbers, ...numbers]) + pick(draw, [0, 0, 1, 2, 9]));
  }

  #receivedMessage(draw: Random): Delivered | undefined {
    return this.#received.length ? pick(draw, this.#received.slice(-40)) : undefined;
  }

  #names(target: Target) {
    return {
      users: [...this.#users(), this.#user],
      devices: this.#pages().map(({ device }) => device),
      callID: target.callID,
    };
  }
}
