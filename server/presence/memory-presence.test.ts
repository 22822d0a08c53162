import { after } from 'node:test';
import { presenceContract } from '../../test/contract/presence.js';
import { KEEP_CALL_MS } from '../limits/limits.js';
import { MemoryPresence } from './memory-presence.js';

const made: MemoryPresence[] = [];
after(() => Promise.all(made.map((presence) => presence.close())));

presenceContract('presence in memory', async (vanishAfterMs) => {
  let now = 0;
  const presence = new MemoryPresence(vanishAfterMs, () => now);
  made.push(presence);
  return {
    presence,
    forgetCalls: async () => {
      now += KEEP_CALL_MS;
    },
  };
});
