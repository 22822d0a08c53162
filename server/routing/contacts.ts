import { LRUCache } from 'lru-cache';
import { nodeClock, type Clock } from '../clock/clock.js';
import { MAY_CALL_TIMEOUT_MS } from '../limits/limits.js';

/**
 * Whether one user may call another one. Asked for each invitation, and for other messages in a call that the user is
 * not in any more. To reject, or to take longer than {@link MAY_CALL_TIMEOUT_MS}, means that it can't be found out now:
 * the sender may try again.
 */
export type MayCall = (from: string, to: string) => boolean | Promise<boolean>;

/** How long an answer of `mayCall` holds, in ms, and how many are remembered. */
const ANSWER_MS = 5_000;
const MAX_ANSWERS = 50_000;

/**
 * Finds out who may not call whom. What such a caller sends is held back, and that one can't tell it from nobody being
 * there. A call that a user is in, or is invited to by somebody else, goes on whoever else is in it.
 */
export class Contacts {
  readonly #mayCall: MayCall | undefined;
  readonly #clock: Clock;
  /** The latest answers, also those that are waited for, by who calls whom. */
  readonly #answers: LRUCache<string, Promise<boolean>> | undefined;

  /** @param mayCall default: everybody may call everybody */
  constructor(mayCall?: MayCall, clock: Clock = nodeClock) {
    this.#mayCall = mayCall;
    this.#clock = clock;
    if (!mayCall) return;
    this.#answers = new LRUCache({
      max: MAX_ANSWERS,
      ttl: ANSWER_MS,
      perf: clock,
      ttlResolution: 0,
    });
  }

  /**
   * @param mayAsk whether `mayCall` may be asked once more because of this user; else the answer is no
   * @returns users of this list who are not to hear from that one
   */
  async blocked(
    from: string,
    users: Iterable<string>,
    mayAsk: () => Promise<boolean> = async () => true,
  ): Promise<ReadonlySet<string>> {
    const mayCall = this.#mayCall;
    if (!mayCall) return new Set();
    const others = [...new Set(users)].filter((user) => user !== from);
    const asked = others.map(async (user) =>
      (await this.#ask({ mayCall, mayAsk }, from, user)) ? [] : [user],
    );
    return new Set((await Promise.all(asked)).flat());
  }

  /** Who sends much does not have it asked as often: behind it may be a database. */
  async #ask(
    { mayCall, mayAsk }: { readonly mayCall: MayCall; readonly mayAsk: () => Promise<boolean> },
    from: string,
    to: string,
  ): Promise<boolean> {
    // Neither has white space in it.
    const key = `${from} ${to}`;
    const known = this.#answers?.get(key);
    if (known) return known;
    const forget = () => {
      if (this.#answers?.peek(key) === answer) this.#answers.delete(key);
    };
    const answer = (async () => {
      if (await mayAsk()) return this.#inTime(mayCall(from, to));
      forget();
      return false;
    })();
    this.#answers?.set(key, answer);
    // To reject is no answer.
    answer.catch(forget);
    return answer;
  }

  /** An answer that never comes would hold up everything else that the sender's device sends. */
  async #inTime(answer: boolean | Promise<boolean>): Promise<boolean> {
    if (typeof answer === 'boolean') return answer;
    let stop = () => {};
    const late = new Promise<never>((_, reject) => {
      stop = this.#clock.after(MAY_CALL_TIMEOUT_MS, () =>
        reject(new Error('mayCall has not answered in time.')),
      );
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      stop();
    }
  }
}
