import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { presenceContract } from '../test/contract/presence.js';
import { KEEP_CALL_MS, MAX_CALLS } from './limits.js';
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

describe('presence in memory', () => {
  it('forgets the calls that were touched longest ago when there are too many', async () => {
    const presence = new MemoryPresence(1_000, () => 0);
    made.push(presence);
    const origin = { initiator: 'alice', endWithInitiator: false, isComplete: true };
    const note = (callID: string) => presence.note(callID, { origin });
    const isKnown = async (callID: string) => (await presence.call(callID)).origin !== undefined;
    for (let number = 0; number < MAX_CALLS; number += 1) await note(`call-${number}`);
    await note('call-0');
    await note('one more');
    assert.deepEqual(
      [await isKnown('call-0'), await isKnown('call-1'), await isKnown('one more')],
      [true, false, true],
    );
    assert.equal(await isKnown(`call-${MAX_CALLS - 1}`), true);
  });
});
