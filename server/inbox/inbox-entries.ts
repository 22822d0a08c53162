import { EntryList } from './entry-list.js';
import { invitationBytes } from './invitation-bytes.js';
import type { Handled, Invitation, Missed, Settled } from './inbox.js';
import {
  isNews,
  withMark,
  type Entries,
  type How,
  type InboxChange,
  type Kind,
  type OpenEntry,
} from './inbox-change.js';
import { InboxBudget, type InboxLimits } from './inbox-budget.js';
import {
  DEFAULT_LIMITS,
  ENTRY_BYTES,
  KEEP_MISSED_MS,
  KEEP_SETTLED_MS,
  MAX_ENTRIES,
  MAX_ENTRIES_BY_SENDER,
} from '../limits/limits.js';

type Box = { readonly [K in Kind]: EntryList<K> };
const KINDS = ['open', 'missed', 'settled'] as const;
/** Who is charged for what was decided before its invitation came: nobody has this ID. */
const NO_SENDER = '';

/** The rules of an inbox, without a clock or a disk of its own: every step is synchronous, and tells what it changed. */
export class InboxEntries {
  readonly #boxes = new Map<string, Box>();
  /** Open invitations by callID, then by user. */
  readonly #open = new Map<string, Map<string, Invitation>>();
  readonly #budget: InboxBudget;
  readonly #changed: (change: InboxChange) => void;

  constructor(
    changed: (change: InboxChange) => void = () => {},
    limits: InboxLimits = DEFAULT_LIMITS,
  ) {
    this.#changed = changed;
    this.#budget = new InboxBudget(limits);
  }

  /** What all of it takes, roughly, in bytes of heap. */
  get bytes(): number {
    return this.#budget.bytes;
  }

  /** Takes in an entry that was kept, after those that are older. It is no change, but something may have to go for it. */
  restore({ kind, userID, callID, entry }: InboxChange): void {
    if (!entry) return;
    const invitation = 'invitation' in entry ? entry.invitation : undefined;
    const senderID = 'senderID' in entry ? entry.senderID : undefined;
    if (invitation) this.#charge(invitation);
    else this.#chargeEntry(userID, callID, senderID, 'at' in entry ? entry.at : 0);
    (this.#boxOf(userID)[kind] as EntryList<Kind>).set(callID, entry);
    if (kind === 'open') this.#list(entry.invitation);
    this.#fit(userID, callID);
  }

  put(invitation: Invitation): 'kept' | 'known' | 'settled' {
    const { userID, callID, round } = invitation;
    const box = this.#boxes.get(userID);
    if ((box?.settled.get(callID)?.round ?? 0) >= round) return 'settled';
    if ((box?.open.get(callID)?.invitation.round ?? 0) >= round) return 'known';
    this.#remove('missed', userID, callID);
    this.#charge(invitation);
    this.#keep('open', userID, callID, { invitation });
    this.#fit(userID, callID);
    return 'kept';
  }

  answer(userID: string, callID: string, round: number, now: number): boolean {
    const box = this.#boxes.get(userID);
    const open = box?.open.get(callID)?.invitation;
    const decided = open ?? box?.settled.get(callID);
    if (decided && decided.round <= round) {
      this.#settle(userID, callID, decided.round, 'answered', now);
      this.#remove('open', userID, callID);
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
    const entry = { ...missed, fresh: missed.fresh || !known, round, invitation };
    this.#keep('missed', userID, callID, handled ? withMark(entry, handled) : entry);
    this.#settle(userID, callID, round, 'ended', now);
    this.#remove('open', userID, callID);
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
    for (const userID of this.#boxes.keys()) this.#expire(userID, now);
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
    this.#chargeEntry(userID, callID, NO_SENDER, now);
    const senderID = this.#budget.senderOf(userID, callID);
    this.#keep('settled', userID, callID, { callID, round, how, at: now, senderID });
    this.#expire(userID, now);
    this.#fit(userID, callID);
  }

  #charge(invitation: Invitation): void {
    const { userID, callID, message, receivedAt } = invitation;
    const bytes = invitationBytes(invitation) + ENTRY_BYTES;
    this.#budget.charge({ userID, callID, senderID: message.from.userID, bytes }, receivedAt);
  }

  /** What is known of a call takes its place also without an invitation. */
  #chargeEntry(userID: string, callID: string, senderID = NO_SENDER, now: number): void {
    if (this.#budget.senderOf(userID, callID) !== undefined) return;
    this.#budget.charge({ userID, callID, senderID, bytes: ENTRY_BYTES }, now);
  }

  /** What a step has added may be too much for the inbox, its sender, or the whole store. */
  #fit(userID: string, callID: string): void {
    for (let next; (next = this.#budget.excess(userID, callID));) this.#forget(next);
    for (const each of this.#budget.overflow()) this.#forget(each);
  }

  /** Puts an entry last, and drops what is too much of its kind: of its sender, or in all. */
  #keep<K extends Kind>(kind: K, userID: string, callID: string, entry: Entries[K]): void {
    const entries = this.#boxOf(userID)[kind];
    entries.delete(callID);
    this.#replace(kind, userID, callID, entry);
    if (kind === 'open') this.#list((entry as OpenEntry).invitation);
    const excess = entries.excess(callID, MAX_ENTRIES_BY_SENDER[kind]);
    if (excess !== undefined) this.#remove(kind, userID, excess);
    while (entries.size > MAX_ENTRIES[kind]) {
      this.#remove(kind, userID, this.#budget.greediest(userID, entries.keys()) ?? callID);
    }
  }

  #boxOf(userID: string): Box {
    let box = this.#boxes.get(userID);
    if (!box) this.#boxes.set(userID, (box = newBox()));
    return box;
  }

  /** An entry in the place of the one that is there. */
  #replace<K extends Kind>(kind: K, userID: string, callID: string, entry: Entries[K]): void {
    this.#boxes.get(userID)?.[kind].set(callID, entry);
    this.#changed({ kind, userID, callID, entry } as InboxChange);
    this.#resize(userID, callID);
  }

  #remove(kind: Kind, userID: string, callID: string): void {
    if (!this.#boxes.get(userID)?.[kind].delete(callID)) return;
    this.#changed({ kind, userID, callID });
    this.#resize(userID, callID);
    if (kind !== 'open') return;
    const listed = this.#open.get(callID);
    listed?.delete(userID);
    if (listed?.size === 0) this.#open.delete(callID);
  }

  /** After a change: without its invitation an entry takes less; nothing of a call takes nothing. */
  #resize(userID: string, callID: string): void {
    const box = this.#boxes.get(userID);
    if (!box || box.open.has(callID) || box.missed.get(callID)?.invitation) return;
    if (box.missed.has(callID) || box.settled.has(callID)) {
      this.#budget.resize(userID, callID, ENTRY_BYTES);
      return;
    }
    this.#budget.release(userID, callID);
    if (KINDS.every((kind) => box[kind].size === 0)) this.#boxes.delete(userID);
  }

  #list(invitation: Invitation): void {
    const { userID, callID } = invitation;
    const listed = this.#open.get(callID);
    if (listed) listed.set(userID, invitation);
    else this.#open.set(callID, new Map([[userID, invitation]]));
  }

  #forget({ userID, callID }: Pick<Invitation, 'userID' | 'callID'>): void {
    for (const kind of KINDS) this.#remove(kind, userID, callID);
    this.#budget.release(userID, callID);
  }
}

const newBox = (): Box => ({
  open: new EntryList(),
  missed: new EntryList(),
  settled: new EntryList(),
});
