import type { Handled, Inbox, Invitation, Missed, Settled } from './inbox.js';
import { InboxEntries } from './inbox-entries.js';
import { UnavailableError } from '../storage/unavailable-error.js';

/** Keeps what an inbox records. */
interface Store {
  /** Whether `commit` can succeed now. */
  readonly isWritable: boolean;
  /** Resolves when every change so far is kept. @throws {UnavailableError} when it is kept later */
  commit(): Promise<void>;
}

const NO_STORE: Store = { isWritable: true, commit: () => Promise.resolve() };

/**
 * An inbox that lives as long as the process; with a `store`, one that is kept by it.
 *
 * @example
 * ```ts
 * import { authenticateDemo, createCallServer, MemoryInbox } from 'ringkit-server';
 *
 * // Kept in memory although the server's keys are on disk.
 * await createCallServer({
 *   authenticate: authenticateDemo,
 *   dataDir: '/var/lib/ringkit',
 *   inbox: new MemoryInbox(),
 * });
 * ```
 */
export class MemoryInbox implements Inbox {
  readonly #entries: InboxEntries;
  readonly #now: () => number;
  readonly #store: Store;

  /** @param kept what is kept already, and what keeps every change */
  constructor(
    now: () => number = Date.now,
    kept: { readonly entries?: InboxEntries; readonly store?: Store } = {},
  ) {
    this.#now = now;
    this.#entries = kept.entries ?? new InboxEntries();
    this.#store = kept.store ?? NO_STORE;
  }

  async put(invitation: Invitation): Promise<'kept' | 'known' | 'settled'> {
    if (!this.#store.isWritable) throw new UnavailableError('Nothing can be kept now.');
    const put = this.#entries.put(invitation);
    try {
      await this.#store.commit();
      return put;
    } catch (error) {
      // The caller is told so: it must not ring, or be missed, later.
      if (put === 'kept') this.#entries.drop(invitation.userID, invitation.callID);
      throw error;
    }
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
    this.#entries.seen(userID, callIDs, dismissed);
    return this.#store.commit();
  }

  handled(userID: string): Promise<Handled> {
    return this.#keep(this.#entries.handled(userID, this.#now()));
  }

  /** Forgets everything whose time is over, also of users who never come back. */
  expire(): Promise<void> {
    return this.#keep(this.#entries.expire(this.#now()));
  }

  /**
   * What a step gave, when what it changed is kept. Also what it only found: another step may still be keeping it. What
   * can't be kept now is kept later: connected devices don't wait for that.
   */
  async #keep<T>(result: T): Promise<T> {
    try {
      await this.#store.commit();
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
    return result;
  }
}
