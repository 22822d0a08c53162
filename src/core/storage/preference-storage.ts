import type { PreferenceStorage } from '../ports/preference-storage.js';

/**
 * Keeps preferences in localStorage. If that is blocked or full, they are kept until the page is closed.
 * @param name identifies server and user
 * @param storage returns localStorage; browsers throw where the page may not use it
 */
export function createPreferenceStorage(
  name: string,
  storage: () => Pick<Storage, 'getItem' | 'setItem'> | undefined = () => globalThis.localStorage,
): PreferenceStorage {
  const key = `ringkit preferences ${name}`;
  /** What could not be stored. */
  let unstored: string | undefined;
  return {
    read() {
      if (unstored !== undefined) return unstored;
      try {
        return storage()?.getItem(key) ?? undefined;
      } catch {
        return undefined;
      }
    },
    write(text) {
      unstored = text;
      try {
        const local = storage();
        local?.setItem(key, text);
        if (local) unstored = undefined;
      } catch {
        // Blocked or full: kept in memory.
      }
    },
    listen(changed) {
      const onStorage = (event: StorageEvent): void => {
        if (event.key === key) changed();
      };
      globalThis.addEventListener('storage', onStorage);
      return () => globalThis.removeEventListener('storage', onStorage);
    },
  };
}
