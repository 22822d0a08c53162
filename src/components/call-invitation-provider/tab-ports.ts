import type { Session } from '../../core/service/types.js';
import { createPreferenceStorage } from '../../core/storage/preference-storage.js';
import { createBroadcastSilence } from '../../core/tabs/broadcast-silence.js';
import { createWebLockBusy } from '../../core/tabs/web-lock-busy.js';

/** @returns what the pages of this browser share that have the same server and user, as far as the browser can */
export function tabPorts(
  signaling: string,
  userID: string,
): Pick<Session, 'line' | 'callSilence' | 'preferences'> {
  const name = `${signaling} ${userID}`;
  const line = createWebLockBusy(name);
  const callSilence = createBroadcastSilence(name);
  const preferences = createPreferenceStorage(name);
  return { preferences, ...(line && { line }), ...(callSilence && { callSilence }) };
}
