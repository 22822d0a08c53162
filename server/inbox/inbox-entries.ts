import { EntryList } from './entry-list.js';
import { invitationBytes } from './invitation-bytes.js';
import type { Handled, Invitation, Missed, Settled } from './inbox.js';
import {
  isNewMark,
  withMark,
  type Entries,
  type HandledHow,
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
/** The sender to whom calls are charged that were settled before their invitation arrived. No user has this ID. */
const NO_SENDER = '';

/** The rules of inboxes, without a clock or a store: every method is synchronous and reports its changes. */
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

  /** Approximate size of all entries, in bytes of heap. */
  get bytes(): number {
    return this.#budget.bytes;
  }

  /** Adds an entry from the store, oldest first. Reports no change for it, but may evict other entries. */
  restore({ kind, userID, callID, entry }: InboxChange): void {
    if (!entry) return;
    const invitation = 'invitation' in entry ? entry.invitation : undefined;
    const senderID = 'senderID' in entry ? entry.senderID : undefined;
    if (invitation) this.#charge(invitation);
    else this.#chargeEntry(userID, callID, senderID, 'at' in entry ? entry.at : 0);
    (this.#boxOf(userID)[kind] as EntryList<Kind>).set(callID, entry);
    if (kind === 'open') this.#indexByCall(entry.invitation);
    this.#evict(userID, callID);
  }

  put(invitation: Invitation): 'kept' | 'known' | 'settled' {
    const { userID, callID, round } = invitation;
    const box = this.#boxes.get(userID);
    if ((box?.settled.get(callID)?.round ?? 0) >= round) return 'settled';
    if ((box?.open.get(callID)?.invitation.round ?? 0) >= round) return 'known';
    this.#remove('missed', userID, callID);
    this.#charge(invitation);
    this.#add('open', userID, callID, { invitation });
    this.#evict(userID, callID);
    return 'kept';
  }

  answer(userID: string, callID: string, round: number, now: number): boolean {
    const box = this.#boxes.get(userID);
    const open = box?.open.get(callID)?.invitation;
    if (open && open.round <= round) {
      this.#settle(userID, callID, open.round, 'answered', now);
      this.#remove('open', userID, callID);
      return true;
    }
    if (!open && box?.settled.get(callID)?.round === round)
      this.#settle(userID, callID, round, 'answered', now);
    if (box?.missed.get(callID)?.round === round) this.#remove('missed', userID, callID);
    return false;
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
    this.#add('missed', userID, callID, handled ? withMark(entry, handled) : entry);
    this.#settle(userID, callID, round, 'ended', now);
    this.#remove('open', userID, callID);
    return invitation;
  }

  drop(userID: string, callID: string): void {
    this.#remove('open', userID, callID);
    this.#remove('missed', userID, callID);
    const settled = this.#boxes.get(userID)?.settled.get(callID);
    if (settled?.how === 'ended') this.#remove('settled', userID, callID);
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
    const missed: Missed[] = [];
    for (const entry of this.#boxes.get(userID)?.missed.values() ?? []) {
      const { invitation, reason, at, fresh } = entry;
      if (!invitation || entry.handled === 'dismissed') continue;
      if (fresh || at <= settledBefore) missed.push({ invitation, reason, at, fresh });
    }
    this.known(
      userID,
      missed.map(({ invitation }) => invitation.callID),
    );
    return missed;
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
      if (open && isNewMark(open, how)) {
        this.#replace('open', userID, callID, { ...open, handled: how });
      }
      const missed = box?.missed.get(callID);
      if (missed && isNewMark(missed, how)) {
        this.#replace('missed', userID, callID, withMark(missed, how));
      }
    }
  }

  handled(userID: string, now: number): Handled {
    this.#expire(userID, now);
    const missed = [...(this.#boxes.get(userID)?.missed ?? [])];
    const marked = (how: HandledHow) =>
      missed.flatMap(([callID, { handled }]) => (handled === how ? [callID] : []));
    return { seen: marked('seen'), dismissed: marked('dismissed') };
  }

  /** Removes expired entries of all users. */
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
    this.#add('settled', userID, callID, { callID, round, how, at: now, senderID });
    this.#expire(userID, now);
    this.#evict(userID, callID);
  }

  #charge(invitation: Invitation): void {
    const { userID, callID, message, receivedAt } = invitation;
    const bytes = invitationBytes(invitation) + ENTRY_BYTES;
    this.#budget.charge({ userID, callID, senderID: message.from.userID, bytes }, receivedAt);
  }

  /** Charges a fixed size for a call that has no invitation in the inbox. */
  #chargeEntry(userID: string, callID: string, senderID = NO_SENDER, now: number): void {
    if (this.#budget.senderOf(userID, callID) !== undefined) return;
    this.#budget.charge({ userID, callID, senderID, bytes: ENTRY_BYTES }, now);
  }

  /** Evicts entries until the inbox, its sender and the whole store are within their limits. */
  #evict(userID: string, callID: string): void {
    for (let next; (next = this.#budget.excess(userID, callID));) this.#removeCall(next);
    for (const each of this.#budget.overflow()) this.#removeCall(each);
  }

  /** Adds an entry as the newest, and evicts entries beyond the limits for its kind, of its sender and in all. */
  #add<K extends Kind>(kind: K, userID: string, callID: string, entry: Entries[K]): void {
    const entries = this.#boxOf(userID)[kind];
    entries.delete(callID);
    this.#replace(kind, userID, callID, entry);
    if (kind === 'open') this.#indexByCall((entry as OpenEntry).invitation);
    const excess = entries.excess(callID, MAX_ENTRIES_BY_SENDER[kind]);
    if (excess !== undefined) this.#remove(kind, userID, excess);
    while (entries.size > MAX_ENTRIES[kind]) {
      this.#remove(kind, userID, this.#budget.firstToEvict(userID, entries.keys()) ?? callID);
    }
  }

  #boxOf(userID: string): Box {
    let box = this.#boxes.get(userID);
    if (!box) this.#boxes.set(userID, (box = newBox()));
    return box;
  }

  /** Adds an entry, or replaces the existing one. */
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

  /** Updates the charge after a change: without its invitation an entry is smaller; a call without entries is released. */
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

  #indexByCall(invitation: Invitation): void {
    const { userID, callID } = invitation;
    const listed = this.#open.get(callID);
    if (listed) listed.set(userID, invitation);
    else this.#open.set(callID, new Map([[userID, invitation]]));
  }

  #removeCall({ userID, callID }: Pick<Invitation, 'userID' | 'callID'>): void {
    for (const kind of KINDS) this.#remove(kind, userID, callID);
    this.#budget.release(userID, callID);
  }
}

const newBox = (): Box => ({
  open: new EntryList(),
  missed: new EntryList(),
  settled: new EntryList(),
});
