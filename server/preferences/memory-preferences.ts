import {
  changedPreferences,
  NO_PREFERENCES,
  type PreferencesChange,
  type PreferencesRecord,
} from '../../src/core/protocol/preferences.js';
import { MAX_BLOCKED_IN_ALL, MAX_USERS_WITH_PREFERENCES } from '../limits/limits.js';
import type { Database } from '../storage/database.js';
import { keyPart, type Journal } from '../storage/journal.js';
import type { ChangeResult, Preferences } from './preferences.js';

/** First part of the keys of preferences: `p!<user>`. */
const PART = 'p';

interface Stored {
  readonly userID: string;
  readonly record: PreferencesRecord;
}

/** Preferences in memory. With a journal, methods resolve when their change is on disk. */
export class MemoryPreferences implements Preferences {
  readonly #records = new Map<string, PreferencesRecord>();
  readonly #journal: Journal | undefined;
  /** Number of blocked people of all users, and of users who block somebody. */
  #size = 0;

  constructor(journal?: Journal) {
    this.#journal = journal;
  }

  /** Reads the preferences from a database. */
  static async open(
    database: Pick<Database, 'readAll'>,
    journal: Journal,
  ): Promise<MemoryPreferences> {
    const preferences = new MemoryPreferences(journal);
    for (const { userID, record } of (await database.readAll(PART)) as Stored[])
      preferences.#set(userID, record);
    return preferences;
  }

  async of(userID: string): Promise<PreferencesRecord> {
    return this.#records.get(userID) ?? NO_PREFERENCES;
  }

  async change(userID: string, change: PreferencesChange): Promise<ChangeResult> {
    const before = this.#records.get(userID);
    const record = changedPreferences(before ?? NO_PREFERENCES, change);
    if (!record) return 'too-many';
    // Two limits: users who block many people must not keep others from switching on do-not-disturb.
    const isNew = !before && record.doNotDisturb;
    if (isNew && this.#records.size >= MAX_USERS_WITH_PREFERENCES) return 'full';
    const blocksMore = record.blocked.length > (before?.blocked.length ?? 0);
    if (blocksMore && this.#size >= MAX_BLOCKED_IN_ALL) return 'full';
    this.#set(userID, record);
    const stored: Stored | undefined = isEmpty(record) ? undefined : { userID, record };
    this.#journal?.record([PART, keyPart(userID)].join('!'), stored);
    await this.#journal?.commit();
    return 'changed';
  }

  #set(userID: string, record: PreferencesRecord): void {
    this.#size += sizeOf(record) - sizeOf(this.#records.get(userID));
    if (isEmpty(record)) this.#records.delete(userID);
    else this.#records.set(userID, record);
  }
}

const isEmpty = ({ blocked, doNotDisturb }: PreferencesRecord): boolean =>
  blocked.length === 0 && !doNotDisturb;

const sizeOf = (record: PreferencesRecord | undefined): number =>
  record?.blocked.length ? 1 + record.blocked.length : 0;
