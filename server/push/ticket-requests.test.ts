import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { InvitationService } from '../../src/core/service/invitation-service.js';
import { createServerTransport } from '../../src/core/transports/server.js';
import {
  DECLINE_PATH,
  parseInvitationState,
  STATE_PATH,
  type PushRegistration,
} from '../../src/core/protocol/push.js';
import { useClients } from '../../test/support/clients.js';
import { FakePushService } from '../../test/support/push-service.js';
import { invite, record, createMessage } from '../../test/support/wire-client.js';
import { authenticateDemo, createCallServer, type CallServer } from '../index.js';
import { MAX_TICKET_BYTES } from '../limits/limits.js';

describe('requests with a ticket', () => {
  let service: FakePushService;
  let http: Server;
  let server: CallServer;
  let url: string;
  const clients = useClients();
  before(async () => {
    service = await FakePushService.start();
    http = createServer((request, response) => response.end(`the page ${String(request.url)}`));
    server = await createCallServer({
      authenticate: authenticateDemo,
      server: http,
      path: '/calls/',
      push: { reach: service.reach },
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/calls`;
  });
  after(async () => {
    await server.close();
    http.closeAllConnections();
    http.close();
    await service.close();
  });

  const ready = (deviceID: string) => clients.ready(url, deviceID);
  /** Registers a browser of this user, and disconnects its page. */
  const register = async (userID: string) => {
    const page = await ready(`${userID}-page`);
    const registration: PushRegistration = {
      account: 'account',
      page: 'https://example.org/',
      server: url,
      lang: 'en',
      missed: true,
      dialBack: true,
      ...service.subscribe(),
    };
    await page.socket.timeout(8_000).emitWithAck('push-register', registration);
    page.close();
    const here = async () => (await server.users()).some((user) => user.userID === userID);
    while (await here()) await new Promise((resolve) => setImmediate(resolve));
  };
  /** Returns the ticket in the next push. */
  const ticketOf = async () => {
    const { payload } = await service.next();
    assert.ok(payload.kind === 'incoming');
    return payload.ticket;
  };
  const post = (path: string, body: string) => fetch(`${url}${path}`, { method: 'POST', body });
  const ask = async (path: string, ticket: string) => {
    const response = await post(path, ticket);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    return parseInvitationState(await response.json());
  };

  it('answer the state of the invitation', async () => {
    await register('bob');
    const alice = await ready('alice-1');
    await alice.send(invite('state', ['bob']));
    const ticket = await ticketOf();
    const ringing = await ask(STATE_PATH, ticket);
    assert.equal(ringing?.state, 'ringing');
    assert.ok((ringing.remainingMs ?? 0) > 50_000 && (ringing.remainingMs ?? 0) <= 60_000);
    await alice.send(
      createMessage('cancel', 'state', ['bob'], {
        user: 'bob',
        reason: 'canceled',
        customData: '',
      }),
    );
    assert.deepEqual(await ask(STATE_PATH, `${ticket}\n`), { state: 'missed' });
    // Declining is too late: the invitation stays missed, and no member is notified.
    assert.deepEqual(await ask(DECLINE_PATH, ticket), { state: 'missed' });
    assert.equal((await alice.allFrom(await ready('zoe-1'))).length, 0);
    assert.equal((await service.next()).payload.kind, 'missed');
  });

  it('decline an invitation once, and notify all members and devices', async () => {
    await register('carol');
    const [alice, dora, second] = [
      await ready('alice-1'),
      await ready('dora-1'),
      await ready('carol-2'),
    ];
    await alice.send(invite('group', ['carol', 'dora'], { group: true }));
    const ticket = await ticketOf();
    assert.deepEqual(await ask(DECLINE_PATH, ticket), { state: 'answered' });
    assert.deepEqual(await ask(DECLINE_PATH, ticket), { state: 'answered' });
    assert.deepEqual(await ask(STATE_PATH, ticket), { state: 'answered' });
    assert.match(await server.metrics(), /^ringkit_invitations_total\{outcome="declined"\} 1$/m);
    const { entries } = await second.next('history');
    assert.deepEqual(
      entries.map(({ callID, outcome, group, caller }) => [callID, outcome, group, caller.userID]),
      [['group', 'declined', true, 'alice']],
    );
    for (const client of [alice, dora, second]) {
      const message = await client.next('decline');
      assert.deepEqual(
        { ...message, id: '', at: 0 },
        {
          ...createMessage('decline', 'group', [client.userID], {
            round: 1,
            reason: 'declined',
            customData: '',
          }),
          id: '',
          records: [record('carol', 'declined')],
          from: { userID: 'carol', userName: 'carol', deviceID: '@server' },
          at: 0,
        },
      );
    }
    const received = await alice.allFrom(dora);
    assert.equal(received.length, 1);
    // The invitation is settled: it neither rings on another device of Carol, nor becomes a missed call.
    const third = await clients.connect(url, 'carol-3');
    const report = await third.hello();
    assert.deepEqual(report.missed, []);
    assert.deepEqual(report.settled, [{ callID: 'group', round: 1, how: 'answered' }]);
    assert.equal((await service.next()).payload.kind, 'answered');
  });

  it('decline an invitation for the caller’s InvitationService, and stop the ringing on other devices', async () => {
    await register('emil');
    const caller = new InvitationService({});
    const sibling = new InvitationService({});
    const received: string[] = [];
    const declined = new Promise<void>((resolve) => {
      caller.listen('onOutgoingCallDeclined', (callID, { userID }) => {
        received.push(`${callID} ${userID}`);
        resolve();
      });
    });
    const online = (phone: InvitationService, userID: string) => {
      phone.start({ user: { userID, userName: userID }, transport: createServerTransport(url) });
      return until(phone.$connection, (state) => state === 'connected');
    };
    await Promise.all([online(caller, 'fay'), online(sibling, 'emil')]);
    await caller.send({
      invitees: [{ userID: 'emil', userName: 'Emil' }],
      callType: 'voice',
    });
    const ticket = await ticketOf();
    await until(sibling.$call, ({ status }) => status === 'incoming');
    assert.deepEqual(await ask(DECLINE_PATH, ticket), { state: 'answered' });
    await declined;
    await until(sibling.$call, ({ endReason }) => endReason === 'declined-elsewhere');
    await until(caller.$call, ({ endReason }) => endReason === 'declined');
    assert.equal(received.length, 1);
    assert.match(received[0] ?? '', / emil$/);
    caller.stop();
    sibling.stop();
    assert.equal((await service.next()).payload.kind, 'answered');
  });

  it('are rejected without a valid ticket of this server', async () => {
    await register('gus');
    const alice = await ready('alice-1');
    await alice.send(invite('refused', ['gus']));
    const ticket = await ticketOf();
    for (const path of [STATE_PATH, DECLINE_PATH]) {
      for (const garbage of ['', 'nonsense', `${ticket}x`, ticket.slice(1), `${ticket}.`]) {
        const response = await post(path, garbage);
        assert.equal(response.status, 403);
        assert.equal(response.headers.get('access-control-allow-origin'), '*');
      }
      assert.equal((await post(path, 'x'.repeat(MAX_TICKET_BYTES + 1))).status, 413);
      assert.equal((await post(path, 'x'.repeat(MAX_TICKET_BYTES))).status, 403);
      for (const method of ['GET', 'PUT', 'OPTIONS']) {
        const response = await fetch(`${url}${path}`, { method });
        assert.equal(response.status, 405);
        assert.equal(response.headers.get('allow'), 'POST');
      }
    }
    assert.equal((await ask(STATE_PATH, ticket))?.state, 'ringing');
    await alice.send(
      createMessage('cancel', 'refused', ['gus'], { user: 'gus', reason: 'glare', customData: '' }),
    );
  });

  it('decline only the round of the ticket', async () => {
    await register('hal');
    const alice = await ready('alice-1');
    await alice.send(invite('rounds', ['hal']));
    const first = await ticketOf();
    const records = [
      record('alice', 'in', { device: 'alice-1' }),
      record('hal', 'inviting', { round: 2 }),
    ];
    await alice.send(invite('rounds', ['hal'], { records }));
    const second = await ticketOf();
    assert.deepEqual(await ask(DECLINE_PATH, first), { state: 'missed' });
    assert.equal((await ask(STATE_PATH, second))?.state, 'ringing');
    assert.deepEqual(await ask(DECLINE_PATH, second), { state: 'answered' });
    assert.equal((await alice.next('decline')).round, 2);
    assert.equal((await service.next()).payload.kind, 'answered');
  });

  it('are the only requests that the call server handles on a shared HTTP server', async () => {
    for (const path of ['', '/ringkit', '/ringkit/state/x', '/ringkit/other']) {
      const response = await post(path, 'x');
      assert.match(await response.text(), /^the page/, path);
    }
    const root = await fetch(new URL(STATE_PATH, url), { method: 'POST', body: 'x' });
    assert.match(await root.text(), /^the page/);
  });
});

describe('a call server with its own port', () => {
  it('handles ticket requests until it is closed', async (t) => {
    const server = await createCallServer({ authenticate: authenticateDemo, port: 0 });
    t.after(() => server.close());
    const state = new URL(STATE_PATH, server.url);
    assert.equal((await fetch(state, { method: 'POST', body: 'x' })).status, 403);
    assert.equal((await fetch(new URL('/other', server.url), { method: 'POST' })).status, 404);
    await server.close();
    await assert.rejects(fetch(state, { method: 'POST', body: 'x' }));
  });
});

interface Store<T> {
  get(): T;
  subscribe(listener: (value: T) => void): () => void;
}

/** Waits until the value of a store fits. */
function until<T>(store: Store<T>, fits: (value: T) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop: { now?: () => void } = {};
    const deadline = setTimeout(() => {
      stop.now?.();
      reject(new Error(`timed out; the value is ${JSON.stringify(store.get())}`));
    }, 30_000);
    stop.now = store.subscribe((value) => {
      if (!fits(value)) return;
      clearTimeout(deadline);
      queueMicrotask(() => stop.now?.());
      resolve();
    });
  });
}
