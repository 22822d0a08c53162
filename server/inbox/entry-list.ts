import type { Entries, Kind } from './inbox-change.js';

/** The user whose message caused an entry; '' if the call was settled before its invitation arrived. */
function senderOf(entry: Entries[Kind]): string {
  const invitation = 'invitation' in entry ? entry.invitation : undefined;
  if (invitation) return invitation.message.from.userID;
  return ('senderID' in entry && entry.senderID) || '';
}

/** Entries of one kind in one inbox, by callID, oldest first. */
export class EntryList<K extends Kind> {
  readonly #entries = new Map<string, Entries[K]>();
  /** The calls of each sender, oldest first. Built when the list is first so long that a sender's share matters. */
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

  /** Adds or replaces an entry. A replaced entry keeps its position. */
  set(callID: string, entry: Entries[K]): void {
    const before = this.#bySender && this.#entries.get(callID);
    this.#entries.set(callID, entry);
    if (before && senderOf(before) === senderOf(entry)) return;
    if (before) this.#removeFromSender(callID, before);
    this.#addToSender(callID, entry);
  }

  delete(callID: string): boolean {
    const entry = this.#entries.get(callID);
    if (!entry) return false;
    this.#entries.delete(callID);
    this.#removeFromSender(callID, entry);
    return true;
  }

  /** @returns the oldest call by the sender of the given call, if this sender has more than `most` entries here */
  excess(callID: string, most: number): string | undefined {
    if (this.size <= most) return undefined;
    if (!this.#bySender) {
      this.#bySender = new Map();
      for (const [each, entry] of this.#entries) this.#addToSender(each, entry);
    }
    const entry = this.#entries.get(callID);
    const own = entry && this.#bySender.get(senderOf(entry));
    if (!own || own.size <= most) return undefined;
    const [first] = own;
    return first;
  }

  #addToSender(callID: string, entry: Entries[K]): void {
    if (!this.#bySender) return;
    const sender = senderOf(entry);
    const own = this.#bySender.get(sender);
    if (own) own.add(callID);
    else this.#bySender.set(sender, new Set([callID]));
  }

  #removeFromSender(callID: string, entry: Entries[K]): void {
    const sender = senderOf(entry);
    const own = this.#bySender?.get(sender);
    own?.delete(callID);
    if (own?.size === 0) this.#bySender?.delete(sender);
  }
}
