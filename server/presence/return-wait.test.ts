import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { MemoryPresence } from './memory-presence.js';
import { ReturnWait } from './return-wait.js';

const VANISH_AFTER_MS = 8_000;
const RESTART_WAIT_MS = 32_000;
const ALICE = { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' };

/** A server that has just started. */
function setUp() {
  const clock = createFakeClock();
  const start = clock.now();
  let isAdmitting = false;
  const wait = new ReturnWait({
    vanishAfterMs: VANISH_AFTER_MS,
    restartWaitMs: RESTART_WAIT_MS,
    isAdmitting: () => isAdmitting,
    clock,
  });
  const presence = new MemoryPresence(wait, clock.now);
  const lostAt: number[] = [];
  presence.whenVanished(async () => void lostAt.push(clock.now() - start));
  return { clock, presence, lostAt, admit: (value: boolean) => (isAdmitting = value) };
}

describe('ReturnWait', () => {
  it('waits longer for a device that has not been connected since the start of the server', async () => {
    const { clock, presence, lostAt } = setUp();
    await presence.enter(ALICE, 'call');
    await clock.advance(RESTART_WAIT_MS - 1);
    assert.deepEqual(lostAt, []);
    await clock.advance(1);
    assert.deepEqual(lostAt, [RESTART_WAIT_MS]);
  });

  it('stops waiting when the device reconnects', async () => {
    const { clock, presence, lostAt } = setUp();
    await presence.enter(ALICE, 'call');
    await clock.advance(20_000);
    await presence.connect(ALICE, 'connection');
    await clock.advance(RESTART_WAIT_MS);
    assert.deepEqual(lostAt, []);
    assert.equal(clock.timers, 0);
  });

  it('waits the normal time for a device that was connected, also right after the start', async () => {
    const { clock, presence, lostAt } = setUp();
    await presence.connect(ALICE, 'connection');
    await presence.enter(ALICE, 'call');
    await presence.disconnect(ALICE, 'connection');
    await clock.advance(RESTART_WAIT_MS);
    assert.deepEqual(lostAt, [VANISH_AFTER_MS]);
  });

  it('waits the normal time long after the start', async () => {
    const { clock, presence, lostAt } = setUp();
    await clock.advance(100_000);
    await presence.enter(ALICE, 'call');
    await clock.advance(RESTART_WAIT_MS);
    assert.deepEqual(lostAt, [100_000 + VANISH_AFTER_MS]);
  });

  it('waits while reconnecting devices wait for admission, and ends within a second after that', async () => {
    const { clock, presence, lostAt, admit } = setUp();
    await clock.advance(100_000);
    admit(true);
    await presence.enter(ALICE, 'call');
    await clock.advance(19_500);
    assert.deepEqual(lostAt, []);
    admit(false);
    await clock.advance(1_000);
    assert.deepEqual(lostAt, [120_000]);
  });

  it('does not wait longer than restartWaitMs, even if devices keep claiming to reconnect', async () => {
    const { clock, presence, lostAt, admit } = setUp();
    await clock.advance(100_000);
    admit(true);
    await presence.enter(ALICE, 'call');
    await clock.advance(1_000_000);
    assert.deepEqual(lostAt, [100_000 + RESTART_WAIT_MS]);
  });
});
