import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PushRegistration } from '../../src/core/protocol/push.js';
import { useClients } from '../../test/support/clients.js';
import { FakePushService } from '../../test/support/push-service.js';
import { invite, record, createMessage, WireClient } from '../../test/support/wire-client.js';
import { authenticateDemo, createCallServer, type CallServer } from '../index.js';
import { lineLogger } from '../observability/logger.js';
import type { PushRequestType } from './push-requests.js';

const PATIENCE_MS = 30_000;

/** Sends a push request. @returns the acknowledgement, not parsed */
const ask = (client: WireClient, type: PushRequestType, ...input: unknown[]): Promise<unknown> =>
  client.socket.timeout(PATIENCE_MS).emitWithAck(type, ...input);

const cancel = (callID: string, user: string, reason: 'canceled' | 'timeout' | 'glare') =>
  createMessage('cancel', callID, [user], { user, reason, customData: '' });

describe('Web Push', () => {
  let service: FakePushService;
  let server: CallServer;
  const clients = useClients();
  const log: string[] = [];
  before(async () => {
    service = await FakePushService.start();
    server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      push: { reach: service.reach },
      logger: lineLogger((line) => log.push(line)),
    });
  });
  after(async () => {
    await server.close();
    await service.close();
  });

  const ready = (deviceID: string) => clients.ready(server.url, deviceID);
  const page = (more: Partial<PushRegistration> = {}) => ({
    account: 'account',
    page: 'https://example.org/calls',
    server: server.url.replace(/\/$/, ''),
    lang: 'de-CH',
    missed: true,
    dialBack: true,
    ...more,
  });
  const registration = (more: Partial<PushRegistration> = {}): PushRegistration => ({
    ...page(),
    ...service.subscribe(),
    ...more,
  });
  /** Registers a browser for push. The page stays connected if `leaves` is false. */
  const register = async (deviceID: string, given: PushRegistration, leaves = true) => {
    const client = await ready(deviceID);
    assert.deepEqual(await ask(client, 'push-register', given), {});
    if (leaves) await leave(client);
    return client;
  };
  /** Closes a page, and waits until the server has noticed. */
  const leave = async (client: WireClient) => {
    client.close();
    const here = async () => (await server.users()).some(({ userID }) => userID === client.userID);
    while (await here()) await new Promise((resolve) => setImmediate(resolve));
  };
  let markers = 0;
  /** Asserts that no other push is pending: the next push is a marker that this function causes. */
  const nothingMore = async (alice: WireClient) => {
    const given = registration();
    const marker = `marker${++markers}`;
    await register(`${marker}-1`, given);
    await alice.send(invite(marker, [marker]));
    assert.equal((await service.next()).endpoint, given.endpoint);
    await alice.send(cancel(marker, marker, 'glare'));
  };

  it('answers push-key with the public key, with or without an argument', async () => {
    const alice = await ready('alice-1');
    const answer = (await ask(alice, 'push-key')) as { key: string };
    assert.equal(Buffer.from(answer.key, 'base64url').length, 65);
    assert.deepEqual(await ask(alice, 'push-key', {}), answer);
    service.expectKey(answer.key);
  });

  it('rejects invalid registrations', async () => {
    const alice = await ready('alice-1');
    const good = registration();
    const invalid = [
      undefined,
      null,
      7,
      'text',
      [],
      {},
      Buffer.from('binary'),
      { ...good, endpoint: 'https://example.org/not-of-the-seam' },
      { ...good, endpoint: 7 },
      { ...good, keys: { p256dh: 'AAAA', auth: good.keys.auth } },
      { ...good, keys: { p256dh: good.keys.p256dh, auth: 'AA' } },
      {
        ...good,
        keys: { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: good.keys.auth },
      },
      { ...good, keys: undefined },
      { ...good, missed: 'yes' },
      { ...good, account: 'x'.repeat(2_049) },
      { ...good, page: `https://example.org/${'x'.repeat(2_020)}` },
    ];
    for (const input of invalid) {
      const answer = await ask(alice, 'push-register', input);
      assert.deepEqual(answer, { error: { code: 'invalid-argument' } }, JSON.stringify(input));
    }
    for (const input of [undefined, null, {}, { endpoint: 7 }]) {
      const answer = await ask(alice, 'push-remove', input);
      assert.deepEqual(answer, { error: { code: 'invalid-argument' } });
    }
    alice.socket.emit('push-register');
    alice.socket.emit('push-register', good);
    assert.deepEqual(await ask(alice, 'push-remove', { endpoint: good.endpoint }), {});
  });

  it('pushes a call to a browser without a connected page, with all data that its worker needs', async () => {
    const given = registration();
    await register('bob-1', given);
    const alice = await ready('alice-1');
    await alice.send(invite('call', ['bob'], { callType: 'video', customData: 'secret' }));
    const { endpoint, json, payload, ttl, urgency, topic } = await service.next();
    assert.equal(endpoint, given.endpoint);
    assert.ok(payload.kind === 'incoming');
    assert.ok(payload.remainingMs > 1_000 && payload.remainingMs <= 60_000);
    assert.equal(ttl, Math.ceil(payload.remainingMs / 1_000));
    assert.equal(urgency, 'high');
    assert.match(topic ?? '', /^[\w-]{32}$/);
    assert.match(payload.ticket, /^[\w-]+\.[\w-]+$/);
    assert.deepEqual(
      { ...(json as object), ticket: '', remainingMs: 0 },
      {
        ...page(),
        kind: 'incoming',
        callID: 'call',
        round: 1,
        caller: { userID: 'alice', userName: 'alice' },
        callType: 'video',
        group: false,
        ticket: '',
        remainingMs: 0,
      },
    );
    // Missed: the later push replaces the earlier one.
    const begun = Date.now();
    await alice.send(cancel('call', 'bob', 'timeout'));
    const missed = await service.next();
    assert.equal(missed.topic, topic);
    assert.equal(missed.ttl, 24 * 3_600);
    assert.ok(missed.payload.kind === 'missed');
    assert.ok(missed.payload.at >= begun && missed.payload.at <= Date.now());
    assert.deepEqual(
      { ...(missed.json as object), at: 0 },
      {
        ...page(),
        kind: 'missed',
        callID: 'call',
        round: 1,
        caller: { userID: 'alice', userName: 'alice' },
        callType: 'video',
        group: false,
        at: 0,
      },
    );
    await nothingMore(alice);
  });

  it('sends no push to a browser with a connected page, but to the user’s other browsers', async () => {
    const [open, closed] = [registration(), registration()];
    await register('carol-2', closed);
    const carol = await register('carol-1', open, false);
    const alice = await ready('alice-1');
    await alice.send(invite('elsewhere', ['carol']));
    assert.equal((await service.next()).endpoint, closed.endpoint);
    // The open page disconnects, so its browser gets pushes from now on.
    await leave(carol);
    await alice.send(cancel('elsewhere', 'carol', 'canceled'));
    const endpoints = [await service.next(), await service.next()].map((push) => push.endpoint);
    assert.deepEqual(new Set(endpoints), new Set([open.endpoint, closed.endpoint]));
    await nothingMore(alice);
  });

  it('pushes no missed call to a browser whose registration does not ask for it', async () => {
    await register('dora-1', registration({ missed: false }));
    const alice = await ready('alice-1');
    await alice.send(invite('unwished', ['dora']));
    assert.equal((await service.next()).payload.kind, 'incoming');
    await alice.send(cancel('unwished', 'dora', 'timeout'));
    await nothingMore(alice);
  });

  it('pushes a group call to each invited member, marked as a group call', async () => {
    const [emil, fay] = [registration(), registration()];
    await register('emil-1', emil);
    await register('fay-1', fay);
    const alice = await ready('alice-1');
    await alice.send(
      invite('group', ['emil', 'fay'], {
        ...{ group: true, resourceID: 'resource' },
        notification: { title: 'Support', message: 'Your ticket' },
      }),
    );
    const pushes = [await service.next(), await service.next()];
    assert.deepEqual(
      new Set(pushes.map(({ endpoint }) => endpoint)),
      new Set([emil.endpoint, fay.endpoint]),
    );
    for (const { payload } of pushes) {
      assert.ok(payload.kind === 'incoming' && payload.group);
      assert.equal(payload.resourceID, 'resource');
      assert.deepEqual(payload.notification, { title: 'Support', message: 'Your ticket' });
    }
    for (const user of ['emil', 'fay']) await alice.send(cancel('group', user, 'glare'));
  });

  it('pushes `answered` to browsers that got a push for a call that was then answered elsewhere', async () => {
    const given = registration();
    await register('gus-1', given);
    const gus = await ready('gus-2');
    const alice = await ready('alice-1');
    await alice.send(invite('answered', ['gus']));
    const incoming = await service.next();
    await gus.send(
      createMessage('accept', 'answered', ['alice', 'gus'], { round: 1, customData: '' }),
    );
    await alice.send({
      ...createMessage('select', 'answered', ['gus'], { user: 'gus' }),
      records: [record('gus', 'in', { device: 'gus-2' })],
    });
    const { json, endpoint, topic, ttl } = await service.next();
    assert.deepEqual(json, { ...page(), kind: 'answered', callID: 'answered' });
    assert.deepEqual([endpoint, topic], [given.endpoint, incoming.topic]);
    assert.equal(ttl, 60);
    await nothingMore(alice);
  });

  it('sends no push for a call that was dropped in a glare, is known already, or is settled', async () => {
    await register('hal-1', registration());
    const alice = await ready('alice-1');
    const sent = invite('glare', ['hal']);
    await alice.send(sent);
    assert.equal((await service.next()).payload.kind, 'incoming');
    await alice.send(sent);
    await alice.send(cancel('glare', 'hal', 'glare'));
    const over = { callID: 'over', record: record('hal', 'declined') };
    await alice.send(invite('over', ['hal']));
    assert.equal((await service.next()).payload.kind, 'incoming');
    const hal = await ready('hal-2');
    await hal.hello({ over: [over] });
    assert.equal((await service.next()).payload.kind, 'answered');
    await alice.send(invite('over', ['hal']));
    await nothingMore(alice);
  });

  it('sends no push for a call that the user does not want to ring', async () => {
    await register('bob-2', registration());
    const bob = await ready('bob-1');
    const change = (more: object) =>
      bob.send({
        ...{ v: 1, id: `p${Math.random()}`, type: 'preferences', callID: 'none', to: ['bob'] },
        ...{ records: [], names: [], remaining: [], ...more },
      });
    const alice = await ready('alice-1');
    await change({ doNotDisturb: { on: true } });
    await alice.send(invite('quiet', ['bob']));
    await alice.send(cancel('quiet', 'bob', 'canceled'));
    await change({ doNotDisturb: { on: false }, block: [{ userID: 'alice', userName: '' }] });
    await alice.send(invite('blocked', ['bob']));
    await alice.send(cancel('blocked', 'bob', 'canceled'));
    await nothingMore(alice);
  });

  it('assigns an endpoint to the user who registered it last', async () => {
    const given = registration();
    const ida = await register('ida-1', given, false);
    await register('joe-1', given);
    const alice = await ready('alice-1');
    await alice.send(invite('moved', ['ida', 'joe']));
    assert.equal((await service.next()).endpoint, given.endpoint);
    await alice.send(cancel('moved', 'ida', 'glare'));
    // Ida can't remove it any more.
    assert.deepEqual(await ask(ida, 'push-remove', { endpoint: given.endpoint }), {});
    await alice.send(cancel('moved', 'joe', 'canceled'));
    assert.equal((await service.next()).payload.kind, 'missed');
    await nothingMore(alice);
  });

  it('sends no more pushes to a subscription that its page has removed, or its service has reported as gone', async () => {
    const [active, removed, expired] = [registration(), registration(), registration()];
    for (const given of [active, expired, removed]) await register('kim-1', given);
    const kim = await ready('kim-1');
    assert.deepEqual(await ask(kim, 'push-remove', { endpoint: removed.endpoint }), {});
    await leave(kim);
    const alice = await ready('alice-1');
    service.answer({ status: 410 }, { status: 410 });
    await alice.send(invite('gone', ['kim']));
    const first = [await service.next(), await service.next()].map(({ endpoint }) => endpoint);
    assert.deepEqual(new Set(first), new Set([active.endpoint, expired.endpoint]));
    await register('kim-1', active);
    await alice.send(cancel('gone', 'kim', 'canceled'));
    assert.equal((await service.next()).endpoint, active.endpoint);
    await nothingMore(alice);
  });

  it('does not delay the acknowledgement of an invitation', async () => {
    await register('leo-1', registration());
    const alice = await ready('alice-1');
    log.length = 0;
    service.answer({ status: 429, headers: { 'retry-after': '3600' } });
    const acknowledged = await alice.send(invite('busy', ['leo']));
    assert.deepEqual(acknowledged, { reached: [{ user: 'leo', devices: 0 }] });
    const { endpoint } = await service.next();
    while (!log.some((line) => line.includes('push failed'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(!log.join().includes(new URL(endpoint).pathname));
    await alice.send(cancel('busy', 'leo', 'canceled'));
    assert.equal((await service.next()).payload.kind, 'missed');
  });
});

describe('a server without push', () => {
  it('answers `unsupported`, and does not handle ticket requests', async (t) => {
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      push: false,
    });
    t.after(() => server.close());
    const alice = await WireClient.ready(server.url, 'alice-1');
    for (const type of ['push-key', 'push-register', 'push-remove'] as const) {
      assert.deepEqual(await ask(alice, type, {}), { error: { code: 'unsupported' } });
    }
    const state = await fetch(new URL('/ringkit/state', server.url), { method: 'POST' });
    assert.equal(state.status, 404);
    alice.close();
  });

  it('does not start with an invalid VAPID subject or invalid keys', async () => {
    const bad = [
      { subject: 'nobody' },
      { subject: 'mailto:nobody' },
      { subject: 'http://example.org' },
      { publicKey: 'AAAA' },
      { publicKey: 'AAAA', privateKey: 'AAAA' },
    ];
    for (const vapid of bad) {
      const options = { authenticate: authenticateDemo, port: 0, push: { vapid } };
      await assert.rejects(createCallServer(options), { name: 'TypeError', message: /VAPID.*\.$/ });
    }
  });
});

describe('a server with a data folder', () => {
  it('keeps its keys, subscriptions and invitations across a restart', async (t) => {
    const root = await mkdtemp(join(tmpdir(), 'ringkit-push-'));
    const dataDir = join(root, 'data');
    const service = await FakePushService.start();
    const start = () =>
      createCallServer({
        authenticate: authenticateDemo,
        port: 0,
        dataDir,
        push: { reach: service.reach, vapid: { subject: 'https://example.org' } },
      });
    let server = await start();
    t.after(async () => {
      await server.close();
      await service.close();
      await rm(root, { recursive: true });
    });
    const keyOf = async () => {
      const client = await WireClient.ready(server.url, 'key-1');
      const { key } = (await ask(client, 'push-key')) as { key: string };
      client.close();
      return key;
    };
    const key = await keyOf();
    service.expectKey(key);
    assert.equal((await stat(join(dataDir, 'secrets.json'))).mode & 0o777, 0o600);
    const [bob, alice] = [
      await WireClient.ready(server.url, 'bob-1'),
      await WireClient.ready(server.url, 'alice-1'),
    ];
    const subscription = service.subscribe();
    const page = {
      account: 'account',
      page: 'https://example.org/',
      server: 'https://example.org',
      lang: 'en',
      missed: true,
      dialBack: true,
    };
    await ask(bob, 'push-register', { ...page, ...subscription });
    await alice.send(invite('kept', ['bob']));
    await server.close();

    server = await start();
    assert.equal(await keyOf(), key);
    const back = await WireClient.connect(server.url, 'alice-1');
    await back.hello({ current: { callID: 'kept', phase: 'in', round: 1 } });
    await back.send(cancel('kept', 'bob', 'timeout'));
    const missed = await service.next();
    assert.equal(missed.endpoint, subscription.endpoint);
    assert.equal(missed.claims.sub, 'https://example.org');
    assert.equal(missed.payload.kind === 'missed' && missed.payload.callID, 'kept');
    const bobAgain = await WireClient.connect(server.url, 'bob-1');
    const { missed: missedCalls } = await bobAgain.hello();
    assert.deepEqual(
      missedCalls.map(({ invite: { callID } }) => callID),
      ['kept'],
    );
    for (const client of [alice, bob, back, bobAgain]) client.close();
  });
});
