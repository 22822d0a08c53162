import type { Inbox, Invitation, Missed, Settled } from './inbox.js';
import {
  KEEP_MISSED_MS,
  KEEP_SETTLED_MS,
  MAX_INBOXES,
  MAX_MISSED_PER_USER,
  MAX_OPEN_PER_USER,
  MAX_SETTLED_PER_USER,
} from './limits.js';

/** What is kept for one user, by callID, oldest first. */
interface Box {
  readonly open: Map<string, Invitation>;
  readonly missed: Map<string, Missed>;
  readonly settled: Map<string, Settled & { readonly at: number }>;
}

const newBox = (): Box => ({ open: new Map(), missed: new Map(), settled: new Map() });

/** Puts an entry last. @returns what was dropped from the front, so that no more than `most` are kept */
function keep<T>(entries: Map<string, T>, key: string, entry: T, most: number): T[] {
  entries.delete(key);
  entries.set(key, entry);
  const dropped: T[] = [];
  for (const [oldest, value] of entries) {
    if (entries.size <= most) break;
    entries.delete(oldest);
    dropped.push(value);
  }
  return dropped;
}

/** An inbox that lives as long as the process. */
export class MemoryInbox implements Inbox {
  readonly #boxes = new Map<string, Box>();
  /** The open invitations of all boxes, by callID. */
  readonly #open = new Map<string, Set<Invitation>>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async put(invitation: Invitation): Promise<'kept' | 'known' | 'settled'> {
    const { userID, callID, round } = invitation;
    const box = this.#boxes.get(userID) ?? newBox();
    if ((box.settled.get(callID)?.round ?? 0) >= round) return 'settled';
    if ((box.open.get(callID)?.round ?? 0) >= round) return 'known';
    this.#close(box, callID);
    box.missed.delete(callID);
    for (const { open } of keep(this.#boxes, userID, box, MAX_INBOXES)) {
      for (const dropped of open.values()) this.#unlist(dropped);
    }
    for (const dropped of keep(box.open, callID, invitation, MAX_OPEN_PER_USER)) {
      this.#unlist(dropped);
    }
    this.#open.set(callID, (this.#open.get(callID) ?? new Set()).add(invitation));
    return 'kept';
  }

  async answer(userID: string, callID: string, round: number): Promise<void> {
    const box = this.#boxes.get(userID);
    const decided = box?.open.get(callID) ?? box?.settled.get(callID);
    if (box && decided && decided.round <= round) {
      this.#close(box, callID);
      this.#settle(box, callID, decided.round, 'answered');
    }
    if ((box?.missed.get(callID)?.invitation.round ?? Infinity) <= round) {
      box?.missed.delete(callID);
    }
  }

  async select(userID: string, callID: string, round: number): Promise<void> {
    await this.answer(userID, callID, round);
    const box = this.#boxes.get(userID);
    if (!box || (box.open.get(callID)?.round ?? 0) > round) return;
    if ((box.settled.get(callID)?.round ?? 0) < round) this.#settle(box, callID, round, 'answered');
  }

  async end(
    userID: string,
    callID: string,
    missed: Omit<Missed, 'invitation'>,
  ): Promise<Invitation | undefined> {
    const box = this.#boxes.get(userID);
    const invitation = box && this.#close(box, callID);
    if (!invitation) return undefined;
    keep(box.missed, callID, { ...missed, invitation }, MAX_MISSED_PER_USER);
    this.#settle(box, callID, invitation.round, 'ended');
    return invitation;
  }

  async drop(userID: string, callID: string): Promise<void> {
    const box = this.#boxes.get(userID);
    if (box) this.#close(box, callID);
  }

  async openFor(userID: string): Promise<readonly Invitation[]> {
    return [...(this.#boxes.get(userID)?.open.values() ?? [])];
  }

  async openIn(callID: string): Promise<readonly Invitation[]> {
    return [...(this.#open.get(callID) ?? [])];
  }

  async dueBy(time: number): Promise<readonly Invitation[]> {
    return [...this.#open.values()].flatMap((invitations) =>
      [...invitations].filter(({ expiresAt }) => expiresAt <= time),
    );
  }

  async tell(userID: string, settledBefore: number): Promise<readonly Missed[]> {
    const missed = this.#boxes.get(userID)?.missed ?? new Map<string, Missed>();
    const told: Missed[] = [];
    for (const [callID, entry] of missed) {
      if (entry.at <= this.#now() - KEEP_MISSED_MS) missed.delete(callID);
      else if (entry.fresh || entry.at <= settledBefore) told.push(entry);
    }
    await this.known(
      userID,
      told.map(({ invitation }) => invitation.callID),
    );
    return told;
  }

  async settled(userID: string): Promise<readonly Settled[]> {
    const box = this.#boxes.get(userID);
    if (!box) return [];
    this.#forget(box);
    return [...box.settled.values()].map(({ callID, round, how }) => ({ callID, round, how }));
  }

  async known(userID: string, callIDs: readonly string[]): Promise<void> {
    const missed = this.#boxes.get(userID)?.missed;
    for (const callID of callIDs) {
      const entry = missed?.get(callID);
      if (entry) missed?.set(callID, { ...entry, fresh: false });
    }
  }

  async seen(userID: string, callIDs: readonly string[]): Promise<void> {
    for (const callID of callIDs) this.#boxes.get(userID)?.missed.delete(callID);
  }

  #close({ open }: Box, callID: string): Invitation | undefined {
    const invitation = open.get(callID);
    open.delete(callID);
    if (invitation) this.#unlist(invitation);
    return invitation;
  }

  #unlist(invitation: Invitation): void {
    const listed = this.#open.get(invitation.callID);
    listed?.delete(invitation);
    if (listed?.size === 0) this.#open.delete(invitation.callID);
  }

  #settle(box: Box, callID: string, round: number, how: Settled['how']): void {
    keep(box.settled, callID, { callID, round, how, at: this.#now() }, MAX_SETTLED_PER_USER);
    this.#forget(box);
  }

  #forget({ settled }: Box): void {
    for (const { callID, at } of settled.values()) {
      if (at > this.#now() - KEEP_SETTLED_MS) return;
      settled.delete(callID);
    }
  }
}
