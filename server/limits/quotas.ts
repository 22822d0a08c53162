import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { createMemoryLimiter, type CreateLimiter, type RateLimiter } from './rate-limiter.js';

/** @returns the longest wait that any of these asks for */
const longest = async (waits: readonly Promise<number>[]): Promise<number> =>
  Math.max(0, ...(await Promise.all(waits)));

/** Keeps everybody to what they may have. Each question takes note, and says how long to wait instead, in ms; 0: go. */
export class Quotas {
  readonly limits: Limits;
  readonly #burst: RateLimiter;
  readonly #messages: RateLimiter;
  readonly #bytes: RateLimiter;
  readonly #addresses: RateLimiter;
  readonly #returning: RateLimiter;
  readonly #found: RateLimiter;
  readonly #traffic: RateLimiter;
  readonly #questions: RateLimiter;
  readonly #attempts: RateLimiter;
  readonly #callers: RateLimiter;
  readonly #pairs: RateLimiter;
  /** Open connections by address. */
  readonly #open = new Map<string, number>();

  /**
   * @param limits those that are missing are the defaults
   * @param shared of limits that hold for all servers together: what concerns a user. The others are counted here.
   */
  constructor(limits: Partial<Limits> = {}, shared: CreateLimiter = createMemoryLimiter) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.#burst = createMemoryLimiter('burst', this.limits.messageBurst);
    this.#messages = createMemoryLimiter('messages', this.limits.messages);
    this.#bytes = createMemoryLimiter('bytes', this.limits.bytesPerUser);
    this.#addresses = createMemoryLimiter('addresses', this.limits.attemptsPerAddress);
    this.#returning = createMemoryLimiter('returning', this.limits.returningPerAddress);
    this.#found = createMemoryLimiter('found', this.limits.callsFound);
    this.#traffic = createMemoryLimiter('traffic', this.limits.trafficPerPair);
    this.#questions = createMemoryLimiter('questions', this.limits.contactQuestions);
    this.#attempts = shared('attempts', this.limits.attemptsPerUser);
    this.#callers = shared('callers', this.limits.invitationsPerCaller);
    this.#pairs = shared('pairs', this.limits.invitationsPerPair);
  }

  /** A connection from this address has been opened. @returns a function that says that it is closed */
  open(address: string): () => void {
    this.#open.set(address, this.opened(address) + 1);
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      const left = this.opened(address) - 1;
      if (left > 0) this.#open.set(address, left);
      else this.#open.delete(address);
    };
  }

  /** How many connections of this address are open. */
  opened(address: string): number {
    return this.#open.get(address) ?? 0;
  }

  /**
   * @param isReturning by the device's own word, which gives it no more than this allowance
   * @returns whether one more connection from this address may be opened
   */
  async address(address: string, isReturning = false): Promise<boolean> {
    if (this.opened(address) >= this.limits.connectionsPerAddress) return false;
    if (isReturning && (await this.#returning.take(address)) === 0) return true;
    return (await this.#addresses.take(address)) === 0;
  }

  attempt(userID: string): Promise<number> {
    return this.#attempts.take(userID);
  }

  async message(userID: string, deviceID: string): Promise<number> {
    // Neither has white space in it.
    const key = `${userID} ${deviceID}`;
    return (await this.#messages.take(key)) || this.#burst.take(key);
  }

  /** This user has sent so many bytes. */
  bytes(userID: string, count: number): Promise<number> {
    return this.#bytes.take(userID, count);
  }

  /** This user has spoken of a call that this server knows nothing of. */
  found(userID: string): Promise<number> {
    return this.#found.take(userID);
  }

  /** Because of a message of this user, that is no invitation, somebody's contact list is to be asked. */
  question(userID: string): Promise<number> {
    return this.#questions.take(userID);
  }

  /**
   * This user sends a message to others, from whichever device. What is not delivered counts as much: that it counts
   * says nothing about them.
   * @param length about, in bytes
   */
  async traffic(from: string, to: readonly string[], length: number): Promise<number> {
    const others = to.filter((user) => user !== from);
    if (others.length === 0) return 0;
    const points = 1 + Math.floor(length / 1_024);
    return longest(others.map((user) => this.#traffic.take(`${from} ${user}`, points)));
  }

  async invitation(from: string, to: readonly string[]): Promise<number> {
    const callees = [...new Set(to)].filter((user) => user !== from);
    if (callees.length === 0) return 0;
    return longest([
      this.#callers.take(from, callees.length),
      ...callees.map((user) => this.#pairs.take(`${from} ${user}`)),
    ]);
  }
}
