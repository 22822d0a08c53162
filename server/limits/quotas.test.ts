import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limiterContract } from '../../test/contract/limiter.js';
import { addressOf } from '../gateway/address.js';
import { Quotas } from './quotas.js';
import { createMemoryLimiter } from './rate-limiter.js';

const MINUTE = 60;

limiterContract('limiters in memory', async () => createMemoryLimiter);

describe('quotas', () => {
  it('limit the messages of a device, in a burst and over a longer time', async () => {
    const burst = new Quotas({ messageBurst: { points: 1, seconds: MINUTE } });
    assert.equal(await burst.message('alice', 'a-1'), 0);
    assert.ok((await burst.message('alice', 'a-1')) > 0);
    assert.equal(await burst.message('alice', 'a-2'), 0);
    const run = new Quotas({ messages: { points: 1, seconds: MINUTE } });
    assert.equal(await run.message('alice', 'a-1'), 0);
    assert.ok((await run.message('alice', 'a-1')) > 0);
  });

  it('limit the invitations of a caller, counted by callee, and of each pair', async () => {
    const callers = new Quotas({ invitationsPerCaller: { points: 3, seconds: MINUTE } });
    assert.equal(await callers.invitation('alice', ['alice', 'bob', 'carol', 'bob']), 0);
    assert.equal(await callers.invitation('alice', ['dave']), 0);
    assert.ok((await callers.invitation('alice', ['bob'])) > 0);
    assert.equal(await callers.invitation('bob', ['alice']), 0);
    const pairs = new Quotas({ invitationsPerPair: { points: 1, seconds: MINUTE } });
    assert.equal(await pairs.invitation('alice', ['bob']), 0);
    assert.ok((await pairs.invitation('alice', ['carol', 'bob'])) > 0);
    assert.equal(await pairs.invitation('bob', ['alice']), 0);
    assert.equal(await pairs.invitation('alice', []), 0);
  });

  it('use the shared limiters for limits of a user', async () => {
    const requests: string[] = [];
    const quotas = new Quotas({}, (name) => ({
      async take(key, points = 1) {
        requests.push(`${name} ${key} ${String(points)}`);
        return name === 'pairs' ? 5 : 0;
      },
    }));
    assert.equal(await quotas.invitation('alice', ['bob']), 5);
    assert.equal(await quotas.attempt('alice'), 0);
    await quotas.message('alice', 'a-1');
    await quotas.address('192.0.2.1');
    assert.deepEqual(requests, ['callers alice 1', 'pairs alice bob 1', 'attempts alice 1']);
  });

  it('limit the open connections of an address, and its attempts', async () => {
    const quotas = new Quotas({
      connectionsPerAddress: 1,
      attemptsPerAddress: { points: 3, seconds: MINUTE },
    });
    const close = quotas.open('192.0.2.1');
    assert.equal(await quotas.address('192.0.2.1'), false);
    close();
    close();
    assert.equal(quotas.opened('192.0.2.1'), 0);
    for (const allowed of [true, true, true, false]) {
      assert.equal(await quotas.address('192.0.2.1'), allowed);
    }
    assert.equal(await quotas.address('192.0.2.2'), true);
  });

  it('accept a limited number of returning devices at an address whose new devices are rejected', async () => {
    const quotas = new Quotas({
      attemptsPerAddress: { points: 1, seconds: MINUTE },
      returningPerAddress: { points: 2, seconds: MINUTE },
    });
    assert.equal(await quotas.address('192.0.2.1'), true);
    assert.equal(await quotas.address('192.0.2.1'), false);
    for (const allowed of [true, true, false]) {
      assert.equal(await quotas.address('192.0.2.1', true), allowed);
    }
  });

  it('let returning devices beyond their limit use the remaining limit of new devices', async () => {
    const quotas = new Quotas({
      attemptsPerAddress: { points: 1, seconds: MINUTE },
      returningPerAddress: { points: 1, seconds: MINUTE },
    });
    for (const allowed of [true, true, false]) {
      assert.equal(await quotas.address('192.0.2.1', true), allowed);
    }
  });
});

describe('addressOf', () => {
  const request = (remoteAddress: string | undefined, forwarded?: string) => ({
    headers: { 'x-forwarded-for': forwarded },
    socket: { remoteAddress },
  });

  it('returns the address of the connection, whatever the header contains', () => {
    assert.equal(addressOf(request('192.0.2.1', '203.0.113.9')), '192.0.2.1');
    assert.equal(addressOf(request('::ffff:192.0.2.1')), '192.0.2.1');
    assert.equal(addressOf(request(undefined)), 'unknown');
  });

  it('returns the address that the outermost trusted proxy saw, and ignores forged entries', () => {
    const claimed = request('127.0.0.1', '198.51.100.7, 203.0.113.9 ,192.0.2.1');
    assert.equal(addressOf(claimed, 1), '192.0.2.1');
    assert.equal(addressOf(claimed, 2), '203.0.113.9');
    assert.equal(addressOf(request('127.0.0.1', '203.0.113.9'), 2), '203.0.113.9');
    assert.equal(addressOf(request('127.0.0.1'), 1), '127.0.0.1');
    assert.equal(addressOf(request('127.0.0.1', 'nonsense'), 1), 'nonsense');
  });

  it('returns one key for a whole /64 of IPv6, in every notation', () => {
    const expected = '2001:db8:0:1::/64';
    for (const address of [
      '2001:db8:0:1::1',
      '2001:0DB8:0000:0001:ffff:ffff:ffff:ffff',
      '2001:db8::1:0:0:0:7',
    ]) {
      assert.equal(addressOf(request(address)), expected, address);
    }
    assert.equal(addressOf(request('::1')), '::/64');
    assert.equal(addressOf(request('fe80::1%eth0')), 'fe80::/64');
  });
});
