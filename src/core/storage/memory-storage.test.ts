import { describe, it } from 'node:test';
import { historyStorageContract } from '../../../test/contract/history-storage.js';
import { missedCallStorageContract } from '../../../test/contract/missed-call-storage.js';
import { createMemoryHistoryStorage } from './history-storage.js';
import { createMemoryStorage } from './memory-storage.js';

missedCallStorageContract('the memory storage', () => createMemoryStorage(), { describe, it });
historyStorageContract('the memory storage of the history', createMemoryHistoryStorage, {
  describe,
  it,
});
