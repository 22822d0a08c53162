import { LRUCache } from 'lru-cache';
import { entryLimit } from '../limits/entry-limit.js';
import { nodeClock, type Clock } from '../clock/clock.js';
import { MAY_CALL_TIMEOUT_MS } from '../limits/limits.js';

/**
 * Decides whether `from` may call `to` (user IDs). The server calls it for each invitation, and for other messages about a
 * call that the recipient is not in any more. If it rejects, or takes longer than {@link MAY_CALL_TIMEOUT_MS}, the message
 * is rejected as `unavailable`, and the sender may retry.
 */
export type MayCall = (from: string, to: string) => boolean | Promise<boolean>;

/** How long an answer of `mayCall` is cached, in ms, and how many answers are cached. */
const ANSWER_MS = 5_000;
const MAX_ANSWERS = 50_000;

/**
 * Finds out which users block which callers. Messages of a blocked caller are not delivered, and the caller can't tell this
 * from a user without connected devices. A call that a user is in, or was invited to by somebody else, continues regardless
 * of who else is in it.
 */
export class Contacts {
  readonly #mayCall: MayCall | undefined;
  readonly #clock: Clock;
  /** Cached and pending answers, by caller and callee. */
  readonly #answers: LRUCache<string, Promise<boolean>> | undefined;

  /** @param mayCall default: every user may call every user */
  constructor(mayCall?: MayCall, clock: Clock = nodeClock) {
    this.#mayCall = mayCall;
    this.#clock = clock;
    if (!mayCall) return;
    this.#answers = new LRUCache({
      ...entryLimit(MAX_ANSWERS),
      ttl: ANSWER_MS,
      perf: clock,
      ttlResolution: 0,
    });
  }

  /**
   * @param mayAsk whether `mayCall` may be called once more on behalf of this user; if not, the answer is no
   * @returns those of the users who block `from`
   */
  async blocked(
    from: string,
    users: Iterable<string>,
    mayAsk: () => Promise<boolean> = async () => true,
  ): Promise<ReadonlySet<string>> {
    const mayCall = this.#mayCall;
    if (!mayCall) return new Set();
    const others = [...new Set(users)].filter((user) => user !== from);
    const queries = others.map(async (user) =>
      (await this.#query({ mayCall, mayAsk }, from, user)) ? [] : [user],
    );
    return new Set((await Promise.all(queries)).flat());
  }

  /** Queries `mayCall`, at most as often as `mayAsk` permits, because a database may be behind it. */
  async #query(
    { mayCall, mayAsk }: { readonly mayCall: MayCall; readonly mayAsk: () => Promise<boolean> },
    from: string,
    to: string,
  ): Promise<boolean> {
    // IDs contain no white space.
    const key = `${from} ${to}`;
    const known = this.#answers?.get(key);
    if (known) return known;
    const forget = () => {
      if (this.#answers?.peek(key) === answer) this.#answers.delete(key);
    };
    const answer = (async () => {
      if (await mayAsk()) return this.#withTimeout(mayCall(from, to));
      forget();
      return false;
    })();
    this.#answers?.set(key, answer);
    // A rejection is not cached.
    answer.catch(forget);
    return answer;
  }

  /** Adds a time-out, because a pending answer holds up all other messages of the sender's device. */
  async #withTimeout(answer: boolean | Promise<boolean>): Promise<boolean> {
    if (typeof answer === 'boolean') return answer;
    let stop = () => {};
    const timeout = new Promise<never>((_, reject) => {
      stop = this.#clock.after(MAY_CALL_TIMEOUT_MS, () =>
        reject(new Error('mayCall has not answered in time.')),
      );
    });
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      stop();
    }
  }
}
