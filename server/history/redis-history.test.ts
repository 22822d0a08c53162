import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { change, entryAt, historyContract, readAll } from '../../test/contract/history.js';
import { useRedis } from '../../test/support/redis-fixture.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import type { History } from './history.js';
import { RedisHistory } from './redis-history.js';

describe('over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis({ keeps: true });
  const { newFixture } = redis;

  historyContract(
    'the history',
    async (now, limits) => new RedisHistory(await newFixture().store(), now, limits),
  );

  historyContract('the history of two nodes, used alternately,', async (now, limits) => {
    const fixture = newFixture();
    const nodes = [
      new RedisHistory(await fixture.store(), now, limits),
      new RedisHistory(await fixture.store(), now, limits),
    ];
    let steps = 0;
    return new Proxy(nodes[0] as History, {
      get(_target, method: keyof History | 'then') {
        if (method === 'then') return undefined;
        const node = nodes[++steps % 2] as History;
        return (node[method] as (...all: unknown[]) => unknown).bind(node);
      },
    });
  });

  describe('the history', () => {
    it('merges what several nodes write at the same time', async () => {
      const fixture = newFixture();
      const nodes: RedisHistory[] = [];
      for (let index = 0; index < 4; index++) nodes.push(new RedisHistory(await fixture.store()));
      const at = Date.now();
      const facts = [
        { callType: 'video' as const },
        { outcome: 'answered' as const },
        { answeredAt: at + 5 },
        { durationMs: 7_000 },
      ];
      await Promise.all(
        facts.map(async (fact, index) =>
          nodes[index]?.apply('bob', change({ entries: [entryAt(at + index, 'c', fact)] })),
        ),
      );
      const merged = entryAt(at, 'c', Object.assign({}, ...facts) as object);
      assert.deepEqual(await nodes[0]?.find('bob', 'c'), merged);
    });

    it('keeps users and calls apart whatever characters their IDs contain', async () => {
      const history = new RedisHistory(await newFixture().store());
      const names = ['a', 'a!b', 'a%21b', 'a:b', 'ä', '\\ud800', '\ud800', '"', "'"];
      for (const name of names) {
        const entries = names.map((callID) => entryAt(Date.now(), callID));
        await history.apply(name, change({ entries }));
        await history.apply(name, change({ deleted: [{ callID: name, at: Date.now() }] }));
      }
      for (const name of names) {
        const { entries, deleted } = await readAll(history, name);
        const left = entries.map(({ callID }) => callID).sort();
        assert.deepEqual(left, names.filter((other) => other !== name).sort());
        assert.equal(deleted[0]?.callID, name);
      }
    });

    it('loses nothing when Redis crashes, and rejects changes meanwhile', async () => {
      const fixture = newFixture();
      const history = new RedisHistory(await fixture.store());
      const entry = entryAt(Date.now(), 'c');
      await history.apply('bob', change({ entries: [entry] }));
      await redis.kill();
      await assert.rejects(history.apply('bob', change({ entries: [entry] })), UnavailableError);
      await assert.rejects(history.page('bob', 0), UnavailableError);
      await redis.startAgain();
      const second = new RedisHistory(await fixture.store());
      assert.deepEqual((await readAll(second)).entries, [entry]);
    });
  });
});
