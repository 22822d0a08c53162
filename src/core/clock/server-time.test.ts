import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { ServerTime } from './server-time.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A device whose time of day is `ahead` ms ahead of the server's. */
function setUp(aheadMs = 0) {
  const clock = createFakeClock();
  const start = clock.now();
  /** The time that has actually passed, in ms. */
  let passed = 0;
  const time = new ServerTime(clock);
  const server = (): number => start + passed;
  clock.setWall(aheadMs);
  return {
    clock,
    time,
    server,
    measure: () => time.measure(server()),
    async pass(ms: number) {
      passed += ms;
      await clock.advance(ms);
    },
    sleep(ms: number) {
      passed += ms;
      clock.sleep(ms);
    },
    /** @returns how long ago an event at the server time `at` was, as this device displays it */
    reads: (at: number) => clock.epoch() - (at + time.offset),
  };
}

describe('ServerTime', () => {
  it('is the time of day until it is measured', async () => {
    const { clock, time, pass } = setUp(2 * HOUR);
    assert.equal(time.now(), clock.epoch());
    assert.equal(time.offset, 0);
    clock.setWall(-HOUR);
    await pass(MINUTE);
    assert.equal(time.now(), clock.epoch());
  });

  for (const ahead of [2 * HOUR, -2 * HOUR]) {
    it(`is correct on a device whose clock is ${ahead > 0 ? 'ahead of' : 'behind'} the server's`, async () => {
      const { clock, time, server, measure, pass, reads } = setUp(ahead);
      await pass(5 * MINUTE);
      measure();
      assert.equal(time.now(), server());
      assert.equal(reads(server() - 3 * MINUTE), 3 * MINUTE);
      await pass(MINUTE);
      assert.equal(reads(server() - 3 * MINUTE), 3 * MINUTE);
      assert.equal(time.toLocal(server()), clock.epoch());
    });
  }

  it('does not change when the time of day is set', async () => {
    const { clock, time, server, measure, pass, reads } = setUp();
    measure();
    const at = server();
    for (const ms of [3 * HOUR, -7 * HOUR]) {
      clock.setWall(ms);
      await pass(MINUTE);
      assert.equal(time.now(), server());
      assert.equal(reads(at), server() - at);
    }
    // Another measurement does not change durations either.
    const before = clock.now();
    time.disconnected();
    measure();
    assert.equal(clock.now(), before);
  });

  it('continues while the device sleeps, and durations are corrected at the next connection', async () => {
    const { clock, time, server, measure, sleep, pass, reads } = setUp(2 * HOUR);
    measure();
    const at = server();
    const startedAt = clock.now();
    await pass(10 * MINUTE);
    sleep(3 * HOUR);
    time.disconnected();
    assert.equal(reads(at), 3 * HOUR + 10 * MINUTE);
    measure();
    assert.equal(time.now(), server());
    assert.equal(clock.now() - startedAt, 3 * HOUR + 10 * MINUTE);
    assert.equal(reads(at), 3 * HOUR + 10 * MINUTE);
    // Another measurement does not add the sleep a second time.
    measure();
    assert.equal(clock.now() - startedAt, 3 * HOUR + 10 * MINUTE);
  });

  it('corrects sleep by the elapsed time on which two of three clocks agree', async () => {
    const { clock, time, measure, sleep, pass } = setUp();
    measure();
    const startedAt = clock.now();
    sleep(HOUR);
    clock.setWall(3 * HOUR);
    time.disconnected();
    await pass(MINUTE);
    measure();
    assert.equal(clock.now() - startedAt, HOUR + MINUTE);
  });

  it('does not change durations when the server’s clock is set', async () => {
    const { clock, time, server, measure, pass } = setUp();
    measure();
    const startedAt = clock.now();
    await pass(MINUTE);
    time.disconnected();
    time.measure(server() + 5 * HOUR);
    assert.equal(clock.now() - startedAt, MINUTE);
    assert.equal(time.now(), server() + 5 * HOUR);
  });

  it('does not change displayed times with the network latency', async () => {
    const { time, server, pass } = setUp();
    time.measure(server() - 900);
    assert.equal(time.offset, 0);
    await pass(MINUTE);
    time.measure(server() - 1_500);
    assert.equal(time.offset, 0);
  });
});
