import { LRUCache } from 'lru-cache';
import { entryLimit } from '../limits/entry-limit.js';
import { ACTIVITY_HALF_LIFE_MS, MAX_SENDERS } from '../limits/limits.js';

/** Limits on the memory of inboxes, in bytes. */
export interface InboxLimits {
  /** One user's inbox. */
  readonly inboxBytes: number;
  /** The entries that one sender has caused, in all inboxes together. */
  readonly senderBytes: number;
  /** All inboxes together. */
  readonly storeBytes: number;
}

/** The memory that one call takes in one inbox, and the sender to whom it is charged. */
export interface Charge {
  readonly userID: string;
  readonly callID: string;
  readonly senderID: string;
  readonly bytes: number;
}
interface Account {
  readonly senderID: string;
  /** Oldest first. */
  readonly charges: Set<BookedCharge>;
  bytes: number;
  /** Activity of the sender; see {@link addActivity}. */
  activity: number;
}
interface BookedCharge extends Charge {
  readonly account: Account;
  /** Increases with each charge. */
  readonly serial: number;
  bytes: number;
}
interface Box {
  /** By callID, oldest first. */
  readonly charges: Map<string, BookedCharge>;
  bytes: number;
}

/** The share of an inbox that one sender may use. */
export const SENDER_SHARE = 1 / 4;
/**
 * Senders whose activities (base-2 logarithms) differ by no more than this count as equally active. Among them the oldest
 * entry is evicted. Otherwise, of senders who sent one or two invitations each, the newest entry would be evicted.
 */
export const ACTIVITY_TOLERANCE = 2;
/** The share of the limit down to which a full store is reduced, because each eviction sorts all senders. */
const STORE_TARGET = 0.95;

/**
 * Adds bytes to the activity of a sender, which decays with time (forward decay: Cormode et al., ICDE 2009). Stored as a
 * logarithm, it neither overflows nor needs periodic updates.
 * @param activity base-2 logarithm of all bytes so far, each weighted by 2 for every half-life since a fixed time
 * @param now in ms since the epoch
 */
export function addActivity(activity: number, bytes: number, now: number): number {
  const added = now / ACTIVITY_HALF_LIFE_MS + Math.log2(bytes);
  const [low, high] = activity < added ? [activity, added] : [added, activity];
  return low === -Infinity ? high : high + Math.log2(1 + 2 ** (low - high));
}

/**
 * Counts the memory of inboxes, and selects the entries to evict when a limit is exceeded: the oldest entry of the most
 * active senders, whether the bytes they sent are still stored or not. A sender whose activity is less than a quarter of
 * the highest loses no entry to those senders.
 */
export class InboxBudget {
  readonly #limits: InboxLimits;
  readonly #boxes = new Map<string, Box>();
  /** Senders with at least one charge. */
  readonly #accounts = new Map<string, Account>();
  /** Activities of senders without charges: an eviction of all entries does not reset the activity. */
  readonly #pastActivity = new LRUCache<string, number>(entryLimit(MAX_SENDERS));
  #bytes = 0;
  #serial = 0;

  constructor(limits: InboxLimits) {
    this.#limits = limits;
  }

  /** Bytes in all inboxes. */
  get bytes(): number {
    return this.#bytes;
  }

  bytesOf(userID: string): number {
    return this.#boxes.get(userID)?.bytes ?? 0;
  }

  bytesBy(senderID: string): number {
    return this.#accounts.get(senderID)?.bytes ?? 0;
  }

  senderOf(userID: string, callID: string): string | undefined {
    return this.#boxes.get(userID)?.charges.get(callID)?.senderID;
  }

  /** Charges a call in an inbox to its sender, as the newest entry of both. */
  charge({ userID, callID, senderID, bytes }: Charge, now: number): void {
    this.release(userID, callID);
    const account = this.#accounts.get(senderID) ?? {
      senderID,
      charges: new Set(),
      bytes: 0,
      activity: this.#pastActivity.get(senderID) ?? -Infinity,
    };
    this.#accounts.set(senderID, account);
    account.activity = addActivity(account.activity, bytes, now);
    const box = this.#boxes.get(userID) ?? { charges: new Map<string, BookedCharge>(), bytes: 0 };
    this.#boxes.set(userID, box);
    const booked = { userID, callID, senderID, bytes: 0, account, serial: ++this.#serial };
    account.charges.add(booked);
    box.charges.set(callID, booked);
    this.#resize(booked, bytes);
  }

  /** Changes the bytes of an existing charge. */
  resize(userID: string, callID: string, bytes: number): void {
    const booked = this.#boxes.get(userID)?.charges.get(callID);
    if (booked) this.#resize(booked, bytes);
  }

  release(userID: string, callID: string): void {
    const box = this.#boxes.get(userID);
    const booked = box?.charges.get(callID);
    if (!box || !booked) return;
    const { account } = booked;
    this.#resize(booked, 0);
    account.charges.delete(booked);
    box.charges.delete(callID);
    if (box.charges.size === 0) this.#boxes.delete(userID);
    if (account.charges.size > 0) return;
    this.#accounts.delete(account.senderID);
    this.#pastActivity.set(account.senderID, account.activity);
  }

  /** Which of these calls of an inbox (oldest first) to evict first. */
  firstToEvict(userID: string, callIDs: Iterable<string>): string | undefined {
    const charges = this.#boxes.get(userID)?.charges;
    const booked = [...callIDs].flatMap((callID) => charges?.get(callID) ?? []);
    return oldestOfMostActive(booked)?.callID;
  }

  /** The next charge to evict because this inbox, or the sender of this call, exceeds a limit. The caller releases it. */
  excess(userID: string, callID: string): Charge | undefined {
    const box = this.#boxes.get(userID);
    const account = box?.charges.get(callID)?.account;
    if (!box || !account) return undefined;
    const { inboxBytes, senderBytes } = this.#limits;
    if (account.bytes > senderBytes) return first(account.charges);
    if (box.bytes > inboxBytes * SENDER_SHARE) {
      const own = [...box.charges.values()].filter((one) => one.account === account);
      const bytes = own.reduce((sum, one) => sum + one.bytes, 0);
      if (own.length > 1 && bytes > inboxBytes * SENDER_SHARE) return own[0];
    }
    return box.bytes > inboxBytes ? oldestOfMostActive([...box.charges.values()]) : undefined;
  }

  /** The charges to evict because all inboxes together exceed the limit. The caller releases all of them. */
  overflow(): Charge[] {
    if (this.#bytes <= this.#limits.storeBytes) return [];
    const most = this.#limits.storeBytes * STORE_TARGET;
    const evicted: Charge[] = [];
    let left = this.#bytes;
    const accounts = [...this.#accounts.values()].sort((a, b) => b.activity - a.activity);
    for (let from = 0; from < accounts.length && left > most;) {
      const least = (accounts[from]?.activity ?? 0) - ACTIVITY_TOLERANCE;
      const next = accounts.findIndex(({ activity }, index) => index > from && activity < least);
      const to = next < 0 ? accounts.length : next;
      const charges = accounts.slice(from, to).flatMap((account) => [...account.charges]);
      for (const charge of charges.sort((a, b) => a.serial - b.serial)) {
        if (left <= most) break;
        evicted.push(charge);
        left -= charge.bytes;
      }
      from = to;
    }
    return evicted;
  }

  #resize(booked: BookedCharge, bytes: number): void {
    const difference = bytes - booked.bytes;
    booked.bytes = bytes;
    booked.account.bytes += difference;
    this.#bytes += difference;
    const box = this.#boxes.get(booked.userID);
    if (box) box.bytes += difference;
  }
}

/** @param booked oldest first */
function oldestOfMostActive(booked: readonly BookedCharge[]): BookedCharge | undefined {
  let most = -Infinity;
  for (const { account } of booked) most = Math.max(most, account.activity);
  return booked.find(({ account }) => account.activity >= most - ACTIVITY_TOLERANCE);
}

const first = <T>(values: Iterable<T>): T | undefined => {
  for (const value of values) return value;
  return undefined;
};
