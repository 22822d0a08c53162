import type { PreferencesChange, PreferencesRecord } from '../../src/core/protocol/preferences.js';

/** The result of a change: too many people of this user, or of all users together, would be blocked. */
export type ChangeResult = 'changed' | 'too-many' | 'full';

/**
 * The server's store of which calls ring for each user: do-not-disturb, and at most `MAX_BLOCKED` blocked people. Each method
 * resolves when its change is stored.
 * @throws {UnavailableError} from each method while the store is unavailable
 */
export interface Preferences {
  of(userID: string): Promise<PreferencesRecord>;
  /** Applies a change, completely or not at all. */
  change(userID: string, change: PreferencesChange): Promise<ChangeResult>;
}
