import { LRUCache } from 'lru-cache';
import { ACTIVITY_HALF_LIFE_MS, MAX_SENDERS } from '../limits/limits.js';

/** Most bytes that inboxes may take. */
export interface InboxLimits {
  /** One user's inbox. */
  readonly inboxBytes: number;
  /** What one sender has caused, in all inboxes together. */
  readonly senderBytes: number;
  /** All inboxes together. */
  readonly storeBytes: number;
}

/** What one call has in one inbox, and who is charged for it. */
export interface Charge {
  readonly userID: string;
  readonly callID: string;
  readonly senderID: string;
  readonly bytes: number;
}
interface Account {
  readonly senderID: string;
  /** The oldest is first. */
  readonly charges: Set<Booked>;
  bytes: number;
  /** See {@link addActivity}. */
  activity: number;
}
interface Booked extends Charge {
  readonly account: Account;
  /** A later one has a higher one. */
  readonly serial: number;
  bytes: number;
}
interface Box {
  /** By callID; the oldest is first. */
  readonly charges: Map<string, Booked>;
  bytes: number;
}

/** The part of one inbox that one sender may have. */
export const SENDERS_SHARE = 1 / 4;
/**
 * Senders whose activities (logarithms) differ by no more are as greedy as each other, so that of senders who sent a call
 * or two each, the oldest entry goes and not the latest: half of it is what the oldest entries have faded.
 */
export const AS_GREEDY = 2;
/** What is left when the store was full: to find whose entries go, all senders are looked at. */
const STORE_LEFT = 0.95;

/**
 * Adds bytes to what a sender has sent, which fades with time (forward decay: Cormode et al., ICDE 2009). It is kept as a
 * logarithm, so that it neither overflows nor has to be renewed as time goes by.
 * @param activity the logarithm (base 2) of all bytes so far, each counted double for every half-life that it came later
 */
export function addActivity(activity: number, bytes: number, now: number): number {
  const added = now / ACTIVITY_HALF_LIFE_MS + Math.log2(bytes);
  const [low, high] = activity < added ? [activity, added] : [added, activity];
  return low === -Infinity ? high : high + Math.log2(1 + 2 ** (low - high));
}

/**
 * Counts who takes how much of the inboxes, and says what must go when that is too much: the oldest entry of those who
 * have sent the most lately, whether that is still kept or not. A sender who has sent less than a quarter of that loses
 * nothing to them.
 */
export class InboxBudget {
  readonly #limits: InboxLimits;
  readonly #boxes = new Map<string, Box>();
  /** Senders who are charged for something. */
  readonly #accounts = new Map<string, Account>();
  /** What senders have sent of whom nothing is kept: to lose it all makes nobody modest. */
  readonly #past = new LRUCache<string, number>({ max: MAX_SENDERS });
  #bytes = 0;
  #serial = 0;

  constructor(limits: InboxLimits) {
    this.#limits = limits;
  }

  /** What all inboxes take. */
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

  /** A call takes so much of an inbox from now on: the newest entry of both, sent by this user. */
  charge({ userID, callID, senderID, bytes }: Charge, now: number): void {
    this.release(userID, callID);
    const account = this.#accounts.get(senderID) ?? {
      senderID,
      charges: new Set(),
      bytes: 0,
      activity: this.#past.get(senderID) ?? -Infinity,
    };
    this.#accounts.set(senderID, account);
    account.activity = addActivity(account.activity, bytes, now);
    const box = this.#boxes.get(userID) ?? { charges: new Map<string, Booked>(), bytes: 0 };
    this.#boxes.set(userID, box);
    const booked = { userID, callID, senderID, bytes: 0, account, serial: ++this.#serial };
    account.charges.add(booked);
    box.charges.set(callID, booked);
    this.#resize(booked, bytes);
  }

  /** The same entry takes so much now. */
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
    this.#past.set(account.senderID, account.activity);
  }

  /** Which of these calls of an inbox, the oldest first, goes first. */
  greediest(userID: string, callIDs: Iterable<string>): string | undefined {
    const charges = this.#boxes.get(userID)?.charges;
    const booked = [...callIDs].flatMap((callID) => charges?.get(callID) ?? []);
    return oldestOfGreediest(booked)?.callID;
  }

  /** What must go because of what this inbox, or a sender of something in it, has. Each is to be released. */
  excess(userID: string, callID: string): Charge | undefined {
    const box = this.#boxes.get(userID);
    const account = box?.charges.get(callID)?.account;
    if (!box || !account) return undefined;
    const { inboxBytes, senderBytes } = this.#limits;
    if (account.bytes > senderBytes) return first(account.charges);
    if (box.bytes > inboxBytes * SENDERS_SHARE) {
      const own = [...box.charges.values()].filter((one) => one.account === account);
      const bytes = own.reduce((sum, one) => sum + one.bytes, 0);
      if (own.length > 1 && bytes > inboxBytes * SENDERS_SHARE) return own[0];
    }
    return box.bytes > inboxBytes ? oldestOfGreediest([...box.charges.values()]) : undefined;
  }

  /** What must go because all inboxes together have too much. To be released, all of it. */
  overflow(): Charge[] {
    if (this.#bytes <= this.#limits.storeBytes) return [];
    const most = this.#limits.storeBytes * STORE_LEFT;
    const gone: Charge[] = [];
    let left = this.#bytes;
    const accounts = [...this.#accounts.values()].sort((a, b) => b.activity - a.activity);
    for (let from = 0; from < accounts.length && left > most;) {
      const least = (accounts[from]?.activity ?? 0) - AS_GREEDY;
      const next = accounts.findIndex(({ activity }, index) => index > from && activity < least);
      const to = next < 0 ? accounts.length : next;
      const charges = accounts.slice(from, to).flatMap((account) => [...account.charges]);
      for (const charge of charges.sort((a, b) => a.serial - b.serial)) {
        if (left <= most) break;
        gone.push(charge);
        left -= charge.bytes;
      }
      from = to;
    }
    return gone;
  }

  #resize(booked: Booked, bytes: number): void {
    const more = bytes - booked.bytes;
    booked.bytes = bytes;
    booked.account.bytes += more;
    this.#bytes += more;
    const box = this.#boxes.get(booked.userID);
    if (box) box.bytes += more;
  }
}

/** @param booked the oldest first */
function oldestOfGreediest(booked: readonly Booked[]): Booked | undefined {
  let most = -Infinity;
  for (const { account } of booked) most = Math.max(most, account.activity);
  return booked.find(({ account }) => account.activity >= most - AS_GREEDY);
}

const first = <T>(values: Iterable<T>): T | undefined => {
  for (const value of values) return value;
  return undefined;
};
