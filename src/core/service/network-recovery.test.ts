import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { NetworkRecovery } from './network-recovery.js';

/** @param works the results of the checks of the connection, in order; then `true` */
function setUp(works: boolean[] = []) {
  const clock = createFakeClock();
  const log: string[] = [];
  const device = { isSynced: true };
  const recovery = new NetworkRecovery({
    clock,
    transport: {
      networkChanged(isCertain) {
        log.push(isCertain ? 'replace' : 'check');
        return Promise.resolve(!isCertain && (works.shift() ?? true));
      },
    },
    logger: undefined,
    isSynced: () => device.isSynced,
    restartLinks: () => log.push('restart'),
  });
  return { clock, log, device, recovery };
}

describe('NetworkRecovery', () => {
  it('replaces the connection at once when the network has changed, and restarts links when that is done', async () => {
    const { clock, log, device, recovery } = setUp();
    recovery.handle('changed');
    assert.deepEqual(log, ['replace']);
    device.isSynced = false;
    await clock.settle();
    assert.deepEqual(log, ['replace']);
    device.isSynced = true;
    recovery.onSynced();
    assert.deepEqual(log, ['replace', 'restart']);
    recovery.onSynced();
    assert.deepEqual(log, ['replace', 'restart']);
  });

  it('checks the connection of a page that was suspended, and restarts links at once if it works', async () => {
    const { clock, log, recovery } = setUp();
    recovery.handle('resumed');
    await clock.settle();
    assert.deepEqual(log, ['check', 'restart']);
  });

  it('waits for the next connection if the check finds that this one is dead', async () => {
    const { clock, log, recovery } = setUp([false]);
    recovery.handle('resumed');
    await clock.settle();
    assert.deepEqual(log, ['check']);
    recovery.onSynced();
    assert.deepEqual(log, ['check', 'restart']);
  });

  it('only checks when the network is lost, or a change is only suspected', async () => {
    const { clock, log, recovery } = setUp();
    recovery.handle('lost');
    recovery.handle('suspected');
    await clock.settle();
    assert.deepEqual(log, ['check', 'check']);
    recovery.onSynced();
    assert.deepEqual(log, ['check', 'check']);
  });

  it('restarts once for several events at once, and once more for one that comes after the restart', async () => {
    const { clock, log, recovery } = setUp();
    for (const event of ['resumed', 'resumed', 'suspected'] as const) recovery.handle(event);
    await clock.settle();
    assert.equal(log.filter((one) => one === 'restart').length, 1);
    await clock.advance(500);
    recovery.handle('resumed');
    await clock.settle();
    recovery.handle('resumed');
    await clock.settle();
    assert.equal(log.filter((one) => one === 'restart').length, 1);
    await clock.advance(500);
    assert.equal(log.filter((one) => one === 'restart').length, 2);
    assert.equal(clock.timers, 0);
  });

  it('takes a new route for a change of the network, but not the one that its restart has found', async () => {
    const { clock, log, recovery } = setUp();
    recovery.onRouteChanged();
    await clock.settle();
    assert.deepEqual(log, ['check', 'restart']);
    await clock.advance(9_999);
    recovery.onRouteChanged();
    await clock.settle();
    assert.deepEqual(log, ['check', 'restart']);
    await clock.advance(1);
    recovery.onRouteChanged();
    await clock.settle();
    assert.deepEqual(log, ['check', 'restart', 'check', 'restart']);
  });

  it('checks the connection when links are down, once for several, and restarts nothing', async () => {
    const { clock, log, recovery } = setUp();
    recovery.onLinkDown();
    recovery.onLinkDown();
    await clock.settle();
    assert.deepEqual(log, ['check']);
    await clock.advance(5_000);
    recovery.onLinkDown();
    await clock.settle();
    assert.deepEqual(log, ['check', 'check']);
  });

  it('does nothing after it was stopped', async () => {
    const { clock, log, recovery } = setUp();
    recovery.handle('resumed');
    recovery.stop();
    await clock.settle();
    recovery.onSynced();
    assert.deepEqual(log, ['check']);
    assert.equal(clock.timers, 0);
  });
});
