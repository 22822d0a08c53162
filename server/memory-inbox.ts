import type { Handled, Inbox, Invitation, Missed, Settled } from './inbox.js';
import { InboxEntries } from './inbox-entries.js';

/** An inbox that lives as long as the process; with a `commit`, one that is kept by whoever gave it. */
export class MemoryInbox implements Inbox {
  readonly #entries: InboxEntries;
  readonly #now: () => number;
  readonly #commit: () => Promise<void>;

  /** @param kept what is kept already, and what keeps every change: it resolves when all so far are */
  constructor(
    now: () => number = Date.now,
    kept: { readonly entries?: InboxEntries; readonly commit?: () => Promise<void> } = {},
  ) {
    this.#now = now;
    this.#entries = kept.entries ?? new InboxEntries();
    this.#commit = kept.commit ?? (() => Promise.resolve());
  }

  put(invitation: Invitation): Promise<'kept' | 'known' | 'settled'> {
    return this.#keep(this.#entries.put(invitation));
  }

  answer(userID: string, callID: string, round: number): Promise<boolean> {
    return this.#keep(this.#entries.answer(userID, callID, round, this.#now()));
  }

  select(userID: string, callID: string, round: number): Promise<boolean> {
    return this.#keep(this.#entries.select(userID, callID, round, this.#now()));
  }

  end(
    userID: string,
    callID: string,
    missed: Omit<Missed, 'invitation'>,
  ): Promise<Invitation | undefined> {
    return this.#keep(this.#entries.end(userID, callID, missed, this.#now()));
  }

  drop(userID: string, callID: string): Promise<void> {
    return this.#keep(this.#entries.drop(userID, callID));
  }

  async openFor(userID: string): Promise<readonly Invitation[]> {
    return this.#entries.openFor(userID);
  }

  async openIn(callID: string): Promise<readonly Invitation[]> {
    return this.#entries.openIn(callID);
  }

  async dueBy(time: number): Promise<readonly Invitation[]> {
    return this.#entries.dueBy(time);
  }

  tell(userID: string, settledBefore: number): Promise<readonly Missed[]> {
    return this.#keep(this.#entries.tell(userID, settledBefore, this.#now()));
  }

  settled(userID: string): Promise<readonly Settled[]> {
    return this.#keep(this.#entries.settled(userID, this.#now()));
  }

  known(userID: string, callIDs: readonly string[]): Promise<void> {
    return this.#keep(this.#entries.known(userID, callIDs));
  }

  seen(userID: string, callIDs: readonly string[], dismissed: boolean): Promise<void> {
    return this.#keep(this.#entries.seen(userID, callIDs, dismissed));
  }

  handled(userID: string): Promise<Handled> {
    return this.#keep(this.#entries.handled(userID, this.#now()));
  }

  /** Forgets everything whose time is over, also of users who never come back. */
  expire(): Promise<void> {
    return this.#keep(this.#entries.expire(this.#now()));
  }

  /** What a step gave, when what it changed is kept. Also what it only found: another step may still be keeping it. */
  async #keep<T>(result: T): Promise<T> {
    await this.#commit();
    return result;
  }
}
