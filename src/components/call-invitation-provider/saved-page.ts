import type { SavedCall } from '../../core/service/types.js';

/** Maximum time between leaving the page and resuming its call, in ms. */
const KEEP_MS = 30_000;

export interface SavedPage {
  readonly device: string;
  /** Time of saving, in ms since the epoch. */
  readonly at: number;
  readonly call?: SavedCall;
}

/** Key in the session storage of the browser tab. */
export const keyOf = (userID: string): string => `ringkit ${userID}`;

/** The session storage of the browser tab. */
export type PageStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Returns undefined if storage is not allowed. Then a reload counts as a lost device, and the server waits for its
 * return.
 */
export function sessionStorageOfTab(): PageStorage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/**
 * Returns what this page was before the reload: the device that it replaces, or the call that it resumes. It can be
 * read only once, so that a copy of the tab replaces nothing.
 */
export function readSavedPage(
  userID: string,
  storage = sessionStorageOfTab(),
): { replaces?: string; resume?: SavedCall } {
  const kept = storage?.getItem(keyOf(userID));
  storage?.removeItem(keyOf(userID));
  try {
    const { device, at, call } = JSON.parse(kept as string) as SavedPage;
    // Two page loads share only the wall clock. It may have been changed in between, also backwards.
    if (call && Math.abs(Date.now() - at) < KEEP_MS) return { resume: call };
    return { replaces: device };
  } catch {
    return {};
  }
}
