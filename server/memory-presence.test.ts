import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { device, presenceContract } from '../test/contract/presence.js';
import { KEEP_CALL_MS, KEEP_OWNER_MS, MAX_CALLS } from './limits.js';
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
  it('keeps the ID of a device that has gone for its user, for ten minutes', async () => {
    let now = 1;
    const presence = new MemoryPresence(1_000, () => now);
    made.push(presence);
    const stolen = { ...device('alice-1'), userID: 'eve' };
    await presence.connect(device('alice-1'), 'x');
    await presence.disconnect('alice-1', 'x');
    now += KEEP_OWNER_MS;
    assert.equal(await presence.connect(stolen, 'y'), false);
    now += 1;
    assert.equal(await presence.connect(stolen, 'y'), true);
  });

  it('forgets the calls that were touched longest ago when there are too many', async () => {
    const presence = new MemoryPresence(1_000, () => 0);
    made.push(presence);
    const involve = (callID: string) => presence.involve(callID, ['alice'], true);
    const isKnown = async (callID: string) => (await presence.involved(callID)).all;
    for (let number = 0; number < MAX_CALLS; number += 1) await involve(`call-${number}`);
    await involve('call-0');
    await involve('one more');
    assert.deepEqual(
      [await isKnown('call-0'), await isKnown('call-1'), await isKnown('one more')],
      [true, false, true],
    );
    assert.equal(await isKnown(`call-${MAX_CALLS - 1}`), true);
  });
});
