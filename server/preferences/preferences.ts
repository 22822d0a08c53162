import type { PreferencesChange, PreferencesRecord } from '../../src/core/protocol/preferences.js';

/**
 * The server's store of which calls ring for each user: do-not-disturb, and at most `MAX_BLOCKED` blocked people. Each method
 * resolves when its change is stored.
 * @throws {UnavailableError} from each method while the store is unavailable
 */
export interface Preferences {
  of(userID: string): Promise<PreferencesRecord>;
  /** Applies a change, completely or not at all. @returns false if too many people would be blocked */
  change(userID: string, change: PreferencesChange): Promise<boolean>;
}
