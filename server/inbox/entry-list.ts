import type { Entries, Kind } from './inbox-change.js';

/** Who has caused an entry; nobody, where it was decided before its invitation came. */
function senderOf(entry: Entries[Kind]): string {
  const invitation = 'invitation' in entry ? entry.invitation : undefined;
  if (invitation) return invitation.message.from.userID;
  return ('senderID' in entry && entry.senderID) || '';
}

/** Entries of one kind in one inbox, by callID; the oldest is first. */
export class EntryList<K extends Kind> {
  readonly #entries = new Map<string, Entries[K]>();
  /** The calls of each sender, the oldest first. Few inboxes are so full that it is asked for; none before that. */
  #bySender: Map<string, Set<string>> | undefined;

  get size(): number {
    return this.#entries.size;
  }

  get(callID: string): Entries[K] | undefined {
    return this.#entries.get(callID);
  }

  has(callID: string): boolean {
    return this.#entries.has(callID);
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  values(): IterableIterator<Entries[K]> {
    return this.#entries.values();
  }

  [Symbol.iterator](): IterableIterator<[string, Entries[K]]> {
    return this.#entries[Symbol.iterator]();
  }

  /** An entry that is there already keeps its place. */
  set(callID: string, entry: Entries[K]): void {
    const before = this.#bySender && this.#entries.get(callID);
    this.#entries.set(callID, entry);
    if (before && senderOf(before) === senderOf(entry)) return;
    if (before) this.#unlist(callID, before);
    this.#list(callID, entry);
  }

  delete(callID: string): boolean {
    const entry = this.#entries.get(callID);
    if (!entry) return false;
    this.#entries.delete(callID);
    this.#unlist(callID, entry);
    return true;
  }

  /** @returns the oldest call of the sender of this one, when that sender has more than so many here */
  excess(callID: string, most: number): string | undefined {
    if (this.size <= most) return undefined;
    if (!this.#bySender) {
      this.#bySender = new Map();
      for (const [each, entry] of this.#entries) this.#list(each, entry);
    }
    const entry = this.#entries.get(callID);
    const own = entry && this.#bySender.get(senderOf(entry));
    if (!own || own.size <= most) return undefined;
    const [first] = own;
    return first;
  }

  #list(callID: string, entry: Entries[K]): void {
    if (!this.#bySender) return;
    const sender = senderOf(entry);
    const own = this.#bySender.get(sender);
    if (own) own.add(callID);
    else this.#bySender.set(sender, new Set([callID]));
  }

  #unlist(callID: string, entry: Entries[K]): void {
    const sender = senderOf(entry);
    const own = this.#bySender?.get(sender);
    own?.delete(callID);
    if (own?.size === 0) this.#bySender?.delete(sender);
  }
}
