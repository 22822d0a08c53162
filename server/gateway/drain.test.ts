import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { drain } from './drain.js';

const WITHIN_MS = 10_000;

/** Connections to drain. @param slow index of a connection that never closes */
function setUp(count: number, slow?: number) {
  const clock = createFakeClock();
  const start = clock.now();
  /** Number of connections that were told to close, by time in ms. */
  const sent = new Map<number, number>();
  const connections = Array.from({ length: count }, (_, index) => ({
    move() {
      const at = clock.now() - start;
      sent.set(at, (sent.get(at) ?? 0) + 1);
      return index === slow ? new Promise<void>(() => {}) : Promise.resolve();
    },
  }));
  let doneAt: number | undefined;
  void drain(connections, WITHIN_MS, clock).then(() => (doneAt = clock.now() - start));
  return { clock, sent, doneAt: () => doneAt };
}

describe('drain', () => {
  it('closes 100 connections every 50 ms, and resolves when all are closed', async () => {
    const { clock, sent, doneAt } = setUp(250);
    await clock.advance(WITHIN_MS);
    assert.deepEqual(
      [...sent],
      [
        [0, 100],
        [50, 100],
        [100, 50],
      ],
    );
    assert.equal(doneAt(), 100);
    assert.equal(clock.timers, 0);
  });

  it('shortens the pauses for many connections, so that all are closed in time', async () => {
    const { clock, sent, doneAt } = setUp(100_000);
    await clock.advance(WITHIN_MS);
    const times = [...sent.keys()];
    assert.equal(times.length, 1_000);
    assert.ok((times.at(-1) ?? Infinity) < WITHIN_MS, String(times.at(-1)));
    assert.deepEqual(new Set(sent.values()), new Set([100]));
    assert.equal(doneAt(), times.at(-1));
  });

  it('waits for a connection that does not close until the time is over, without delaying the others', async () => {
    const { clock, sent, doneAt } = setUp(250, 3);
    await clock.advance(WITHIN_MS - 1);
    assert.deepEqual([...sent.keys()], [0, 50, 100]);
    assert.equal(doneAt(), undefined);
    await clock.advance(1);
    assert.equal(doneAt(), WITHIN_MS);
  });

  it('resolves immediately without connections', async () => {
    const { clock, doneAt } = setUp(0);
    await clock.settle();
    assert.equal(doneAt(), 0);
    assert.equal(clock.timers, 0);
  });
});
