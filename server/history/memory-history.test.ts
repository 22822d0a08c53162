import { historyContract } from '../../test/contract/history.js';
import { MemoryHistory } from './memory-history.js';

historyContract('the history in memory', (now, limits) =>
  Promise.resolve(new MemoryHistory(now, limits)),
);
