import { describe, it } from 'node:test';
import { missedCallStorageContract } from '../../../test/contract/missed-call-storage.js';
import { createMemoryStorage } from './memory-storage.js';

missedCallStorageContract('the memory storage', () => createMemoryStorage(), { describe, it });
