import type { MissedCallEntry, MissedCallRecord, MissedCallsHost } from '../ports/missed-calls.js';
import type { MissedCallStorage, StoredMissedCall } from '../ports/missed-call-storage.js';

/** Number of missed calls that are stored for one user, and for how long, in ms (30 days). */
const MAX_RECORDS = 200;
const KEEP_MS = 30 * 24 * 3_600_000;

/** Replaces what a dismissed record has said about its call. */
const FORGOTTEN = {
  caller: { userID: '', userName: '' },
  callees: [],
  customData: '',
  resourceID: undefined,
} as const;

const newestFirst = (a: MissedCallRecord, b: MissedCallRecord): number => b.at - a.at;

/** The server's time, by which records are dated. */
type ServerTime = MissedCallsHost['serverTime'];

/** Converts a record to the entry that pages see. */
export const toEntry = (
  record: MissedCallRecord,
  { offset }: Pick<ServerTime, 'offset'>,
): MissedCallEntry => {
  const { callID, caller, callType, callees, customData, at, reason, seen } = record;
  return { callID, caller, callType, callees, customData, at: at + offset, reason, seen };
};

/**
 * The missed calls of one user. Changes apply in memory first, and are then written to the storage. If the storage
 * fails, the records last until the page is closed.
 */
export class MissedCallRecords {
  readonly #storage: MissedCallStorage;
  readonly #time: ServerTime;
  readonly #onChange: (entries: readonly MissedCallEntry[]) => void;
  readonly #all = new Map<string, StoredMissedCall>();
  #shownOffset = 0;
  #storedOffset: number | undefined;

  constructor(
    storage: MissedCallStorage,
    time: ServerTime,
    onChange: (entries: readonly MissedCallEntry[]) => void,
  ) {
    this.#storage = storage;
    this.#time = time;
    this.#onChange = onChange;
  }

  async load(): Promise<void> {
    for (const record of await this.#storage.load().catch(() => []))
      this.#all.set(record.callID, record);
    this.#changed();
  }

  /** Publishes the entries again if the offset between the server's time and the time of day has changed. */
  refresh(): void {
    const { offset } = this.#time;
    if (offset !== this.#storedOffset) this.#ignoreFailure(this.#storage.setServerOffset?.(offset));
    this.#storedOffset = offset;
    if (offset !== this.#shownOffset) this.#changed();
  }

  /** @returns the record of a call; undefined if there is none, or the user has dismissed it */
  find(callID: string): MissedCallRecord | undefined {
    const record = this.#all.get(callID);
    return record?.dismissed ? undefined : record;
  }

  get shown(): readonly MissedCallRecord[] {
    return [...this.#all.values()].filter(({ dismissed }) => !dismissed).sort(newestFirst);
  }

  /** @returns false if the same or a later round of the call is recorded already */
  add(record: MissedCallRecord): boolean {
    if ((this.#all.get(record.callID)?.round ?? 0) >= record.round) return false;
    this.#all.set(record.callID, record);
    this.#changed();
    this.#ignoreFailure(this.#storage.add(record));
    return true;
  }

  /** Removes a record: the call was answered on another device after all. */
  remove(callID: string): void {
    if (!this.#all.delete(callID)) return;
    this.#changed();
    this.#ignoreFailure(this.#storage.remove([callID]));
  }

  /**
   * Marks records as handled by the user.
   * @param untold whether it happened on this device, so that the user's other devices must be notified
   * @returns the callIDs of the records that have changed
   */
  markHandled(callIDs: readonly string[], dismissed: boolean, untold: boolean): readonly string[] {
    const changed = callIDs.flatMap((callID) => {
      const record = this.find(callID);
      if (!record || (record.seen && !dismissed)) return [];
      const kept = dismissed ? { ...record, ...FORGOTTEN, dismissed } : record;
      return [{ ...kept, seen: true, ...(untold && { untold }) }];
    });
    if (!changed.length) return [];
    this.#put(changed);
    this.#changed();
    return changed.map(({ callID }) => callID);
  }

  /** @returns the handled (or dismissed) calls of which the user's other devices have not been notified yet */
  unreported(dismissed: boolean): readonly string[] {
    return [...this.#all.values()]
      .filter((record) => record.untold && !!record.dismissed === dismissed)
      .map(({ callID }) => callID);
  }

  /** Records that the user's other devices have been notified of these handled calls. */
  markReported(callIDs: readonly string[]): void {
    this.#put(
      callIDs.flatMap((callID) => {
        const record = this.#all.get(callID);
        return record ? [{ ...record, untold: false }] : [];
      }),
    );
  }

  #put(records: readonly StoredMissedCall[]): void {
    for (const record of records) this.#all.set(record.callID, record);
    this.#ignoreFailure(this.#storage.put(records));
  }

  /** Removes records that are too old or too many, and publishes the others. */
  #changed(): void {
    const old = [...this.#all.values()]
      .sort(newestFirst)
      .filter(({ at }, index) => index >= MAX_RECORDS || at <= this.#time.now() - KEEP_MS)
      .map(({ callID }) => callID);
    for (const callID of old) this.#all.delete(callID);
    if (old.length) this.#ignoreFailure(this.#storage.remove(old));
    this.#shownOffset = this.#time.offset;
    this.#onChange(this.shown.map((record) => toEntry(record, this.#time)));
  }

  /** Ignores that the storage is unavailable or full: the records in memory stay valid. */
  #ignoreFailure(write: Promise<void> | undefined): void {
    write?.catch(() => {});
  }
}
