import { createHash } from 'node:crypto';
import type { PushRegistration } from '../../src/core/protocol/push.js';
import type { Database } from '../storage/database.js';
import { keyPart, type Journal } from '../storage/journal.js';
import { MAX_SUBSCRIPTIONS, MAX_SUBSCRIPTIONS_PER_USER } from '../limits/limits.js';

/** A browser's subscription and its owner. */
interface Entry {
  readonly userID: string;
  /** Time of the last registration, in ms since the epoch. */
  readonly at: number;
  readonly registration: PushRegistration;
}

/** First part of the keys of subscriptions: `s!<user>!<SHA-256 of the endpoint>`. */
const PART = 's';

/**
 * The push subscriptions of all users. An endpoint belongs to one browser, and to the user who registered it last. Each
 * method is atomic, and resolves when its change is stored.
 * @throws {UnavailableError} from each method while the store is unavailable
 */
export interface PushSubscriptions {
  /** Adds or updates a subscription. */
  register(userID: string, registration: PushRegistration): Promise<void>;
  /** Removes a subscription if it belongs to this user. */
  remove(userID: string, endpoint: string): Promise<void>;
  /**
   * Removes a subscription that the push service has reported as gone, unless it was registered again since.
   * @param registration the object that was registered, or that `of` returned
   */
  forget(registration: PushRegistration): Promise<void>;
  /** The subscriptions of a user, oldest first. */
  of(userID: string): Promise<readonly PushRegistration[]>;
}

/** Push subscriptions in memory. With a journal, methods resolve when their change is on disk. */
export class Subscriptions implements PushSubscriptions {
  /** By endpoint; the most recently registered is last. */
  readonly #entries = new Map<string, Entry>();
  readonly #byUser = new Map<string, Set<string>>();
  readonly #journal: Journal | undefined;
  readonly #now: () => number;

  constructor(now: () => number = Date.now, journal?: Journal) {
    this.#now = now;
    this.#journal = journal;
  }

  /** Reads the subscriptions from a database. */
  static async open(
    database: Pick<Database, 'readAll'>,
    journal: Journal,
    now: () => number = Date.now,
  ): Promise<Subscriptions> {
    const subscriptions = new Subscriptions(now, journal);
    const stored = (await database.readAll(PART)) as Entry[];
    for (const entry of stored.sort((a, b) => a.at - b.at)) subscriptions.#add(entry);
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
