import type {
  CallChange,
  CallKnowledge,
  CallMember,
  CallOrigin,
  NoteResult,
} from './call-knowledge.js';
import { MAX_NAMED, mergeMember, NOTHING_KNOWN } from './call-knowledge.js';
import { KEEP_CALL_MS, MAX_CALLS, MAX_USERS_PER_CALL } from './limits.js';

interface Call {
  origin: CallOrigin | undefined;
  members: ReadonlyMap<string, CallMember>;
  readonly named: Map<string, Set<string>>;
  /** Keys of the devices that are in it. */
  readonly devices: Set<string>;
  touchedAt: number;
}

/** How often calls to be forgotten are looked for, in ms. */
const TIDY_INTERVAL_MS = 1_000;
/** Calls that are left when there were too many. */
const MOST_LEFT = 0.99 * MAX_CALLS;

const newCall = (): Call => ({
  origin: undefined,
  members: new Map(),
  named: new Map(),
  devices: new Set(),
  touchedAt: 0,
});

/** What is known of calls, within one process. */
export class MemoryCalls {
  /** The one that was touched last is last. */
  readonly #calls = new Map<string, Call>();
  readonly #now: () => number;
  /** When calls to be forgotten are looked for next. */
  #tidyAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(callID: string): Pick<CallKnowledge, 'origin' | 'members' | 'named'> {
    return this.#calls.get(callID) ?? NOTHING_KNOWN;
  }

  devicesIn(callID: string): ReadonlySet<string> {
    return this.#calls.get(callID)?.devices ?? new Set();
  }

  enter(callID: string, device: string): void {
    this.#touch(callID).devices.add(device);
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
    const call = this.#touch(callID);
    call.origin ??= origin;
    if (members && members.size > 0) {
      // What was told of them before stays as it was.
      const merged = new Map(call.members);
      for (const [user, added] of members) {
        const member = merged.get(user);
        merged.set(user, member ? mergeMember(member, added) : added);
      }
      call.members = merged;
    }
    for (const [user, names] of named ?? []) {
      const all = call.named.get(user) ?? new Set();
      call.named.set(user, all);
      for (const name of names) if (all.size < MAX_NAMED) all.add(name);
    }
    return 'noted';
  }

  /** Makes a call the one touched last. */
  #touch(callID: string): Call {
    const now = this.#now();
    const call = this.#calls.get(callID) ?? newCall();
    this.#putLast(callID, call, now);
    if (this.#calls.size > MAX_CALLS || now >= this.#tidyAt) this.#tidy(now);
    return call;
  }

  /**
   * Forgets calls that nobody is in and nobody has touched for long and, when there are too many, the oldest. Many at a
   * time: to find the first of a map whose first ones were deleted, all of their places are walked through.
   */
  #tidy(now: number): void {
    this.#tidyAt = now + TIDY_INTERVAL_MS;
    const most = this.#calls.size > MAX_CALLS ? MOST_LEFT : MAX_CALLS;
    for (const [oldestID, oldest] of this.#calls) {
      const full = this.#calls.size > most;
      if (!full && oldest.touchedAt > now - KEEP_CALL_MS) break;
      if (!full && oldest.devices.size > 0) this.#putLast(oldestID, oldest, now);
      else this.#calls.delete(oldestID);
    }
  }

  #putLast(callID: string, call: Call, touchedAt: number): void {
    this.#calls.delete(callID);
    this.#calls.set(callID, Object.assign(call, { touchedAt }));
  }
}

type ByUser = ReadonlyMap<string, unknown>;

/** Whether a call can have these users beside those that it has. */
function fits(known: ByUser | undefined, added: ByUser | undefined): boolean {
  if (!added || (known?.size ?? 0) + added.size <= MAX_USERS_PER_CALL) return true;
  let count = 0;
  for (const user of added.keys()) if (!known?.has(user)) count += 1;
  return count === 0 || (known?.size ?? 0) + count <= MAX_USERS_PER_CALL;
}
