import { createHash } from 'node:crypto';
import type { PushRegistration } from '../../src/core/protocol/push.js';
import type { Database } from '../storage/database.js';
import { keyPart, type Journal } from '../storage/journal.js';
import { MAX_SUBSCRIPTIONS, MAX_SUBSCRIPTIONS_PER_USER } from '../limits/limits.js';

/** A browser's subscription, with whose it is. */
interface Entry {
  readonly userID: string;
  /** When it was registered last, ms since the epoch. */
  readonly at: number;
  readonly registration: PushRegistration;
}

/** First part of the keys of subscriptions: `s!<user>!<SHA-256 of the endpoint>`. */
const PART = 's';

/**
 * The push subscriptions of all users. An endpoint is a browser's, and belongs to the user who registered it last. Each
 * method is one step that no other interrupts, and resolves when what it did is kept.
 * @throws {UnavailableError} from each step while it can't be kept
 */
export interface PushSubscriptions {
  /** Adds a subscription, or refreshes it: what it says of the page is what was said last. */
  register(userID: string, registration: PushRegistration): Promise<void>;
  /** Takes back a registration of this user; another user's stays. */
  remove(userID: string, endpoint: string): Promise<void>;
  /**
   * The push service does not know it any more: it goes, unless it was registered anew since.
   * @param registration as it was registered, or as it came from here
   */
  forget(registration: PushRegistration): Promise<void>;
  /** The subscriptions of a user, the oldest first. */
  of(userID: string): Promise<readonly PushRegistration[]>;
}

/** Push subscriptions in memory; with a journal each step resolves when what it changed is on disk. */
export class Subscriptions implements PushSubscriptions {
  /** By endpoint; the one registered last is last. */
  readonly #entries = new Map<string, Entry>();
  readonly #byUser = new Map<string, Set<string>>();
  readonly #journal: Journal | undefined;
  readonly #now: () => number;

  constructor(now: () => number = Date.now, journal?: Journal) {
    this.#now = now;
    this.#journal = journal;
  }

  /** Those that a database has kept. */
  static async open(
    database: Pick<Database, 'readAll'>,
    journal: Journal,
    now: () => number = Date.now,
  ): Promise<Subscriptions> {
    const subscriptions = new Subscriptions(now, journal);
    const kept = (await database.readAll(PART)) as Entry[];
    for (const entry of kept.sort((a, b) => a.at - b.at)) subscriptions.#add(entry);
    return subscriptions;
  }

  async register(userID: string, registration: PushRegistration): Promise<void> {
    this.#remove(registration.endpoint);
    const entry = { userID, at: this.#now(), registration };
    this.#add(entry);
    this.#journal?.record(keyOf(userID, registration.endpoint), entry);
    const [oldestOfUser] = this.#byUser.get(userID) ?? [];
    if ((this.#byUser.get(userID)?.size ?? 0) > MAX_SUBSCRIPTIONS_PER_USER)
      this.#remove(oldestOfUser);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_SUBSCRIPTIONS) this.#remove(oldest);
    await this.#journal?.commit();
  }

  async remove(userID: string, endpoint: string): Promise<void> {
    if (this.#entries.get(endpoint)?.userID === userID) this.#remove(endpoint);
    await this.#journal?.commit();
  }

  async forget(registration: PushRegistration): Promise<void> {
    const { endpoint } = registration;
    if (this.#entries.get(endpoint)?.registration === registration) this.#remove(endpoint);
    await this.#journal?.commit();
  }

  async of(userID: string): Promise<readonly PushRegistration[]> {
    return [...(this.#byUser.get(userID) ?? [])].flatMap(
      (endpoint) => this.#entries.get(endpoint)?.registration ?? [],
    );
  }

  #add(entry: Entry): void {
    const { endpoint } = entry.registration;
    this.#entries.set(endpoint, entry);
    const own = this.#byUser.get(entry.userID) ?? new Set<string>();
    this.#byUser.set(entry.userID, own.add(endpoint));
  }

  #remove(endpoint: string | undefined): void {
    const entry = endpoint === undefined ? undefined : this.#entries.get(endpoint);
    if (!entry || endpoint === undefined) return;
    this.#entries.delete(endpoint);
    const own = this.#byUser.get(entry.userID);
    own?.delete(endpoint);
    if (own?.size === 0) this.#byUser.delete(entry.userID);
    this.#journal?.record(keyOf(entry.userID, endpoint), undefined);
  }
}

const keyOf = (userID: string, endpoint: string): string =>
  [PART, keyPart(userID), createHash('sha256').update(endpoint).digest('base64url')].join('!');
