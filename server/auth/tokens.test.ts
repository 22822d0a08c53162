import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { UnsecuredJWT } from 'jose';
import { createServerTransport } from '../../src/core/transports/server.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { TOKEN_SECRET, tokenFor } from '../../test/support/tokens.js';
import { invite, inviteBy, WireClient } from '../../test/support/wire-client.js';
import { CLOCK_TOLERANCE_MS } from '../limits/limits.js';

/** A lifetime in seconds, negative: with the clock tolerance, such a token is valid for about two more seconds. */
const NEARLY_OVER = 2 - CLOCK_TOLERANCE_MS / 1_000;

describe('a server with JWT authentication', () => {
  let server: CallServerProcess;
  before(async () => {
    server = await CallServerProcess.start({ jwt: { secret: TOKEN_SECRET } });
  });
  after(() => server.stop());

  it('accepts the user that the token names, and uses the display name in the token', async () => {
    const alice = await WireClient.ready(server.url, 'alice-1', {
      token: await tokenFor('alice', 60, { name: 'Alice A.' }),
      userName: 'Somebody else',
    });
    const bob = await WireClient.ready(server.url, 'bob-1', { token: await tokenFor('bob') });
    await alice.send(invite('c', ['bob']));
    const { from } = await bob.next('invite');
    assert.deepEqual(from, { userID: 'alice', userName: 'Alice A.', deviceID: 'alice-1' });
    alice.close();
    bob.close();
  });

  it('rejects clients without a valid token permanently, with a reason', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const cases: [unknown, RegExp][] = [
      [undefined, /needed/],
      [{ toString: 'alice' }, /needed/],
      [await tokenFor('bob'), /does not match/],
      [new UnsecuredJWT({ sub: 'alice', exp }).encode(), /JWT|algorithm/],
    ];
    for (const [token, message] of cases) {
      await assert.rejects(WireClient.connect(server.url, 'alice-1', { token }), {
        message,
        data: { code: 'refused' },
      });
    }
    const { log } = await server.report();
    assert.doesNotMatch(log.join(''), /eyJ/, 'a token in the log');
  });

  it('answers `unavailable`, so that the client retries, to tokens that have expired or are not valid yet', async () => {
    const late = Math.floor(Date.now() / 1_000) + 2 * (CLOCK_TOLERANCE_MS / 1_000);
    const cases: [string, RegExp][] = [
      [await tokenFor('alice', -2 * (CLOCK_TOLERANCE_MS / 1_000)), /expired/],
      [await tokenFor('alice', 600, { iat: late }), /future/],
      [await tokenFor('alice', 600, { nbf: late }), /future/],
    ];
    for (const [token, message] of cases) {
      await assert.rejects(WireClient.connect(server.url, 'alice-1', { token }), {
        message,
        data: { code: 'unavailable', cause: 'token' },
      });
    }
  });

  it('accepts a token from an issuer whose clock is one minute fast', async () => {
    const now = Math.floor(Date.now() / 1_000) + 60;
    const token = await tokenFor('alice', 3_660, { iat: now, nbf: now });
    (await WireClient.connect(server.url, 'alice-1', { token })).close();
  });

  it('keeps a connection whose token is renewed, and closes connections whose token expires', async () => {
    // Long enough for all of them to connect and to renew, on a busy machine.
    const token = await tokenFor('alice', NEARLY_OVER + 2);
    const answers = await Promise.all([tokenFor('alice'), tokenFor('bob')]);
    // The server asks for a new token immediately, because these tokens expire soon.
    const answering = (newToken: string) => ({
      renew: (answer: (token: unknown) => void) => answer(newToken),
    });
    const [renewed, silent, wrong] = await Promise.all([
      WireClient.ready(server.url, 'alice-1', { token }, answering(answers[0])),
      WireClient.ready(server.url, 'alice-2', { token }),
      WireClient.ready(server.url, 'alice-3', { token }, answering(answers[1])),
    ]);
    const ended = await Promise.all([silent.once('disconnect'), wrong.once('disconnect')]);
    // The reason is the same as for a lost connection, so the client reconnects.
    assert.deepEqual(ended, ['transport close', 'transport close']);
    const bob = await WireClient.ready(server.url, 'bob-1', { token: answers[1] });
    assert.deepEqual(await bob.send(inviteBy(bob, 'renewed', ['alice'])), {
      reached: [{ user: 'alice', devices: 1 }],
    });
    await renewed.next('invite');
    bob.close();
    renewed.close();
  });

  /** Opens the transport of a page, and records its events until `last`. */
  const open = async (tokens: readonly string[], last: 'online' | 'refused') => {
    const left = [...tokens];
    const events: string[] = [];
    const transport = createServerTransport(server.url);
    const identity = { userID: 'alice', userName: 'Alice', deviceID: 'alice-9' };
    await new Promise<void>((resolve) => {
      transport.open({ ...identity, token: async () => left.shift() ?? 'none' }, ({ type }) => {
        events.push(type);
        if (type === last || type === 'refused') resolve();
      });
    });
    return { events, left, transport };
  };

  it('requests a new token from a page, which stays connected', async () => {
    const tokens = [await tokenFor('alice', NEARLY_OVER), await tokenFor('alice')];
    const witness = await WireClient.ready(server.url, 'alice-8', {
      token: await tokenFor('alice', NEARLY_OVER + 1),
    });
    const { events, left, transport } = await open(tokens, 'online');
    // The token of the witness outlives the page's first token.
    assert.equal(await witness.once('disconnect'), 'transport close');
    assert.deepEqual([events, left], [['connecting', 'online'], []]);
    transport.close();
  });

  it('rejects a page that has no new token', async () => {
    const { events } = await open([await tokenFor('alice', NEARLY_OVER)], 'refused');
    assert.deepEqual(events, ['connecting', 'online', 'offline', 'refused']);
  });
});
