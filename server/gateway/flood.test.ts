import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CallServerProcess } from '../../test/support/call-server.js';
import { selfSigned } from '../../test/support/certificate.js';
import { useClients } from '../../test/support/clients.js';
import { eventually } from '../../test/support/eventually.js';
import { openHalf, type HalfOpen } from '../../test/support/half-open.js';
import { invite, say } from '../../test/support/wire-client.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';

/** From there a flood comes, while everybody else is at 127.0.0.1. */
const ADDRESSES = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];
const withoutThem =
  process.platform !== 'linux' && 'this system has no more than one address of its own';

describe('a server that is flooded with connections that never say who they are', () => {
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
    await bob.send(say('accept', callID, ['alice'], { round: 1, customData: '' }));
    await alice.next('accept', (message) => message.callID === callID);
  };

  it(
    'goes on with everybody else, ends all five thousand, and keeps nothing of them',
    { skip: withoutThem },
    async () => {
      server = await CallServerProcess.start({ connectTimeoutMs: 2_000 });
      await call('before');
      const { connections } = await server.report();
      const floods: HalfOpen[] = [];
      // So many of each address that none of them is refused.
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
        'no more is open than before',
      );
      await call('after');
    },
  );

  it(
    'refuses what one address tries beyond two thousand times, and nobody else',
    { skip: withoutThem },
    async () => {
      const { points } = DEFAULT_LIMITS.attemptsPerAddress;
      server = await CallServerProcess.start({
        // Long enough that each is answered by the limit, and none by the time-out of its request.
        connectTimeoutMs: 5_000,
        // As by default, but for longer than this test may take.
        limits: { attemptsPerAddress: { points, seconds: 600 } },
      });
      const wish = { count: points + 500, from: '127.0.0.2', isUpgraded: true };
      const flood = await openHalf(server.url, wish);
      await call('meanwhile');
      assert.equal(flood.rejected, 500);
      assert.equal((await server.report()).refused['too-many-connections'], 500);
      await flood.closed;
    },
  );

  it('ends those that never begin with TLS', async () => {
    server = await CallServerProcess.start({ connectTimeoutMs: 200, tls: selfSigned() });
    const wish = { count: 50, from: '127.0.0.1', isUpgraded: false };
    await (
      await openHalf(server.url, wish)
    ).closed;
    // The server sees that a client has gone a moment after the client.
    await eventually(async () => (await server.report()).connections === 0, 'all are gone');
  });
});
