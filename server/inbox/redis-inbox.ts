import { keyPart } from '../storage/journal.js';
import type { InboxLimits } from './inbox-budget.js';
import {
  unwritten,
  written,
  type Handled,
  type Inbox,
  type Invitation,
  type Missed,
  type Settled,
  type WrittenInvitation,
} from './inbox.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import * as scripts from './redis-inbox-scripts.js';
import { WriteBehindQueue } from '../storage/write-behind-queue.js';
import { idOf, type RedisStore, type Script } from '../storage/redis-store.js';

/**
 * An inbox in Redis that several nodes share. Each method is one atomic script. While Redis is unreachable, methods reject
 * with `UnavailableError`; only writes that settle an invitation are queued, and applied after Redis reconnects.
 */
export class RedisInbox implements Inbox {
  readonly #store: RedisStore;
  readonly #now: () => number;
  readonly #writes: WriteBehindQueue;
  readonly #limits: readonly number[];

  constructor(
    store: RedisStore,
    logger: Logger,
    now: () => number = Date.now,
    { inboxBytes, senderBytes, storeBytes }: InboxLimits = DEFAULT_LIMITS,
  ) {
    this.#store = store;
    this.#now = now;
    this.#limits = [inboxBytes, senderBytes, storeBytes];
    this.#writes = new WriteBehindQueue(() => store.isReady, logger);
    store.whenReady(() => void this.#writes.flush());
  }

  async put(invitation: Invitation): Promise<'kept' | 'known' | 'settled'> {
    const { userID, callID, round, expiresAt, message } = invitation;
    const sender = keyPart(message.from.userID);
    const what = [keyPart(callID), round, expiresAt, JSON.stringify(written(invitation)), sender];
    return (await this.#run(scripts.PUT, userID, ...what)) as 'kept' | 'known' | 'settled';
  }

  async answer(userID: string, callID: string, round: number): Promise<boolean> {
    return (await this.#queueWrite(scripts.ANSWER, userID, keyPart(callID), round)) === 1;
  }

  async select(userID: string, callID: string, round: number): Promise<boolean> {
    return (await this.#queueWrite(scripts.SELECT, userID, keyPart(callID), round)) === 1;
  }

  async end(
    userID: string,
    callID: string,
    { reason, at, fresh }: Omit<Missed, 'invitation'>,
  ): Promise<Invitation | undefined> {
    const what = [keyPart(callID), reason, at, fresh ? '1' : '0'];
    const ended = (await this.#queueWrite(scripts.END, userID, ...what)) as
      string | null | undefined;
    return ended == null ? undefined : read(ended);
  }

  async drop(userID: string, callID: string): Promise<void> {
    await this.#queueWrite(scripts.DROP, userID, keyPart(callID));
  }

  async openFor(userID: string): Promise<readonly Invitation[]> {
    return ((await this.#run(scripts.OPEN_FOR, userID)) as string[]).map(read);
  }

  async openIn(callID: string): Promise<readonly Invitation[]> {
    return ((await this.#run(scripts.OPEN_IN, '', keyPart(callID))) as string[]).map(read);
  }

  async dueBy(time: number): Promise<readonly Invitation[]> {
    const until = Number.isFinite(time) ? time : '+inf';
    // Called regularly by every node, so expired entries are removed here.
    await this.#run(scripts.FADE, '');
    return ((await this.#run(scripts.DUE_BY, '', until)) as string[]).map(read);
  }

  async tell(userID: string, settledBefore: number): Promise<readonly Missed[]> {
    const entries = (await this.#run(scripts.TELL, userID, settledBefore)) as [
      reason: Missed['reason'],
      at: string,
      fresh: string,
      invitation: string,
    ][];
    return entries.map(([reason, at, fresh, invitation]) => ({
      invitation: read(invitation),
      reason,
      at: Number(at),
      fresh: fresh === '1',
    }));
  }

  async settled(userID: string): Promise<readonly Settled[]> {
    const entries = (await this.#run(scripts.SETTLED, userID)) as [
      string,
      string,
      Settled['how'],
    ][];
    return entries.map(([call, round, how]) => ({ callID: idOf(call), round: Number(round), how }));
  }

  async known(userID: string, callIDs: readonly string[]): Promise<void> {
    await this.#queueWrite(scripts.KNOWN, userID, ...callIDs.map(keyPart));
  }

  async seen(userID: string, callIDs: readonly string[], dismissed: boolean): Promise<void> {
    const how = dismissed ? 'dismissed' : 'seen';
    await this.#run(scripts.SEEN, userID, how, ...callIDs.map(keyPart));
  }

  async handled(userID: string): Promise<Handled> {
    const entries = (await this.#run(scripts.HANDLED, userID)) as [string, keyof Handled][];
    const marked = (as: keyof Handled) =>
      entries.flatMap(([call, how]) => (how === as ? [idOf(call)] : []));
    return { seen: marked('seen'), dismissed: marked('dismissed') };
  }

  #run(script: Script, userID: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.#store.run(script, keyPart(userID), this.#now(), ...this.#limits, ...args);
  }

  /** Runs a script now, or after Redis reconnects. */
  #queueWrite(
    script: Script,
    userID: string,
    ...args: readonly (string | number)[]
  ): Promise<unknown> {
    return this.#writes.write(() => this.#run(script, userID, ...args));
  }
}

const read = (text: string): Invitation => unwritten(JSON.parse(text) as WrittenInvitation);
