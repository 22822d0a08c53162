import type { SavedCall } from '../../core/service/types.js';

/** So long after a reload began its page comes back into the call, in ms. */
const KEEP_MS = 30_000;

export interface SavedPage {
  readonly device: string;
  /** Ms since the epoch. */
  readonly at: number;
  readonly call?: SavedCall;
}

/** Of the browser tab's storage. */
export const keyOf = (userID: string): string => `ringkit ${userID}`;

/** Storage may be forbidden: then a reload counts as a device that vanished, and the server waits for it. */
export function storage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/**
 * What this page was before it was reloaded: the device that it replaces, or the call that it comes back into. Asked
 * once: a copy of the tab replaces nothing.
 */
export function readSavedPage(userID: string): { replaces?: string; resume?: SavedCall } {
  const kept = storage()?.getItem(keyOf(userID));
  storage()?.removeItem(keyOf(userID));
  try {
    const { device, at, call } = JSON.parse(kept as string) as SavedPage;
    // Two page loads have only the time of day in common. It may have been set between them, also back.
    if (call && Math.abs(Date.now() - at) < KEEP_MS) return { resume: call };
    return { replaces: device };
  } catch {
    return {};
  }
}
