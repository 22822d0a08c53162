import { isOver } from '../../core/service/in-calling.js';
import type { CallSnapshot, Connection } from '../../core/service/snapshots.js';
import type { CallHost } from './context.js';
import type { Texts } from './language.js';

/** Why a call from a list can't be placed now, or an empty string. */
export function blockedReason(
  texts: Texts,
  host: CallHost | undefined,
  call: CallSnapshot | undefined,
  connection: Connection | undefined,
): string {
  if (host?.canTakeCalls === false) return texts.unsupportedHere;
  if (call && !isOver(call.status)) return texts.afterThisCall;
  // While the transport connects, a call waits for the connection.
  switch (connection) {
    case 'refused':
      return texts.connectionRefused;
    case 'offline':
      return texts.notConnected;
    default:
      return '';
  }
}
