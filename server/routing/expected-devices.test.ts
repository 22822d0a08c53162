import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { createMemoryBus } from './bus.js';
import { ExpectedDevices } from './expected-devices.js';
import { MemoryPresence } from '../presence/memory-presence.js';
import { ReturnWait } from '../presence/return-wait.js';

const RESTART_WAIT_MS = 32_000;
const BOB = { userID: 'bob', deviceID: 'bob-1' };

/** A server that was restarted `runningMs` ago hears from Alice that Bob's device should be in her call. */
async function setUp(runningMs: number) {
  const clock = createFakeClock();
  const wait = new ReturnWait({ vanishAfterMs: 8_000, restartWaitMs: RESTART_WAIT_MS, clock });
  const presence = new MemoryPresence(wait, clock.now);
  const bus = createMemoryBus();
  const told: unknown[] = [];
  await bus.subscribe(
    'alice',
    'alice-1',
    (message) => told.push(message['lost']),
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
  return { clock, presence, told, sender: { ...BOB, userName: 'Bob' } };
}

describe('a device that is expected in a call after a restart', () => {
  it('is reported lost when the longer wait after the start is over, and not before', async () => {
    const { clock, told } = await setUp(2_000);
    await clock.advance(RESTART_WAIT_MS - 2_001);
    assert.deepEqual(told, []);
    await clock.advance(1);
    await clock.settle();
    assert.deepEqual(told, ['bob-1']);
  });

  it('is not reported lost when it has come back late, and says the same', async () => {
    const { clock, presence, told, sender } = await setUp(2_000);
    await clock.advance(20_000);
    await presence.connect(sender, 'connection');
    await presence.note('call', { named: new Map([['bob', ['alice']]]) });
    await presence.enter(sender, 'call');
    await clock.advance(RESTART_WAIT_MS);
    assert.deepEqual(told, []);
  });

  it('is waited for as usual long after the start', async () => {
    const { clock, told } = await setUp(100_000);
    await clock.advance(7_999);
    assert.deepEqual(told, []);
    await clock.advance(1);
    await clock.settle();
    assert.deepEqual(told, ['bob-1']);
  });
});
