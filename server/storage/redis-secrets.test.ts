import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.js';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis, type RedisFixture } from '../../test/support/redis-fixture.js';
import { silentLogger } from '../observability/logger.js';
import { SharedSecrets } from './redis-secrets.js';

describe('the secrets that several nodes share', { skip: withoutRedis }, () => {
  const redis = useRedis();

  /** A node with a fake clock. `compare` makes it compare its secrets with those in Redis. */
  const open = async (fixture: RedisFixture, age = 0) => {
    const store = await fixture.store();
    const clock = createFakeClock(1_800_000_000_000 - age);
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
    const secrets = await SharedSecrets.open(store, logger, clock);
    return {
      store,
      secrets,
      warnings,
      compare: async () => {
        await clock.advance(2_000);
        await eventually(async () => clock.timers === 1, 'the secrets are compared');
      },
      get keys() {
        return JSON.stringify([secrets.vapid, secrets.ticketSecret]);
      },
    };
  };

  it('are written back by a node after Redis has lost its data', async () => {
    const fixture = redis.newFixture();
    const [a, b] = [await open(fixture), await open(fixture)];
    const before = a.keys;
    assert.equal(b.keys, before);
    await a.compare();
    assert.deepEqual(a.warnings, []);
    await a.store.commands.flushall();
    await a.compare();
    await b.compare();
    assert.match(a.warnings.join('\n'), /^Redis has lost its data[^\n]*$/);
    assert.deepEqual([b.warnings, a.keys, b.keys], [[], before, before]);
    const later = await open(fixture);
    assert.equal(later.keys, before);
    for (const { secrets } of [a, b, later]) secrets.close();
  });

  for (const [who, ageOfSecond, isFirstExpected] of [
    ['a node has started in between', 0, true],
    ['the first to notice is the younger one', 60_000, false],
  ] as const) {
    it(`are the older ones on all nodes if ${who}`, async () => {
      const fixture = redis.newFixture();
      const a = await open(fixture, 1_000);
      await a.store.commands.flushall();
      const b = await open(fixture, ageOfSecond);
      assert.notEqual(b.keys, a.keys);
      const expected = isFirstExpected ? a.keys : b.keys;
      await a.compare();
      await b.compare();
      assert.deepEqual([a.keys, b.keys], [expected, expected]);
      const warned = [...a.warnings, ...b.warnings].join('\n');
      assert.match(warned, /Redis has other keys/);
      assert.equal(/nodes had different keys/.test(warned), isFirstExpected);
      a.secrets.close();
      b.secrets.close();
    });
  }

  it('are written back immediately after Redis was restarted without its data', async () => {
    const fixture = redis.newFixture();
    const a = await open(fixture);
    const before = a.keys;
    await redis.kill();
    await redis.startAgain();
    await eventually(async () => a.warnings.length > 0, 'the node logs the loss');
    const b = await open(fixture);
    assert.equal(b.keys, before);
    a.secrets.close();
    b.secrets.close();
  });

  it('do not change, with one warning, if those in Redis are damaged', async () => {
    const fixture = redis.newFixture();
    const a = await open(fixture);
    const before = a.keys;
    await a.store.commands.set(`${a.store.prefix}secrets`, 'junk');
    await a.compare();
    await a.compare();
    assert.equal(a.keys, before);
    assert.match(a.warnings.join('\n'), /^[^\n]*in Redis are damaged[^\n]*$/);
    assert.equal(await a.store.commands.get(`${a.store.prefix}secrets`), 'junk');
    a.secrets.close();
  });
});
