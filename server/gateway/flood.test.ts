import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CallServerProcess } from '../../test/support/call-server.js';
import { selfSigned } from '../../test/support/certificate.js';
import { useClients } from '../../test/support/clients.js';
import { eventually } from '../../test/support/eventually.js';
import { openHalf, type HalfOpen } from '../../test/support/half-open.js';
import { invite, createMessage } from '../../test/support/wire-client.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';

/** Addresses of the attackers; all other clients use 127.0.0.1. */
const ADDRESSES = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];
const skipReason = process.platform !== 'linux' && 'this system has only one loopback address';

describe('a server that is flooded with connections that never authenticate', () => {
  const clients = useClients();
  let server: CallServerProcess;
  afterEach(() => server.stop());

  /** Alice connects and calls Bob, who answers. */
  const call = async (callID: string) => {
    const [alice, bob] = [
      await clients.ready(server.url, 'alice-1'),
      await clients.ready(server.url, 'bob-1'),
    ];
    await alice.send(invite(callID, ['bob']));
    await bob.next('invite', (message) => message.callID === callID);
    await bob.send(createMessage('accept', callID, ['alice'], { round: 1, customData: '' }));
    await alice.next('accept', (message) => message.callID === callID);
  };

  it(
    'serves other clients, and closes all 5,000 connections after the time-out without a leak',
    { skip: skipReason },
    async () => {
      server = await CallServerProcess.start({ connectTimeoutMs: 2_000 });
      await call('before');
      const { connections } = await server.report();
      const floods: HalfOpen[] = [];
      // Few enough from each address to stay below the limit of attempts.
      for (const from of ADDRESSES) {
        floods.push(await openHalf(server.url, { count: 625, from, isUpgraded: true }));
        floods.push(await openHalf(server.url, { count: 625, from, isUpgraded: false }));
      }
      await call('meanwhile');
      assert.ok(floods.some(({ open }) => open > 0));
      assert.deepEqual(new Set(floods.map(({ rejected: refused }) => refused)), new Set([0]));
      await Promise.all(floods.map(({ closed }) => closed));
      await eventually(
        async () => (await server.report()).connections === connections,
        'as many connections are open as before',
      );
      await call('after');
    },
  );

  it(
    'rejects attempts of one address beyond 2,000, and accepts other addresses',
    { skip: skipReason },
    async () => {
      const { points } = DEFAULT_LIMITS.attemptsPerAddress;
      server = await CallServerProcess.start({
        // Long enough that each attempt is answered by the limit before its request times out.
        connectTimeoutMs: 5_000,
        // The default number of points, with a period that is longer than this test.
        limits: { attemptsPerAddress: { points, seconds: 600 } },
      });
      const options = { count: points + 500, from: '127.0.0.2', isUpgraded: true };
      const flood = await openHalf(server.url, options);
      await call('meanwhile');
      assert.equal(flood.rejected, 500);
      assert.equal((await server.report()).refused['too-many-connections'], 500);
      await flood.closed;
    },
  );

  it('closes connections that never start the TLS handshake', async () => {
    server = await CallServerProcess.start({ connectTimeoutMs: 200, tls: selfSigned() });
    const options = { count: 50, from: '127.0.0.1', isUpgraded: false };
    await (
      await openHalf(server.url, options)
    ).closed;
    // The server notices a closed connection slightly later than the client.
    await eventually(async () => (await server.report()).connections === 0, 'all are gone');
  });
});
