import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { UnsecuredJWT } from 'jose';
import { createServerTransport } from '../../src/core/transports/server.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { TOKEN_SECRET, tokenFor } from '../../test/support/tokens.js';
import { invite, inviteBy, WireClient } from '../../test/support/wire-client.js';
import { CLOCK_TOLERANCE_MS } from '../limits/limits.js';

/** Expired for so long, in seconds, that the clock's tolerance lets it live for about two more. */
const NEARLY_OVER = 2 - CLOCK_TOLERANCE_MS / 1_000;

describe('a server that checks tokens', () => {
  let server: CallServerProcess;
  before(async () => {
    server = await CallServerProcess.start({ jwt: { secret: TOKEN_SECRET } });
  });
  after(() => server.stop());

  it('lets in whom a token names, by the name in it', async () => {
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

  it('refuses everybody else for good, and says why', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const cases: [unknown, RegExp][] = [
      [undefined, /needed/],
      [{ toString: 'alice' }, /needed/],
      [await tokenFor('bob'), /not the one that was proved/],
      [new UnsecuredJWT({ sub: 'alice', exp }).encode(), /token|algorithm/],
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

  it('lets a client try again whose token has expired, or is not valid yet', async () => {
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

  it('lets in whose token was issued by a clock that is a minute ahead of its own', async () => {
    const now = Math.floor(Date.now() / 1_000) + 60;
    const token = await tokenFor('alice', 3_660, { iat: now, nbf: now });
    (await WireClient.connect(server.url, 'alice-1', { token })).close();
  });

  it('keeps a connection whose token is renewed, and ends one whose token is not', async () => {
    const token = await tokenFor('alice', NEARLY_OVER);
    const answers = await Promise.all([tokenFor('alice'), tokenFor('bob')]);
    // The server asks as soon as somebody is connected whose token is nearly over.
    const answering = (newToken: string) => ({
      renew: (answer: (token: unknown) => void) => answer(newToken),
    });
    const [renewed, silent, wrong] = await Promise.all([
      WireClient.ready(server.url, 'alice-1', { token }, answering(answers[0])),
      WireClient.ready(server.url, 'alice-2', { token }),
      WireClient.ready(server.url, 'alice-3', { token }, answering(answers[1])),
    ]);
    const ended = await Promise.all([silent.once('disconnect'), wrong.once('disconnect')]);
    // As when a connection is lost: the client comes back.
    assert.deepEqual(ended, ['transport close', 'transport close']);
    const bob = await WireClient.ready(server.url, 'bob-1', { token: answers[1] });
    assert.deepEqual(await bob.send(inviteBy(bob, 'renewed', ['alice'])), {
      reached: [{ user: 'alice', devices: 1 }],
    });
    await renewed.next('invite');
    bob.close();
    renewed.close();
  });

  /** A page's connection, and what it tells, until it is told `last`. */
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

  it('is given a new token by a page, which stays connected', async () => {
    const tokens = [await tokenFor('alice', NEARLY_OVER), await tokenFor('alice')];
    const witness = await WireClient.ready(server.url, 'alice-8', {
      token: await tokenFor('alice', NEARLY_OVER + 1),
    });
    const { events, left, transport } = await open(tokens, 'online');
    // This one lives longer than the page's first token.
    assert.equal(await witness.once('disconnect'), 'transport close');
    assert.deepEqual([events, left], [['connecting', 'online'], []]);
    transport.close();
  });

  it('refuses a page that has no new token', async () => {
    const { events } = await open([await tokenFor('alice', NEARLY_OVER)], 'refused');
    assert.deepEqual(events, ['connecting', 'online', 'offline', 'refused']);
  });
});
