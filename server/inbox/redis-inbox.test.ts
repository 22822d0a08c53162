import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { inboxContract, invitationAt } from '../../test/contract/inbox.js';
import { eventually } from '../../test/support/eventually.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis, type RedisFixture } from '../../test/support/redis-fixture.js';
import { silentLogger } from '../observability/logger.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { KEEP_MISSED_MS, KEEP_SETTLED_MS } from '../limits/limits.js';
import { RedisInbox } from './redis-inbox.js';

const HALF_AN_HOUR_MS = 1_800_000;

const calls = (entries: readonly { callID: string }[]) => entries.map(({ callID }) => callID);

describe('over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis({ keeps: true });
  const { newFixture } = redis;
  const open = async (fixture: RedisFixture, now?: () => number) =>
    new RedisInbox(await fixture.store(), silentLogger, now);

  inboxContract('the inbox', (now) => open(newFixture(), now));

  inboxContract('the inbox of two nodes, used alternately,', async (now) => {
    const fixture = newFixture();
    const nodes = [await open(fixture, now), await open(fixture, now)];
    let steps = 0;
    return new Proxy(nodes[0] as RedisInbox, {
      get(_target, method: keyof RedisInbox | 'then') {
        if (method === 'then') return undefined;
        const node = nodes[++steps % 2] as RedisInbox;
        return (node[method] as (...all: unknown[]) => unknown).bind(node);
      },
    });
  });

  describe('the inbox', () => {
    const ended = { reason: 'timeout', at: Date.now(), fresh: true } as const;

    it('loses nothing when Redis and the node crash', async () => {
      const fixture = newFixture();
      const first = await open(fixture);
      const invitation = invitationAt(Date.now(), 'open');
      await first.put(invitation);
      await first.put(invitationAt(Date.now(), 'missed'));
      await first.end('bob', 'missed', ended);
      await redis.kill();
      await redis.startAgain();
      const second = await open(fixture);
      assert.deepEqual(await second.openFor('bob'), [JSON.parse(JSON.stringify(invitation))]);
      const [missed] = await second.tell('bob', 0);
      assert.equal(missed?.invitation.callID, 'missed');
      assert.equal(missed.fresh, true);
    });

    it('returns an ended invitation to only one of several nodes that end it at the same time', async () => {
      const fixture = newFixture();
      const nodes = [await open(fixture), await open(fixture), await open(fixture)];
      await nodes[0]?.put(invitationAt(Date.now(), 'c'));
      const endings = await Promise.all(nodes.map((node) => node.end('bob', 'c', ended)));
      assert.equal(endings.filter(Boolean).length, 1);
    });

    it('keeps users and calls apart whatever characters their IDs contain', async () => {
      const inbox = await open(newFixture());
      const names = ['a', 'a!b', 'a%21b', 'a:b', 'ä', '\\ud800', '\ud800', '\ud801', '"', "'"];
      for (const user of names) {
        for (const callID of names) await inbox.put(invitationAt(Date.now(), callID, user));
      }
      for (const user of names) {
        assert.deepEqual(calls(await inbox.openFor(user)), names);
        await inbox.select(user, 'a!b', 1);
        assert.deepEqual(calls(await inbox.settled(user)), ['a!b']);
      }
      assert.equal((await inbox.dueBy(Infinity)).length, names.length * (names.length - 1));
    });

    it('does not change the message of a client', async () => {
      const inbox = await open(newFixture());
      const message = {
        ...invitationAt(0, 'c').message,
        list: [],
        none: {},
        big: 2 ** 53,
        s: '\u0000',
      };
      const invitation = { ...invitationAt(Date.now(), 'c'), message };
      await inbox.put(invitation);
      assert.deepEqual((await inbox.openFor('bob'))[0]?.message, message);
    });

    it('sets an expiry time on all keys', async () => {
      const fixture = newFixture();
      const inbox = await open(fixture);
      await inbox.put(invitationAt(Date.now(), 'c'));
      await inbox.end('bob', 'c', ended);
      const { commands, prefix } = await fixture.store();
      const keys = (await commands.keys(`${prefix}*`)).filter((key) => key !== `${prefix}serial`);
      assert.ok(keys.length >= 3, String(keys));
      for (const key of keys) assert.ok((await commands.pttl(key)) > 0, key);
    });

    it('removes expired entries within half an hour, also of users who do not connect', async () => {
      const fixture = newFixture();
      let now = Date.now();
      const inbox = await open(fixture, () => now);
      await inbox.put(invitationAt(now, 'missed'));
      await inbox.end('bob', 'missed', ended);
      await inbox.put(invitationAt(now, 'answered', 'carol'));
      await inbox.answer('carol', 'answered', 1);
      const { commands, prefix } = await fixture.store();
      const left = async () => {
        const keys = await commands.keys(`${prefix}*`);
        const name = (key: string) => key.slice(prefix.length);
        return keys
          .map(name)
          .filter((key) => /^(box|held|[oms]):|^(fade|held|greedy)$/.test(key))
          .sort();
      };
      now += KEEP_SETTLED_MS;
      await inbox.dueBy(now);
      const budget = ['greedy', 'held', 'held:alice'];
      const boxes = ['box:bob', 'box:carol'];
      assert.deepEqual(await left(), [...boxes, 'fade', ...budget, 'm:bob', 's:bob', 's:carol']);
      now += HALF_AN_HOUR_MS;
      await inbox.dueBy(now);
      assert.deepEqual(await left(), ['box:bob', 'fade', ...budget, 'm:bob']);
      assert.deepEqual((await commands.hkeys(`${prefix}box:bob`)).sort(), [
        'b',
        'c:missed',
        'j:missed',
        'm:missed',
        'n',
      ]);
      now += KEEP_MISSED_MS - KEEP_SETTLED_MS;
      await inbox.dueBy(now);
      assert.deepEqual(await left(), []);
      assert.equal(await commands.get(`${prefix}bytes`), '0');
    });

    it('stays within its limits for random invitations, and counts exactly the bytes that are stored', async () => {
      const most = { inboxBytes: 30_000, senderBytes: 40_000, storeBytes: 60_000 };
      const fixture = newFixture();
      let now = 1_800_000_000_000;
      const store = await fixture.store();
      const inbox = new RedisInbox(store, silentLogger, () => now, most);
      const { commands, prefix } = store;
      const users = ['uma', 'vic', 'wes'];
      const step = fc.record({
        user: fc.constantFrom(...users),
        by: fc.constantFrom('ann', 'ann', 'ann', 'eve', 'eve', 'eve', 'eve', 'dan'),
        call: fc.nat(200),
        data: fc.oneof(fc.nat(200), fc.nat(4_000)),
        end: fc.constantFrom('missed', 'missed', 'answered', 'dismissed', 'dropped', 'open'),
      });
      const sum = (texts: readonly string[]) =>
        texts.reduce((total, text) => total + Number(text.split(' ').at(-1)), 0);
      let dropped = 0;
      const check = async () => {
        const total = Number(await commands.get(`${prefix}bytes`));
        assert.ok(total <= most.storeBytes);
        const held = await commands.zrange(`${prefix}held`, '0', '-1', 'WITHSCORES');
        assert.equal(sum(held.filter((_, index) => index % 2 === 1)), total);
        for (let index = 1; index < held.length; index += 2) {
          assert.ok(Number(held[index]) <= most.senderBytes);
        }
        let all = 0;
        for (const user of users) {
          const box = await commands.hgetall(`${prefix}box:${user}`);
          const cells = Object.entries(box).filter(([key]) => key.startsWith('c:'));
          const bytes = sum(cells.map(([, text]) => text));
          assert.equal(Number(box['b'] ?? 0), bytes);
          assert.ok(bytes <= most.inboxBytes);
          assert.equal(await commands.zcard(`${prefix}c:${user}`), cells.length);
          const calls = Object.keys(box).filter((key) => /^[oms]:/.test(key));
          assert.equal(new Set(calls.map((key) => key.slice(2))).size, cells.length);
          all += bytes;
        }
        assert.equal(all, total);
      };
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
          for (const { user, by, call, data, end } of steps) {
            now += 1;
            const callID = `call-${String(call)}`;
            const sent = { by, customData: 'x'.repeat(data) };
            const put = await inbox.put(invitationAt(now, callID, user, 1, sent));
            const isThere = calls(await inbox.openFor(user)).includes(callID);
            if (put === 'kept' && !isThere) dropped += 1;
            if (end === 'missed' || end === 'dismissed') {
              await inbox.end(user, callID, { reason: 'timeout', at: now, fresh: true });
            }
            if (end === 'answered') await inbox.answer(user, callID, 1);
            if (end === 'dismissed') await inbox.seen(user, [callID], true);
            if (end === 'dropped') await inbox.drop(user, callID);
            await check();
          }
        }),
        { numRuns: 30, endOnFailure: true },
      );
      assert.ok(dropped < 900, 'the newest invitation is usually kept');
    });

    it('rejects invitations while Redis is unreachable, and writes settled ones after it reconnects', async () => {
      const fixture = newFixture();
      const [here, there] = [await open(fixture), await open(fixture)];
      for (const callID of ['answered', 'ended', 'dropped', 'open']) {
        await here.put(invitationAt(Date.now(), callID));
      }
      await redis.kill();
      await assert.rejects(here.put(invitationAt(Date.now(), 'new')), UnavailableError);
      await assert.rejects(here.openFor('bob'), UnavailableError);
      await assert.rejects(here.tell('bob', 0), UnavailableError);
      await assert.rejects(here.seen('bob', ['open'], true), UnavailableError);
      await here.answer('bob', 'answered', 1);
      assert.equal(await here.end('bob', 'ended', ended), undefined);
      await here.drop('bob', 'dropped');
      await redis.startAgain();
      await eventually(async () => {
        const left = await there.openFor('bob').catch(() => []);
        return String(calls(left)) === 'open';
      }, 'the queued writes are applied');
      assert.deepEqual(
        (await there.settled('bob')).map(({ callID, how }) => [callID, how]),
        [
          ['answered', 'answered'],
          ['ended', 'ended'],
        ],
      );
      assert.deepEqual(calls((await there.tell('bob', 0)).map(({ invitation }) => invitation)), [
        'ended',
      ]);
    });
  });
});
