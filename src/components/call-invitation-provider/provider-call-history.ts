import { systemClock } from '../../core/clock/system-clock.js';
import { createCallHistory } from '../../core/history/history-manager.js';
import type { CallHistory, CallHistoryHost } from '../../core/ports/call-history.js';
import { createBrowserHistoryStorage } from '../../core/storage/history-storage.js';
import { accountOf, type AccountOwner } from './account.js';

/** Creates the call history for the user of a provider, stored in IndexedDB. Loaded after the page has connected. */
export function createProviderCallHistory(
  provider: AccountOwner,
  host: CallHistoryHost,
): Promise<CallHistory> {
  const storage = createBrowserHistoryStorage(accountOf(provider));
  return createCallHistory(host, { storage, clock: systemClock });
}
