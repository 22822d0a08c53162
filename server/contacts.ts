import { LRUCache } from 'lru-cache';
import type { Message } from '../src/core/protocol/messages.js';
import { systemClock, type Clock } from './clock.js';
import type { Involved } from './presence.js';

/**
 * Whether one user may call another one. Asked for each invitation, and for other messages to a user whom the call
 * does not concern. To reject means that it can't be found out now: the sender may try again.
 */
export type MayCall = (from: string, to: string) => boolean | Promise<boolean>;

/** Whom a message reaches, and whom its call concerns after it. */
export interface Circle {
  /** Nothing of the message is delivered to these, kept for them or pushed. */
  readonly withheld: ReadonlySet<string>;
  readonly involve: readonly string[];
}

/** How long an answer of `mayCall` holds, in ms, and how many are remembered. */
const ANSWER_MS = 5_000;
const MAX_ANSWERS = 50_000;

/**
 * Holds back what comes from somebody who may not call. That one can't tell it from nobody being there. A call that
 * concerns a user by somebody else's invitation, or by the user's own word, goes on whoever else is in it.
 */
export class Contacts {
  readonly #mayCall: MayCall | undefined;
  /** The latest answers, also those that are waited for, by who calls whom. */
  readonly #answers: LRUCache<string, Promise<boolean>> | undefined;

  /** @param mayCall default: everybody may call everybody */
  constructor(mayCall?: MayCall, clock: Pick<Clock, 'now'> = systemClock) {
    this.#mayCall = mayCall;
    if (!mayCall) return;
    this.#answers = new LRUCache({
      max: MAX_ANSWERS,
      ttl: ANSWER_MS,
      perf: clock,
      ttlResolution: 0,
    });
  }

  /** @returns users of this list who are not to hear from that one */
  async barred(from: string, users: Iterable<string>): Promise<ReadonlySet<string>> {
    const mayCall = this.#mayCall;
    if (!mayCall) return new Set();
    const others = [...new Set(users)].filter((user) => user !== from);
    const asked = others.map(async (user) =>
      (await this.#ask(mayCall, from, user)) ? [] : [user],
    );
    return new Set((await Promise.all(asked)).flat());
  }

  /** Who sends much does not have it asked as often: behind it may be a database. */
  async #ask(mayCall: MayCall, from: string, to: string): Promise<boolean> {
    // Neither has white space in it.
    const key = `${from} ${to}`;
    const known = this.#answers?.get(key);
    if (known) return known;
    const answer = Promise.resolve(mayCall(from, to));
    this.#answers?.set(key, answer);
    answer.catch(() => {
      // To reject is no answer.
      if (this.#answers?.peek(key) === answer) this.#answers.delete(key);
    });
    return answer;
  }

  /** @param known whom the call concerns before this message */
  async circle(from: string, { type, to, records }: Message, known: Involved): Promise<Circle> {
    if (!this.#mayCall) {
      const drawn =
        type === 'invite' || !known.all ? [...to, ...records.map(({ user }) => user)] : [];
      return { withheld: new Set(), involve: [from, ...drawn] };
    }
    const isNew = (user: string) => !known.users.has(user);
    // A message that is no invitation draws nobody into a call whose users are known.
    const named = known.all ? [] : records.map(({ user }) => user).filter(isNew);
    const invited = type === 'invite' ? to : to.filter(isNew);
    const barred = await this.barred(from, [...invited, ...named]);
    const drawn = [...(type === 'invite' ? to : []), ...(known.all ? [] : [...to, ...named])];
    return {
      withheld: new Set(invited.filter((user) => barred.has(user))),
      involve: [from, ...drawn.filter((user) => !barred.has(user))],
    };
  }
}
