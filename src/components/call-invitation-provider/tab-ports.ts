import type { Session } from '../../core/service/types.js';
import { createBroadcastSilence } from '../../core/tabs/broadcast-silence.js';
import { createWebLockBusy } from '../../core/tabs/web-lock-busy.js';

/** @returns what the pages of this browser share that have the same server and user, as far as the browser can */
export function tabPorts(signaling: string, userID: string): Pick<Session, 'line' | 'callSilence'> {
  const name = `${signaling} ${userID}`;
  const line = createWebLockBusy(name);
  const callSilence = createBroadcastSilence(name);
  return { ...(line && { line }), ...(callSilence && { callSilence }) };
}
