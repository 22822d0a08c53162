import { inboxContract } from '../test/contract/inbox.js';
import { MemoryInbox } from './memory-inbox.js';

inboxContract('the inbox in memory', async (now) => new MemoryInbox(now));
