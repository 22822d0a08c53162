import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TurnRelay, withoutTurn } from '../../test/support/turn-relay.js';
import { WireClient } from '../../test/support/wire-client.js';
import { authenticateDemo, createCallServer } from '../index.js';
import { Turn, type IceServer } from './turn.js';

const URLS = ['turn:127.0.0.1:3478'];
const SECRET = 'shared with the relay';

describe('TURN credentials', () => {
  it('follow the TURN REST API (draft-uberti-behave-turn-rest)', () => {
    const turn = new Turn({ urls: URLS, secret: 'north', ttlMs: 60_000 }, () => 1_800_000_000_999);
    // echo -n 1800000060:alice | openssl dgst -sha1 -hmac north -binary | base64
    assert.deepEqual(turn.serversFor('alice'), [
      { urls: URLS, username: '1800000060:alice', credential: 'UbaApMeJuh1YFGpp//EYg4DW3bw=' },
    ]);
  });

  it('require a valid URL, a secret and a lifetime of at least one minute', () => {
    for (const invalid of [
      { urls: [] },
      { urls: ['stun:example.org'] },
      { urls: ['https://example.org'] },
      { urls: ['turn:'] },
      { secret: '' },
      { ttlMs: 59_999 },
      { ttlMs: NaN },
    ]) {
      assert.throws(() => new Turn({ urls: URLS, secret: SECRET, ...invalid }), TypeError);
    }
    for (const url of ['turn:example.org', 'turns:example.org:5349?transport=tcp', 'turn:[::1]']) {
      assert.ok(new Turn({ urls: [url], secret: SECRET }));
    }
  });

  it('are sent to each device that connects', async (t) => {
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      turn: { urls: URLS, secret: SECRET },
    });
    t.after(() => server.close());
    const before = Date.now();
    const servers = await iceServersOf(server.url, 'alice-1');
    assert.equal(servers.length, 1);
    const [expiry, userID] = servers[0]?.username.split(':') ?? [];
    assert.equal(userID, 'alice');
    const issuedAt = Number(expiry) * 1_000 - 3_600_000;
    assert.ok(issuedAt > before - 1_000 && issuedAt <= Date.now(), 'expires in an hour');
  });
});

/** The ICE servers that the server sends when a client connects. */
async function iceServersOf(url: string, deviceID: string): Promise<readonly IceServer[]> {
  const client = await WireClient.ready(url, deviceID);
  const servers = client.iceServers as readonly IceServer[];
  client.close();
  return servers;
}

describe('a real TURN server', { skip: withoutTurn }, () => {
  let relay: TurnRelay;
  before(async () => {
    relay = await TurnRelay.start(SECRET);
  });
  after(() => relay.stop());

  const credentials = (now: number, secret = SECRET) => {
    const turn = new Turn({ urls: URLS, secret, ttlMs: 60_000 }, () => now);
    const [server] = turn.serversFor('alice');
    assert.ok(server);
    return server;
  };

  it('accepts the credentials from the signalling server, and rejects expired and forged ones', async (t) => {
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      turn: relay.options,
    });
    t.after(() => server.close());
    const [received] = await iceServersOf(server.url, 'alice-1');
    assert.ok(received);
    const now = Date.now();
    assert.deepEqual(
      await Promise.all([
        relay.relaysFor(received),
        relay.relaysFor(credentials(now - 120_000)),
        relay.relaysFor(credentials(now, 'another secret')),
        relay.relaysFor({ ...received, username: received.username.replace('alice', 'bob') }),
      ]),
      [true, false, false, false],
    );
  });
});
