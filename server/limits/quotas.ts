import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { createMemoryLimiter, type CreateLimiter, type RateLimiter } from './rate-limiter.js';

/** @returns the longest of several waits, in ms */
const longest = async (waits: readonly Promise<number>[]): Promise<number> =>
  Math.max(0, ...(await Promise.all(waits)));

/** Applies the limits. Each method counts an action, and resolves to how long the user must wait, in ms, or 0 to proceed. */
export class Quotas {
  readonly limits: Limits;
  readonly #burst: RateLimiter;
  readonly #messages: RateLimiter;
  readonly #bytes: RateLimiter;
  readonly #addresses: RateLimiter;
  readonly #returning: RateLimiter;
  readonly #recoveredCalls: RateLimiter;
  readonly #traffic: RateLimiter;
  readonly #contactQuestions: RateLimiter;
  readonly #attempts: RateLimiter;
  readonly #callers: RateLimiter;
  readonly #pairs: RateLimiter;
  /** Open connections by address. */
  readonly #open = new Map<string, number>();

  /**
   * @param limits override the defaults
   * @param shared creates the limiters for limits of a user, which hold for all nodes together. The others count in this node
   */
  constructor(limits: Partial<Limits> = {}, shared: CreateLimiter = createMemoryLimiter) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.#burst = createMemoryLimiter('burst', this.limits.messageBurst);
    this.#messages = createMemoryLimiter('messages', this.limits.messages);
    this.#bytes = createMemoryLimiter('bytes', this.limits.bytesPerUser);
    this.#addresses = createMemoryLimiter('addresses', this.limits.attemptsPerAddress);
    this.#returning = createMemoryLimiter('returning', this.limits.returningPerAddress);
    this.#recoveredCalls = createMemoryLimiter('found', this.limits.callsFound);
    this.#traffic = createMemoryLimiter('traffic', this.limits.trafficPerPair);
    this.#contactQuestions = createMemoryLimiter('questions', this.limits.contactQuestions);
    this.#attempts = shared('attempts', this.limits.attemptsPerUser);
    this.#callers = shared('callers', this.limits.invitationsPerCaller);
    this.#pairs = shared('pairs', this.limits.invitationsPerPair);
  }

  /** Counts an open connection. @returns a function to call when it is closed; calling it again has no effect */
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

  /** Number of open connections of an address. */
  opened(address: string): number {
    return this.#open.get(address) ?? 0;
  }

  /**
   * @param isReturning whether the device claims to reconnect. The claim is not verified; it only uses a separate limit
   * @returns whether the address may open another connection
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
    // IDs contain no white space.
    const key = `${userID} ${deviceID}`;
    return (await this.#messages.take(key)) || this.#burst.take(key);
  }

  /** Counts received bytes of a user. */
  bytes(userID: string, count: number): Promise<number> {
    return this.#bytes.take(userID, count);
  }

  /** Counts a message about a call that is unknown to this node. */
  recoveredCall(userID: string): Promise<number> {
    return this.#recoveredCalls.take(userID);
  }

  /** Counts a query to `mayCall` that is caused by a message other than an invitation. */
  contactQuestion(userID: string): Promise<number> {
    return this.#contactQuestions.take(userID);
  }

  /**
   * Counts a message of a user to other users, from any device. Messages that are not delivered count as well, so that the
   * limit reveals nothing about the recipients.
   * @param length approximate, in bytes
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
