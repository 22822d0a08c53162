import type { Handled, Invitation, Missed, Settled } from './inbox.js';
import {
  KEEP_MISSED_MS,
  KEEP_SETTLED_MS,
  MAX_INBOXES,
  MAX_MISSED_PER_USER,
  MAX_OPEN_PER_USER,
  MAX_SETTLED_PER_USER,
} from './limits.js';

type How = keyof Handled;

interface OpenEntry {
  readonly invitation: Invitation;
  /** A device of the user has said something about it: it will know whether it was missed. */
  readonly known?: boolean;
  /** A device said so of a call that is not over here yet. */
  readonly handled?: How | undefined;
}
interface MissedEntry extends Omit<Missed, 'invitation'> {
  readonly round: number;
  /** Not of one that was dismissed. */
  readonly invitation?: Invitation | undefined;
  readonly handled?: How | undefined;
}
interface SettledEntry extends Settled {
  readonly at: number;
}

/** What one callID has in one inbox, by kind. */
interface Entries {
  readonly open: OpenEntry;
  readonly missed: MissedEntry;
  readonly settled: SettledEntry;
}
export type Kind = keyof Entries;
type Box = { readonly [K in Kind]: Map<string, Entries[K]> };

/** An entry as it is now; without `entry` there is none any more. Plain JSON. */
export type InboxChange = {
  [K in Kind]: {
    readonly kind: K;
    readonly userID: string;
    readonly callID: string;
    readonly entry?: Entries[K] | undefined;
  };
}[Kind];

const MOST = {
  open: MAX_OPEN_PER_USER,
  missed: MAX_MISSED_PER_USER,
  settled: MAX_SETTLED_PER_USER,
} as const;
const KINDS = ['open', 'missed', 'settled'] as const;
const PUTS_PER_ITERATOR = 10_000;

/** The rules of an inbox, without a clock or a disk of its own: every step is synchronous, and tells what it changed. */
export class InboxEntries {
  /** The one whose last invitation is newest is last. */
  readonly #boxes = new Map<string, Box>();
  /**
   * Their users, the oldest next. What is put last again comes again. A new iterator walks through the places of all
   * that were deleted at the front, so it is used for long; but it holds on to every table that the map has outgrown
   * since, some 50 bytes for each `put`, so it is not used for good.
   */
  #oldest = this.#boxes.keys();
  /** How many more invitations this iterator is used for. */
  #untilNewIterator = PUTS_PER_ITERATOR;
  /** Open invitations by callID, then by user. */
  readonly #open = new Map<string, Map<string, Invitation>>();
  readonly #changed: (change: InboxChange) => void;

  constructor(changed: (change: InboxChange) => void = () => {}) {
    this.#changed = changed;
  }

  /** Takes in an entry that was kept, after those that are older. It is no change. */
  restore({ kind, userID, callID, entry }: InboxChange): void {
    if (!entry) return;
    const box = this.#boxes.get(userID) ?? newBox();
    this.#boxes.delete(userID);
    this.#boxes.set(userID, box);
    (box[kind] as Map<string, typeof entry>).set(callID, entry);
    if (kind === 'open') this.#list(entry.invitation);
  }

  put(invitation: Invitation): 'kept' | 'known' | 'settled' {
    const { userID, callID, round } = invitation;
    const box = this.#boxes.get(userID) ?? newBox();
    if ((box.settled.get(callID)?.round ?? 0) >= round) return 'settled';
    if ((box.open.get(callID)?.invitation.round ?? 0) >= round) return 'known';
    this.#boxes.delete(userID);
    this.#boxes.set(userID, box);
    this.#remove('missed', userID, callID);
    this.#keep('open', userID, callID, { invitation });
    if (--this.#untilNewIterator <= 0) {
      this.#untilNewIterator = PUTS_PER_ITERATOR;
      this.#oldest = this.#boxes.keys();
    }
    while (this.#boxes.size > MAX_INBOXES) this.#forget(this.#oldest.next().value ?? userID);
    return 'kept';
  }

  answer(userID: string, callID: string, round: number, now: number): boolean {
    const box = this.#boxes.get(userID);
    const open = box?.open.get(callID)?.invitation;
    const decided = open ?? box?.settled.get(callID);
    if (decided && decided.round <= round) {
      this.#remove('open', userID, callID);
      this.#settle(userID, callID, decided.round, 'answered', now);
    }
    if ((box?.missed.get(callID)?.round ?? Infinity) <= round) {
      this.#remove('missed', userID, callID);
    }
    return open !== undefined && open.round <= round;
  }

  select(userID: string, callID: string, round: number, now: number): boolean {
    const answered = this.answer(userID, callID, round, now);
    const box = this.#boxes.get(userID);
    if (!box || (box.open.get(callID)?.invitation.round ?? 0) > round) return answered;
    if ((box.settled.get(callID)?.round ?? 0) < round) {
      this.#settle(userID, callID, round, 'answered', now);
    }
    return answered;
  }

  end(
    userID: string,
    callID: string,
    missed: Omit<Missed, 'invitation'>,
    now: number,
  ): Invitation | undefined {
    const open = this.#boxes.get(userID)?.open.get(callID);
    if (!open) return undefined;
    const { invitation, handled, known = false } = open;
    const { round } = invitation;
    this.#remove('open', userID, callID);
    const entry = { ...missed, fresh: missed.fresh || !known, round, invitation };
    this.#keep('missed', userID, callID, handled ? withMark(entry, handled) : entry);
    this.#settle(userID, callID, round, 'ended', now);
    return invitation;
  }

  drop(userID: string, callID: string): void {
    this.#remove('open', userID, callID);
  }

  openFor(userID: string): Invitation[] {
    return [...(this.#boxes.get(userID)?.open.values() ?? [])].map(({ invitation }) => invitation);
  }

  openIn(callID: string): Invitation[] {
    return [...(this.#open.get(callID)?.values() ?? [])];
  }

  dueBy(time: number): Invitation[] {
    return [...this.#open.values()].flatMap((invitations) =>
      [...invitations.values()].filter(({ expiresAt }) => expiresAt <= time),
    );
  }

  tell(userID: string, settledBefore: number, now: number): Missed[] {
    this.#expire(userID, now);
    const told: Missed[] = [];
    for (const entry of this.#boxes.get(userID)?.missed.values() ?? []) {
      const { invitation, reason, at, fresh } = entry;
      if (!invitation || entry.handled === 'dismissed') continue;
      if (fresh || at <= settledBefore) told.push({ invitation, reason, at, fresh });
    }
    this.known(
      userID,
      told.map(({ invitation }) => invitation.callID),
    );
    return told;
  }

  settled(userID: string, now: number): Settled[] {
    this.#expire(userID, now);
    const settled = [...(this.#boxes.get(userID)?.settled.values() ?? [])];
    return settled.map(({ callID, round, how }) => ({ callID, round, how }));
  }

  known(userID: string, callIDs: readonly string[]): void {
    const box = this.#boxes.get(userID);
    for (const callID of callIDs) {
      const open = box?.open.get(callID);
      if (open && !open.known) this.#replace('open', userID, callID, { ...open, known: true });
      const entry = box?.missed.get(callID);
      if (entry?.fresh) this.#replace('missed', userID, callID, { ...entry, fresh: false });
    }
  }

  seen(userID: string, callIDs: readonly string[], dismissed: boolean): void {
    const box = this.#boxes.get(userID);
    const how = dismissed ? 'dismissed' : 'seen';
    for (const callID of callIDs) {
      const open = box?.open.get(callID);
      if (open && isNews(open, how)) {
        this.#replace('open', userID, callID, { ...open, handled: how });
      }
      const missed = box?.missed.get(callID);
      if (missed && isNews(missed, how)) {
        this.#replace('missed', userID, callID, withMark(missed, how));
      }
    }
  }

  handled(userID: string, now: number): Handled {
    this.#expire(userID, now);
    const missed = [...(this.#boxes.get(userID)?.missed ?? [])];
    const marked = (how: How) =>
      missed.flatMap(([callID, { handled }]) => (handled === how ? [callID] : []));
    return { seen: marked('seen'), dismissed: marked('dismissed') };
  }

  /** Forgets everything whose time is over, of everybody. */
  expire(now: number): void {
    for (const [userID, box] of this.#boxes) {
      this.#expire(userID, now);
      if (KINDS.every((kind) => box[kind].size === 0)) this.#boxes.delete(userID);
    }
  }

  #expire(userID: string, now: number): void {
    const box = this.#boxes.get(userID);
    for (const [callID, { at }] of box?.missed ?? []) {
      if (at <= now - KEEP_MISSED_MS) this.#remove('missed', userID, callID);
    }
    for (const [callID, { at }] of box?.settled ?? []) {
      if (at > now - KEEP_SETTLED_MS) break;
      this.#remove('settled', userID, callID);
    }
  }

  #settle(userID: string, callID: string, round: number, how: Settled['how'], now: number): void {
    this.#keep('settled', userID, callID, { callID, round, how, at: now });
    this.#expire(userID, now);
  }

  /** Puts an entry last, and drops the oldest of its kind beyond what is kept for a user. */
  #keep<K extends Kind>(kind: K, userID: string, callID: string, entry: Entries[K]): void {
    this.#remove(kind, userID, callID);
    this.#replace(kind, userID, callID, entry);
    if (kind === 'open') this.#list((entry as OpenEntry).invitation);
    const entries = this.#boxes.get(userID)?.[kind] ?? new Map<string, unknown>();
    for (const oldest of entries.keys()) {
      if (entries.size <= MOST[kind]) break;
      this.#remove(kind, userID, oldest);
    }
  }

  /** An entry in the place of the one that is there. */
  #replace<K extends Kind>(kind: K, userID: string, callID: string, entry: Entries[K]): void {
    this.#boxes.get(userID)?.[kind].set(callID, entry);
    this.#changed({ kind, userID, callID, entry } as InboxChange);
  }

  #remove(kind: Kind, userID: string, callID: string): void {
    if (!this.#boxes.get(userID)?.[kind].delete(callID)) return;
    this.#changed({ kind, userID, callID });
    if (kind !== 'open') return;
    const listed = this.#open.get(callID);
    listed?.delete(userID);
    if (listed?.size === 0) this.#open.delete(callID);
  }

  #list(invitation: Invitation): void {
    const { userID, callID } = invitation;
    const listed = this.#open.get(callID) ?? new Map<string, Invitation>();
    this.#open.set(callID, listed.set(userID, invitation));
  }

  #forget(userID: string): void {
    for (const kind of KINDS) {
      for (const callID of this.#boxes.get(userID)?.[kind].keys() ?? []) {
        this.#remove(kind, userID, callID);
      }
    }
    this.#boxes.delete(userID);
  }
}

const newBox = (): Box => ({ open: new Map(), missed: new Map(), settled: new Map() });

/** Whether it was not handled so far, or seen alone and is dismissed now. */
const isNews = ({ handled }: { readonly handled?: How | undefined }, how: How): boolean =>
  handled === undefined || (handled === 'seen' && how === 'dismissed');

function withMark(entry: MissedEntry, handled: How): MissedEntry {
  const { invitation, ...rest } = entry;
  return { ...rest, ...(handled === 'seen' && { invitation }), fresh: false, handled };
}
