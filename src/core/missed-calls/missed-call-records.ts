import type { MissedCallEntry, MissedCallRecord, MissedCallsHost } from '../ports/missed-calls.js';
import type { MissedCallStorage, StoredMissedCall } from '../ports/missed-call-storage.js';

/** Missed calls kept for one user, and for how long, in ms: 30 days. */
const MAX_RECORDS = 200;
const KEEP_MS = 30 * 24 * 3_600_000;

const newestFirst = (a: MissedCallRecord, b: MissedCallRecord): number => b.at - a.at;

/** The server's time, by which the records are kept. */
type ServerTime = MissedCallsHost['serverTime'];

/** As pages see it. */
export const toEntry = (
  record: MissedCallRecord,
  { offset }: Pick<ServerTime, 'offset'>,
): MissedCallEntry => {
  const { callID, caller, callType, callees, customData, at, reason, seen } = record;
  return { callID, caller, callType, callees, customData, at: at + offset, reason, seen };
};

/**
 * The missed calls of one user. What this page knows is true at once; the storage follows, and where it fails the
 * records live as long as the page.
 */
export class MissedCallRecords {
  readonly #storage: MissedCallStorage;
  readonly #time: ServerTime;
  readonly #onChange: (entries: readonly MissedCallEntry[]) => void;
  readonly #all = new Map<string, StoredMissedCall>();
  #shownOffset = 0;
  #keptOffset: number | undefined;

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

  /** Shows them by the time of day that it is now, where that is another one than they are shown by. */
  refresh(): void {
    const { offset } = this.#time;
    if (offset !== this.#keptOffset) this.#keep(this.#storage.setServerOffset?.(offset));
    this.#keptOffset = offset;
    if (offset !== this.#shownOffset) this.#changed();
  }

  /** One that the user has not dismissed. */
  find(callID: string): MissedCallRecord | undefined {
    const record = this.#all.get(callID);
    return record?.dismissed ? undefined : record;
  }

  get shown(): readonly MissedCallRecord[] {
    return [...this.#all.values()].filter(({ dismissed }) => !dismissed).sort(newestFirst);
  }

  /** @returns whether it, or a later round of its call, was not there yet */
  add(record: MissedCallRecord): boolean {
    if ((this.#all.get(record.callID)?.round ?? 0) >= record.round) return false;
    this.#all.set(record.callID, record);
    this.#changed();
    this.#keep(this.#storage.add(record));
    return true;
  }

  /** It was answered after all. */
  remove(callID: string): void {
    if (!this.#all.delete(callID)) return;
    this.#changed();
    this.#keep(this.#storage.remove([callID]));
  }

  /**
   * The user has handled these, here (`untold`) or on another device.
   * @returns those of them that changed
   */
  handle(callIDs: readonly string[], dismissed: boolean, untold: boolean): readonly string[] {
    const changed = callIDs.flatMap((callID) => {
      const record = this.find(callID);
      if (!record || (record.seen && !dismissed)) return [];
      return [
        { ...record, seen: true, ...(dismissed && { dismissed }), ...(untold && { untold }) },
      ];
    });
    if (!changed.length) return [];
    this.#put(changed);
    this.#changed();
    return changed.map(({ callID }) => callID);
  }

  /** What the user's other devices have still to be told. */
  untold(dismissed: boolean): readonly string[] {
    return [...this.#all.values()]
      .filter((record) => record.untold && !!record.dismissed === dismissed)
      .map(({ callID }) => callID);
  }

  /** They have been told. */
  told(callIDs: readonly string[]): void {
    this.#put(
      callIDs.flatMap((callID) => {
        const record = this.#all.get(callID);
        return record ? [{ ...record, untold: false }] : [];
      }),
    );
  }

  #put(records: readonly StoredMissedCall[]): void {
    for (const record of records) this.#all.set(record.callID, record);
    this.#keep(this.#storage.put(records));
  }

  /** Forgets what is too old or too much, and shows the rest. */
  #changed(): void {
    const old = [...this.#all.values()]
      .sort(newestFirst)
      .filter(({ at }, index) => index >= MAX_RECORDS || at <= this.#time.now() - KEEP_MS)
      .map(({ callID }) => callID);
    for (const callID of old) this.#all.delete(callID);
    if (old.length) this.#keep(this.#storage.remove(old));
    this.#shownOffset = this.#time.offset;
    this.#onChange(this.shown.map((record) => toEntry(record, this.#time)));
  }

  /** A storage that is refused or full takes nothing from the page. */
  #keep(writing: Promise<void> | undefined): void {
    writing?.catch(() => {});
  }
}
