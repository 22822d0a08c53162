import type {
  CallHistory,
  CallHistoryEvent,
  CallHistoryHost,
  CallHistoryState,
  CallHistoryStorage,
  StoredHistory,
} from '../ports/call-history.js';
import type { Clock } from '../ports/clock.js';
import {
  HISTORY_REQUEST,
  parseHistoryPage,
  type HistoryChange,
  type HistoryEntry,
} from '../protocol/history.js';
import { isEmptyChange } from '../protocol/history-merge.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import { CallRecorder } from './call-recorder.js';
import { firstPart } from './outbox.js';
import {
  EMPTY,
  applyChange,
  hasExpired,
  markSent,
  toPageEntries,
  trimmed,
  unsentIn,
} from './stored-history.js';

/** Interval at which the duration of a running call is stored, in case the page crashes, in ms. */
const PROGRESS_MS = 30_000;
/** Interval at which old entries are removed and the shown times are corrected, in ms. */
const CHECK_MS = 30_000;
/** How long deleted entries can be restored, in ms. */
const RESTORE_MS = 600_000;

export interface CallHistoryDependencies {
  readonly storage: CallHistoryStorage;
  readonly clock: Clock;
}

/** Keeps the call history of one signed-in user on this device. Resolves when the stored calls are shown. */
export async function createCallHistory(
  host: CallHistoryHost,
  parts: CallHistoryDependencies,
): Promise<CallHistory> {
  const manager = new HistoryManager(host, parts);
  await manager.start();
  return manager;
}

class HistoryManager implements CallHistory {
  readonly #host: CallHistoryHost;
  readonly #storage: CallHistoryStorage;
  readonly #clock: Clock;
  readonly #recorder: CallRecorder;
  #stored: StoredHistory = EMPTY;
  /** Changes that are not in the storage yet. */
  readonly #changes: ((stored: StoredHistory) => StoredHistory)[] = [];
  #state: CallHistoryState = 'loading';
  /** Whether changes are sent: the transport delivers them to the server or to the user's other tabs. */
  #sends = false;
  /** Whether the server has stated that no history is to be kept. */
  #isServerOff = false;
  #isSending = false;
  #fetching: Promise<boolean> | undefined;
  #restorable = new Map<string, HistoryEntry>();
  #stopTimers: (() => void)[] = [];
  #shownOffset = 0;
  #serial = 0;
  #stopped = false;

  constructor(host: CallHistoryHost, { storage, clock }: CallHistoryDependencies) {
    this.#host = host;
    this.#storage = storage;
    this.#clock = clock;
    this.#recorder = new CallRecorder(host.user, (callID) => this.find(callID)?.durationMs);
  }

  async start(): Promise<void> {
    const stored = await this.#storage.load().catch(() => EMPTY);
    this.#stored = { ...stored, entries: trimmed(stored.entries, stored.state, this.#now) };
    if (this.#isOff()) return;
    this.#show();
    this.#every(CHECK_MS, () => this.#check());
    this.#every(PROGRESS_MS, () => {
      const entries = this.#recorder.progress(this.#host.elapsedMs());
      if (entries.length) this.#apply({ entries: [...entries], deleted: [] }, true);
    });
  }

  handle(event: CallHistoryEvent): void {
    if (this.#stopped || (event.type !== 'synced' && this.#isOff())) return;
    switch (event.type) {
      case 'call':
        return this.#record(this.#recorder.note(event.call, event.at, event.elapsedMs, event));
      case 'missed': {
        const { callID, caller, callType, callees, group, at, reason } = event.missed;
        const call = { callID, caller, callType, callees: [...callees], group, at };
        return this.#record([{ ...call, direction: 'incoming', outcome: reason }]);
      }
      case 'unmissed': {
        const entry = this.find(event.callID);
        if (entry) this.#record([{ ...entry, outcome: 'answered' }]);
        return;
      }
      case 'history':
        return this.#apply(event.change, false);
      case 'synced':
        return this.#synced(event.changedAt);
      case 'time-measured':
        return this.#check();
    }
  }

  find(callID: string): HistoryEntry | undefined {
    return this.#stored.entries.find((record) => record.callID === callID)?.entry;
  }

  async delete(callIDs?: readonly string[]): Promise<boolean> {
    const all = this.#stored.entries.flatMap(({ entry }) => entry ?? []);
    const chosen = callIDs ? all.filter(({ callID }) => callIDs.includes(callID)) : all;
    this.#keepRestorable(chosen);
    // A call that is deleted was placed before its deletion, whatever the clocks say.
    const until = (entries: readonly HistoryEntry[]): number =>
      Math.max(this.#now, ...entries.map(({ at, restoredAt = 0 }) => Math.max(at, restoredAt)));
    if (!callIDs) this.#change({ entries: [], deleted: [], deletedUntil: until(all) });
    else if (chosen.length) {
      const deleted = chosen.map((entry) => ({ callID: entry.callID, at: until([entry]) }));
      this.#change({ entries: [], deleted });
    }
    return chosen.length > 0;
  }

  async restore(callIDs: readonly string[]): Promise<boolean> {
    const { deletedUntil = 0 } = this.#stored.state;
    const entries = callIDs.flatMap((callID) => {
      const entry = this.#restorable.get(callID);
      const deletedAt = this.#stored.entries.find((one) => one.callID === callID)?.deletedAt ?? 0;
      const restoredAt = Math.max(this.#now, deletedAt + 1, deletedUntil + 1);
      return entry ? [{ ...entry, restoredAt }] : [];
    });
    for (const { callID } of entries) this.#restorable.delete(callID);
    if (entries.length) this.#change({ entries, deleted: [] });
    return entries.length > 0;
  }

  async reload(): Promise<boolean> {
    if (!this.#sends) return false;
    this.#flush();
    return this.#fetch();
  }

  stop(): void {
    const entries = this.#recorder.stop(this.#host.elapsedMs());
    if (entries.length && !this.#isOff()) this.#apply({ entries: [...entries], deleted: [] }, true);
    this.#stopped = true;
    this.#restorable.clear();
    for (const stop of this.#stopTimers.splice(0)) stop();
  }

  get #now(): number {
    return this.#host.serverTime.now();
  }

  /** Whether no history is kept, because the server or the page does not want it. What is stored is deleted then. */
  #isOff(): boolean {
    const isOff = this.#isServerOff || !this.#host.isEnabled();
    if (isOff === (this.#state === 'off')) return isOff;
    if (isOff) {
      this.#restorable.clear();
      this.#store(() => EMPTY);
    }
    this.#setState(isOff ? 'off' : 'ready');
    return isOff;
  }

  #synced(changedAt: number | false | undefined): void {
    this.#isServerOff = changedAt === false;
    this.#sends = typeof changedAt === 'number';
    if (this.#isOff()) return;
    this.#flush();
    const { received = 0 } = this.#stored.state;
    if (typeof changedAt === 'number' && changedAt > received) void this.#fetch();
    else this.#setState('ready');
  }

  #record(entries: readonly HistoryEntry[]): void {
    if (entries.length) this.#change({ entries: [...entries], deleted: [] });
  }

  /** Applies a change of this device, and sends it. */
  #change(change: HistoryChange): void {
    this.#apply(change, true);
    this.#flush();
  }

  #apply(change: HistoryChange, unsent: boolean, received?: number): void {
    const now = this.#now;
    const isChanged = this.#store((stored) => {
      const next = applyChange(stored, change, { unsent, now });
      return received === undefined ? next : { ...next, state: { ...next.state, received } };
    });
    if (isChanged) this.#show();
  }

  /**
   * Changes the history in memory and in the storage. A storage that fails is ignored: the page keeps its copy.
   * @returns false if nothing has changed
   */
  #store(change: (stored: StoredHistory) => StoredHistory): boolean {
    const next = change(this.#stored);
    if (next === this.#stored) return false;
    this.#stored = next;
    if (this.#changes.push(change) === 1) queueMicrotask(() => this.#write());
    return true;
  }

  /** Writes the changes of the last moment in one transaction. */
  #write(): void {
    const changes = this.#changes.splice(0);
    this.#storage
      .update((stored) => changes.reduce((next, change) => change(next), stored))
      .catch(() => {});
  }

  /** Sends what has not been sent yet, in parts. What fails is sent again after the next change or connection. */
  #flush(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    void this.#send().finally(() => {
      this.#isSending = false;
    });
  }

  async #send(): Promise<void> {
    const { transport, user, deviceID } = this.#host;
    // Afterwards, so that changes that are made together are sent together.
    await Promise.resolve();
    while (this.#sends && !this.#stopped) {
      const part = firstPart(unsentIn(this.#stored));
      if (isEmptyChange(part)) return;
      const callID = part.entries[0]?.callID ?? part.deleted[0]?.callID ?? 'all';
      const outcome = await transport.send({
        ...{ v: PROTOCOL_VERSION, id: `${deviceID}-history-${++this.#serial}`, type: 'history' },
        ...{ callID, to: [user.userID], records: [], names: [], remaining: [], ...part },
      });
      // A part that the server does not accept is not sent again and again.
      const isDone =
        outcome.type === 'acknowledged' ||
        (outcome.type === 'refused' && outcome.code === 'invalid-argument');
      if (!isDone) return;
      this.#store((stored) => markSent(stored, part));
    }
  }

  #fetch(): Promise<boolean> {
    return (this.#fetching ??= this.#readPages().finally(() => {
      this.#fetching = undefined;
    }));
  }

  async #readPages(): Promise<boolean> {
    if (this.#state !== 'ready') this.#setState('loading');
    for (;;) {
      const after = this.#stored.state.received ?? 0;
      const page = parseHistoryPage(await this.#host.transport.ask?.(HISTORY_REQUEST, { after }));
      if (this.#stopped || this.#state === 'off') return false;
      if (!page) {
        this.#setState('failed');
        return false;
      }
      const { changed, more, ...change } = page;
      this.#apply(change, false, Math.max(after, changed));
      if (more && changed > after) continue;
      this.#setState('ready');
      return true;
    }
  }

  #keepRestorable(entries: readonly HistoryEntry[]): void {
    const kept = new Map(entries.map((entry) => [entry.callID, entry]));
    this.#restorable = kept;
    this.#stopTimers.push(this.#clock.after(RESTORE_MS, () => kept.clear()));
  }

  /** Removes entries that have become too old, and publishes them again if the time of day of the device was set. */
  #check(): void {
    const now = this.#now;
    const { entries, state } = this.#stored;
    if (hasExpired(entries, now) && trimmed(entries, state, now).length < entries.length) {
      this.#store((stored) => ({ ...stored, entries: trimmed(stored.entries, stored.state, now) }));
      this.#show();
    } else if (this.#host.serverTime.offset !== this.#shownOffset) this.#show();
  }

  #every(ms: number, job: () => void): void {
    let stopTimer = (): void => {};
    const next = (): void => {
      stopTimer = this.#clock.after(ms, () => {
        if (this.#stopped) return;
        if (this.#state !== 'off') job();
        next();
      });
    };
    next();
    this.#stopTimers.push(() => stopTimer());
  }

  #setState(state: CallHistoryState): void {
    this.#state = state;
    this.#show();
  }

  #show(): void {
    if (this.#stopped) return;
    const { offset } = this.#host.serverTime;
    this.#shownOffset = offset;
    this.#host.show(toPageEntries(this.#stored, offset), this.#state);
  }
}
