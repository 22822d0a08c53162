import type {
  CallChange,
  CallKnowledge,
  CallMember,
  CallOrigin,
  NoteResult,
} from '../calls/call-knowledge.js';
import { MAX_NAMED, mergeMember, NOTHING_KNOWN } from '../calls/call-knowledge.js';
import { KEEP_CALL_MS, MAX_CALL_BYTES, MAX_USERS_PER_CALL } from '../limits/limits.js';

interface Call {
  /** The user whose message first mentioned the call; its memory is charged to this user. */
  readonly owner: string;
  origin: CallOrigin | undefined;
  members: ReadonlyMap<string, CallMember>;
  named: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of the devices that are in it. */
  readonly devices: Set<string>;
  touchedAt: number;
  bytes: number;
}

/** Interval of the removal of expired calls, in ms. */
const EXPIRY_CHECK_INTERVAL_MS = 1_000;
/** The share of the limit down to which full memory is reduced, because each reduction visits all calls. */
const MEMORY_TARGET = 0.95;
/** Approximate heap memory of each object without its IDs, in bytes. */
const CALL_BYTES = 1_024;
const MEMBER_BYTES = 256;
const NAMED_BYTES = 64;

/** The calls of a single node: origin, members and devices. */
export class MemoryCalls {
  /** Ordered by last use; the most recently used call is last. */
  readonly #calls = new Map<string, Call>();
  /** Bytes of calls by owner. */
  readonly #owners = new Map<string, number>();
  readonly #now: () => number;
  readonly #maxBytes: number;
  #bytes = 0;
  /** When to look for expired calls next. */
  #nextExpiryCheckAt = 0;

  constructor(now: () => number, maxBytes = MAX_CALL_BYTES) {
    this.#now = now;
    this.#maxBytes = maxBytes;
  }

  /** Approximate memory of all calls, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get(callID: string): Pick<CallKnowledge, 'origin' | 'members' | 'named'> {
    return this.#calls.get(callID) ?? NOTHING_KNOWN;
  }

  devicesIn(callID: string): ReadonlySet<string> {
    return this.#calls.get(callID)?.devices ?? NO_DEVICES;
  }

  /** @param device unique key of a device */
  enter(callID: string, userID: string, device: string): void {
    this.#touch(callID, userID).devices.add(device);
  }

  leave(callID: string, device: string): void {
    this.#calls.get(callID)?.devices.delete(device);
  }

  note(callID: string, { origin, members, named }: CallChange): NoteResult {
    const known = this.#calls.get(callID);
    if (origin && known?.origin && known.origin.initiator !== origin.initiator) {
      return 'other-initiator';
    }
    if (!fits(known?.members, members) || !fits(known?.named, named)) return 'too-many';
    const [user = ''] = origin ? [origin.initiator] : (named ?? members ?? NO_USERS).keys();
    const call = this.#touch(callID, user);
    call.origin ??= origin;
    if (members && members.size > 0) {
      // Copies of the member map that were returned before must not change.
      const merged = new Map(call.members);
      for (const [user, added] of members) {
        const member = merged.get(user);
        if (!member) this.#add(call, MEMBER_BYTES + 2 * user.length);
        merged.set(user, member ? mergeMember(member, added) : added);
      }
      call.members = merged;
    }
    if (named && named.size > 0) call.named = this.#withNamed(call, named);
    return 'noted';
  }

  #withNamed(call: Call, added: NonNullable<CallChange['named']>): Call['named'] {
    const named = new Map(call.named);
    for (const [user, names] of added) {
      const before = named.get(user);
      const all = new Set(before);
      for (const name of names) {
        if (all.size >= MAX_NAMED || all.has(name)) continue;
        all.add(name);
        this.#add(call, NAMED_BYTES + 2 * name.length);
      }
      if (!before) this.#add(call, MEMBER_BYTES + 2 * user.length);
      named.set(user, all);
    }
    return named;
  }

  /** Marks a call as most recently used. @param userID its owner if the call is new */
  #touch(callID: string, userID: string): Call {
    const now = this.#now();
    if (this.#bytes > this.#maxBytes) this.#evict();
    if (now >= this.#nextExpiryCheckAt) this.#removeExpired(now);
    let call = this.#calls.get(callID);
    if (call) this.#putLast(callID, call, now);
    else {
      const { origin, members, named } = NOTHING_KNOWN;
      const devices = new Set<string>();
      call = { owner: userID, origin, members, named, devices, touchedAt: now, bytes: 0 };
      this.#calls.set(callID, call);
      this.#add(call, CALL_BYTES + 2 * callID.length);
    }
    return call;
  }

  /** Removes calls without devices that were not used for `KEEP_CALL_MS`. */
  #removeExpired(now: number): void {
    this.#nextExpiryCheckAt = now + EXPIRY_CHECK_INTERVAL_MS;
    for (const [oldestID, oldest] of this.#calls) {
      if (oldest.touchedAt > now - KEEP_CALL_MS) break;
      if (oldest.devices.size > 0) this.#putLast(oldestID, oldest, now);
      else this.#remove(oldestID, oldest);
    }
  }

  /**
   * Removes the oldest calls of the users whose calls take the most memory, until it is below the limit. So a user who fills
   * the memory loses their own calls, and not running calls of others.
   */
  #evict(): void {
    const most = MEMORY_TARGET * this.#maxBytes;
    while (this.#bytes > most) {
      let maxBytesOfUser = 0;
      for (const bytes of this.#owners.values()) maxBytesOfUser = Math.max(maxBytesOfUser, bytes);
      for (const [callID, call] of this.#calls) {
        if (this.#bytes <= most) return;
        if ((this.#owners.get(call.owner) ?? 0) > maxBytesOfUser / 2) this.#remove(callID, call);
      }
    }
  }

  #add(call: Call, bytes: number): void {
    call.bytes += bytes;
    this.#count(call.owner, bytes);
  }

  #remove(callID: string, call: Call): void {
    this.#calls.delete(callID);
    this.#count(call.owner, -call.bytes);
  }

  #count(owner: string, bytes: number): void {
    this.#bytes += bytes;
    const own = (this.#owners.get(owner) ?? 0) + bytes;
    if (own > 0) this.#owners.set(owner, own);
    else this.#owners.delete(owner);
  }

  #putLast(callID: string, call: Call, touchedAt: number): void {
    this.#calls.delete(callID);
    this.#calls.set(callID, call);
    call.touchedAt = touchedAt;
  }
}

const NO_DEVICES: ReadonlySet<string> = new Set();
const NO_USERS: ReadonlyMap<string, unknown> = new Map();

type ByUser = ReadonlyMap<string, unknown>;

/** Whether a call may have these users in addition to its own. */
function fits(known: ByUser | undefined, added: ByUser | undefined): boolean {
  if (!added || (known?.size ?? 0) + added.size <= MAX_USERS_PER_CALL) return true;
  let count = 0;
  for (const user of added.keys()) if (!known?.has(user)) count += 1;
  return count === 0 || (known?.size ?? 0) + count <= MAX_USERS_PER_CALL;
}
