import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { createMemoryBus } from './bus.js';
import { ExpectedDevices } from './expected-devices.js';
import { MemoryPresence } from '../presence/memory-presence.js';
import { ReturnWait } from '../presence/return-wait.js';

const RESTART_WAIT_MS = 32_000;
const BOB = { userID: 'bob', deviceID: 'bob-1' };

/** A server that was restarted `runningMs` ago. Alice's device reports that Bob's device should be in her call. */
async function setUp(runningMs: number) {
  const clock = createFakeClock();
  const wait = new ReturnWait({ vanishAfterMs: 8_000, restartWaitMs: RESTART_WAIT_MS, clock });
  const presence = new MemoryPresence(wait, clock.now);
  const bus = createMemoryBus();
  const reported: unknown[] = [];
  await bus.subscribe(
    'alice',
    'alice-1',
    (message) => reported.push(message['lost']),
    () => {},
  );
  await clock.advance(runningMs);
  const expected = new ExpectedDevices({
    presence,
    bus,
    wait,
    lostMessage: (device) => ({ from: device, at: 0, type: 'leave', lost: device.deviceID }),
  });
  expected.expect('alice', BOB, 'call');
  return { clock, presence, reported, sender: { ...BOB, userName: 'Bob' } };
}

describe('ExpectedDevices', () => {
  it('reports a device as lost after the longer wait that follows a start', async () => {
    const { clock, reported: reported } = await setUp(2_000);
    await clock.advance(RESTART_WAIT_MS - 2_001);
    assert.deepEqual(reported, []);
    await clock.advance(1);
    await clock.settle();
    assert.deepEqual(reported, ['bob-1']);
  });

  it('does not report a device that reconnects late and confirms that it is in the call', async () => {
    const { clock, presence, reported: reported, sender } = await setUp(2_000);
    await clock.advance(20_000);
    await presence.connect(sender, 'connection');
    await presence.note('call', { named: new Map([['bob', ['alice']]]) });
    await presence.enter(sender, 'call');
    await clock.advance(RESTART_WAIT_MS);
    assert.deepEqual(reported, []);
  });

  it('waits the normal time long after the start', async () => {
    const { clock, reported: reported } = await setUp(100_000);
    await clock.advance(7_999);
    assert.deepEqual(reported, []);
    await clock.advance(1);
    await clock.settle();
    assert.deepEqual(reported, ['bob-1']);
  });
});
