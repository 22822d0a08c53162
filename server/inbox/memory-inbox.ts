import type { Handled, Inbox, Invitation, Missed, Settled } from './inbox.js';
import { InboxEntries } from './inbox-entries.js';
import { UnavailableError } from '../storage/unavailable-error.js';

/** Stores the changes of an inbox. */
interface Store {
  /** Whether `commit` can succeed now. */
  readonly isWritable: boolean;
  /** Resolves when all changes so far are stored. @throws {UnavailableError} if they will be stored later */
  commit(): Promise<void>;
}

const NO_STORE: Store = { isWritable: true, commit: () => Promise.resolve() };

/**
 * An inbox in memory, which is lost when the process ends. With a `store`, its changes are also stored there.
 *
 * @example
 * ```ts
 * import { authenticateDemo, createCallServer, MemoryInbox } from 'ringkit-server';
 *
 // The inbox is in memory although the server's keys are on disk.
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

  /** @param parts entries that were stored before, and the store for changes */
  constructor(
    now: () => number = Date.now,
    parts: { readonly entries?: InboxEntries; readonly store?: Store } = {},
  ) {
    this.#now = now;
    this.#entries = parts.entries ?? new InboxEntries();
    this.#store = parts.store ?? NO_STORE;
  }

  async put(invitation: Invitation): Promise<'kept' | 'known' | 'settled'> {
    if (!this.#store.isWritable)
      throw new UnavailableError('The inbox cannot store invitations now.');
    const put = this.#entries.put(invitation);
    try {
      await this.#store.commit();
      return put;
    } catch (error) {
      // The caller gets this error, so the invitation must not ring or become a missed call later.
      if (put === 'kept') this.#entries.drop(invitation.userID, invitation.callID);
      throw error;
    }
  }

  answer(userID: string, callID: string, round: number): Promise<boolean> {
    return this.#afterCommit(this.#entries.answer(userID, callID, round, this.#now()));
  }

  select(userID: string, callID: string, round: number): Promise<boolean> {
    return this.#afterCommit(this.#entries.select(userID, callID, round, this.#now()));
  }

  end(
    userID: string,
    callID: string,
    missed: Omit<Missed, 'invitation'>,
  ): Promise<Invitation | undefined> {
    return this.#afterCommit(this.#entries.end(userID, callID, missed, this.#now()));
  }

  drop(userID: string, callID: string): Promise<void> {
    return this.#afterCommit(this.#entries.drop(userID, callID));
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
    return this.#afterCommit(this.#entries.tell(userID, settledBefore, this.#now()));
  }

  settled(userID: string): Promise<readonly Settled[]> {
    return this.#afterCommit(this.#entries.settled(userID, this.#now()));
  }

  known(userID: string, callIDs: readonly string[]): Promise<void> {
    return this.#afterCommit(this.#entries.known(userID, callIDs));
  }

  seen(userID: string, callIDs: readonly string[], dismissed: boolean): Promise<void> {
    this.#entries.seen(userID, callIDs, dismissed);
    return this.#store.commit();
  }

  handled(userID: string): Promise<Handled> {
    return this.#afterCommit(this.#entries.handled(userID, this.#now()));
  }

  /** Removes expired entries of all users. */
  expire(): Promise<void> {
    return this.#afterCommit(this.#entries.expire(this.#now()));
  }

  /**
   * Returns a result after all changes so far are stored, also for a read, because it may depend on changes in progress. If
   * the store is unavailable, it resolves anyway, and the changes are stored later, so that connected devices need not wait.
   */
  async #afterCommit<T>(result: T): Promise<T> {
    try {
      await this.#store.commit();
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
    return result;
  }
}
