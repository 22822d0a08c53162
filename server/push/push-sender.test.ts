import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import webPush from 'web-push';
import type { AnsweredPush, IncomingPush } from '../../src/core/protocol/push.js';
import { createFakeClock, type FakeClock } from '../../test/support/fake-clock.js';
import { FakePushService } from '../../test/support/push-service.js';
import {
  MAX_PUSHES,
  MAX_PUSHES_PER_USER,
  MAX_PUSH_RETRIES,
  MAX_PUSH_TIMEOUTS,
  PUSH_RETRY_MS,
  PUSH_CIRCUIT_OPEN_MS,
} from '../limits/limits.js';
import { lineLogger } from '../observability/logger.js';
import { publicEndpointPolicy, type EndpointPolicy } from './endpoint-policy.js';
import { PushSender, type Push } from './push-sender.js';

const payload: AnsweredPush = {
  kind: 'answered',
  callID: 'c',
  account: 'account',
  page: 'https://example.org/',
  server: 'https://example.org',
  lang: 'en',
  missed: true,
  dialBack: true,
};

/** Waits until the sender waits for its next attempt. */
async function paused(clock: FakeClock): Promise<void> {
  while (clock.timers === 0) await clock.settle();
}

/** Starts a push service that accepts connections, but never answers. */
async function startSilent() {
  const connections: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    connections.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://127.0.0.1:${String(port)}`,
    /** Number of connections accepted so far. */
    get connections() {
      return connections.length;
    },
    async untilConnections(count: number) {
      while (connections.length < count) await once(server, 'connection');
    },
    close() {
      for (const socket of connections) socket.destroy();
      server.close();
    },
  };
}

describe('PushSender', () => {
  let service: FakePushService;
  const senders = new Set<PushSender>();
  before(async () => {
    service = await FakePushService.start();
  });
  after(() => service.close());
  afterEach(() => {
    for (const sender of senders) sender.close();
    senders.clear();
  });

  const keys = webPush.generateVAPIDKeys();
  const vapid = { ...keys, subject: 'mailto:admin@example.org' };

  function setUp(endpointPolicy?: EndpointPolicy, timeoutMs?: number) {
    const clock = createFakeClock(Math.floor(Date.now() / 1_000) * 1_000);
    const log: string[] = [];
    const logger = lineLogger((line) => log.push(line));
    const parts = {
      vapid: () => vapid,
      endpointPolicy: endpointPolicy ?? service.reach,
      logger,
      clock,
    };
    const sender = new PushSender(timeoutMs === undefined ? parts : { ...parts, timeoutMs });
    senders.add(sender);
    const push = (more: Partial<Push> = {}) =>
      sender.send({
        userID: 'alice',
        subscription: service.subscribe(),
        payload: () => payload,
        expiresAt: clock.now() + 30_000,
        urgency: 'high',
        topic: 'topic',
        ...more,
      });
    return { clock, log, push, sender };
  }

  it('encrypts the payload, signs the request, and sets the TTL', async () => {
    service.expectKey(keys.publicKey);
    const { clock, push } = setUp();
    const delivery = push({ expiresAt: clock.now() + 4_200 });
    const { ttl, urgency, topic, json, claims } = await service.next();
    assert.equal(await delivery.outcome, 'sent');
    assert.deepEqual(json, payload);
    assert.deepEqual([ttl, urgency, topic], [5, 'high', 'topic']);
    assert.equal(claims.sub, vapid.subject);
  });

  for (const status of [404, 410] as const) {
    it(`reports the subscription as gone on status ${String(status)}`, async () => {
      const { log, push } = setUp();
      service.answer({ status });
      const delivery = push();
      await service.next();
      assert.equal(await delivery.outcome, 'gone');
      assert.deepEqual(log, []);
    });
  }

  it('retries after the time that Retry-After names', async () => {
    const { clock, push } = setUp();
    const count = service.received.length;
    const expiresAt = clock.now() + 30_000;
    const date = new Date(clock.now() + 10_000);
    service.answer(
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 500, headers: { 'retry-after': date.toUTCString() } },
    );
    const delivery = push({ expiresAt });
    await service.next();
    await paused(clock);
    await clock.advance(6_999);
    assert.equal(service.received.length, count + 1);
    await clock.advance(1);
    assert.equal((await service.next()).ttl, 23);
    await paused(clock);
    await clock.advance(3_000);
    assert.equal((await service.next()).ttl, 20);
    assert.equal(await delivery.outcome, 'sent');
  });

  it('gives up after MAX_PUSH_RETRIES retries, and logs only the host of the endpoint', async () => {
    const { clock, log, push } = setUp();
    const subscription = service.subscribe();
    service.answer(
      ...Array.from({ length: MAX_PUSH_RETRIES + 1 }, () => ({ status: 500 as const })),
    );
    const delivery = push({ subscription });
    for (let attempt = 0; attempt < MAX_PUSH_RETRIES; attempt += 1) {
      await service.next();
      await paused(clock);
      await clock.advance(PUSH_RETRY_MS);
    }
    await service.next();
    assert.equal(await delivery.outcome, 'failed');
    assert.equal(log.length, 1);
    assert.match(log[0] ?? '', /"host":"127\.0\.0\.1:\d+","status":500/);
    assert.ok(!log[0]?.includes(subscription.endpoint.split('/').at(-1) ?? ''));
  });

  it('does not retry after the expiry of the push, or after a permanent error', async () => {
    const { push } = setUp();
    service.answer(
      { status: 429, headers: { 'retry-after': '30' } },
      { status: 302, headers: { location: `${service.origin}/elsewhere` } },
    );
    for (let turn = 0; turn < 2; turn += 1) {
      const delivery = push();
      await service.next();
      assert.equal(await delivery.outcome, 'failed');
    }
  });

  it('does not send pushes that have expired, or were cancelled while they waited', async () => {
    const { clock, push } = setUp();
    const count = service.received.length;
    assert.equal(await push({ expiresAt: clock.now() }).outcome, 'expired');
    service.answer({ status: 429 });
    const delivery = push();
    await service.next();
    await paused(clock);
    delivery.cancel();
    assert.equal(await delivery.outcome, 'canceled');
    assert.equal(clock.timers, 0);
    assert.equal(service.received.length, count + 1);
  });

  it('cancels waiting pushes when it is closed', async () => {
    const { clock, push, sender } = setUp();
    service.answer({ status: 429 });
    const delivery = push();
    await service.next();
    await paused(clock);
    sender.close();
    assert.equal(await delivery.outcome, 'canceled');
  });

  it('does not send to addresses that are not public, or payloads that are too long', async () => {
    const count = service.received.length;
    assert.equal(await setUp(publicEndpointPolicy()).push().outcome, 'failed');
    // Although the policy allows the URL, the lookup of the name fails, because it resolves to a loopback address.
    const { port } = new URL(service.origin);
    const endpoint = `https://localhost:${port}/push/x`;
    const named = setUp({ ...publicEndpointPolicy(), allows: () => true });
    const subscription = { ...service.subscribe(), endpoint };
    assert.equal(await named.push({ subscription }).outcome, 'failed');
    assert.match(named.log[0] ?? '', /"error":"ENOTPUBLIC"/);
    const long = { ...payload, page: `https://example.org/${'x'.repeat(4_000)}` };
    assert.equal(await setUp().push({ payload: () => long }).outcome, 'failed');
    assert.equal(service.received.length, count);
  });

  it('leaves the caller’s texts out if they make the payload too long', async () => {
    const { kind: _, ...page } = { ...payload, page: `https://example.org/${'x'.repeat(1_900)}` };
    const call: IncomingPush = {
      ...page,
      ...{ kind: 'incoming', round: 1, callType: 'voice', group: false, remainingMs: 30_000 },
      caller: { userID: 'bob', userName: 'Bob' },
      ticket: 't'.repeat(1_000),
      notification: { title: '界'.repeat(64), message: '界'.repeat(256) },
    };
    const delivery = setUp().push({ payload: () => call });
    const { notification: _texts, ...rest } = call;
    assert.deepEqual((await service.next()).json, rest);
    assert.equal(await delivery.outcome, 'sent');
  });

  it('delivers pushes of other users while the push services of one user do not answer', async (t) => {
    const silent = await startSilent();
    t.after(() => silent.close());
    const { push } = setUp({ ...service.reach, allows: () => true });
    const subscription = { ...service.subscribe(), endpoint: `${silent.origin}/push/x` };
    for (let count = 0; count < MAX_PUSHES; count += 1) push({ userID: 'eve', subscription });
    await silent.untilConnections(MAX_PUSHES_PER_USER);
    const delivery = push();
    await service.next();
    assert.equal(await delivery.outcome, 'sent');
    assert.equal(silent.connections, MAX_PUSHES_PER_USER);
  });

  it('stops sending to a push service for some time after consecutive time-outs', async (t) => {
    const silent = await startSilent();
    t.after(() => silent.close());
    const { clock, log, push } = setUp({ ...service.reach, allows: () => true }, 100);
    const subscription = { ...service.subscribe(), endpoint: `${silent.origin}/push/x` };
    /** Expires too early for a retry. */
    const attempt = (userID: string) =>
      push({ userID, subscription, expiresAt: clock.now() + PUSH_RETRY_MS }).outcome;
    const assertCircuitOpen = async () => {
      assert.equal(await attempt('eve'), 'failed');
      assert.match(log.at(-1) ?? '', /"error":"ECIRCUITOPEN"/);
    };
    const users = Array.from({ length: MAX_PUSH_TIMEOUTS }, (_, index) => `user-${String(index)}`);
    await Promise.all(users.map(attempt));
    await silent.untilConnections(MAX_PUSH_TIMEOUTS);
    assert.equal(silent.connections, MAX_PUSH_TIMEOUTS);
    await assertCircuitOpen();
    assert.equal(silent.connections, MAX_PUSH_TIMEOUTS);
    const delivery = push();
    await service.next();
    assert.equal(await delivery.outcome, 'sent');
    await clock.advance(PUSH_CIRCUIT_OPEN_MS);
    assert.equal(await attempt('eve'), 'failed');
    assert.doesNotMatch(log.at(-1) ?? '', /ECIRCUITOPEN/);
    await assertCircuitOpen();
    await silent.untilConnections(MAX_PUSH_TIMEOUTS + 1);
    assert.equal(silent.connections, MAX_PUSH_TIMEOUTS + 1);
  });
});
