import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import type { ServeOptions } from '../../test/support/serve.js';
import { invite, record, ringing, say, type WireClient } from '../../test/support/wire-client.js';

/** What somebody invents about people who have nothing to do with it. */
describe('a stranger', () => {
  let server: CallServerProcess;
  const clients = useClients();
  afterEach(() => server.stop());
  const start = async (options: ServeOptions = {}) => {
    server = await CallServerProcess.start({ vanishAfterMs: 100, ...options });
  };
  const connect = (deviceID: string) => clients.ready(server.url, deviceID);
  /** Claims that these devices are in a call, and learns of one that is not. */
  const claim = (callID: string, to: readonly string[], devices: readonly string[]) =>
    say('sync', callID, to, {
      phase: 'in',
      records: [
        record('eve', 'in', { device: 'eve-1' }),
        ...devices.map((device) => record(device.split('-')[0] ?? '', 'in', { device })),
      ],
    });
  const lostOf = async (client: WireClient, other: WireClient) =>
    (await client.allFrom(other)).flatMap(({ type, lost }) => (type === 'leave' ? [lost] : []));

  it('is told that devices are lost which it invents, few of them, and nobody else is', async () => {
    await start();
    const [eve, vic] = [await connect('eve-1'), await connect('vic-1')];
    const invented = Array.from({ length: 60 }, (_, index) => `u${String(index)}-1`);
    await eve.send(claim('fake', ['vic'], ['vic-x0', 'vic-x1', 'vic-1', ...invented]));
    const expected = ['vic-x0', ...invented.slice(0, 15)];
    await Promise.all(expected.map((device) => eve.next('leave', ({ lost }) => lost === device)));
    assert.deepEqual((await lostOf(eve, vic)).toSorted(), expected.toSorted());
    assert.deepEqual(await vic.allFrom(eve), []);
  });

  it('makes the server believe in few calls that nobody was invited to', async () => {
    await start({ limits: { callsFound: { points: 2, seconds: 600 } } });
    const [eve, vic] = [await connect('eve-1'), await connect('vic-1')];
    for (const call of ['one', 'two', 'three', 'four']) {
      await eve.send(claim(call, ['vic'], [`${call}-1`]));
    }
    for (const device of ['one-1', 'two-1']) {
      await eve.next('leave', ({ lost }) => lost === device);
    }
    // A later one would come no later than this.
    await eve.send(claim('two', ['vic'], ['last-1']));
    await eve.next('leave', ({ lost }) => lost === 'last-1');
    assert.deepEqual((await lostOf(eve, vic)).toSorted(), ['last-1', 'one-1', 'two-1']);
  });

  it('does not learn whether somebody is there, or comes and goes, whoever may call whom', async () => {
    await start({ blocked: { eve: ['vic'] } });
    const [eve, bob] = [await connect('eve-1'), await connect('bob-1')];
    const vic = await connect('vic-1');
    await eve.send(claim('mine', ['bob'], ['vic-1', 'bob-1', 'amy-1']));
    vic.close();
    // Each has a timer of its own: their order says nothing.
    const expected = ['amy-1', 'bob-1', 'vic-1'];
    await Promise.all(expected.map((device) => eve.next('leave', ({ lost }) => lost === device)));
    assert.deepEqual((await lostOf(eve, bob)).toSorted(), expected);
  });

  it('is in no call by saying so: it ends when those have gone whom it concerns', async () => {
    await start();
    const [alice, bob, eve] = [
      await connect('alice-1'),
      await connect('bob-1'),
      await clients.connect(server.url, 'eve-1'),
    ];
    await alice.send(invite('c', ['bob']));
    await eve.hello({ current: { callID: 'c', phase: 'in', round: 1 } });
    assert.equal((await bob.allFrom(eve)).length, 1, 'it is rung once');
    alice.close();
    const { reason } = await bob.next('cancel', ({ callID }) => callID === 'c');
    assert.equal(reason, 'lost');
    assert.deepEqual(await eve.send(ringing('c', ['bob'])), { reached: [] });
  });
});
