import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CallServerProcess } from '../test/support/call-server.js';
import { useClients } from '../test/support/clients.js';
import type { ServeOptions } from '../test/support/serve.js';
import { invite, record, ringing, say, type WireClient } from '../test/support/wire-client.js';

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

  it('has the server wait for one device of a user, however many it invents', async () => {
    await start();
    const [eve, vic] = [await connect('eve-1'), await connect('vic-1')];
    const invented = Array.from({ length: 60 }, (_, index) => `vic-x${String(index)}`);
    await eve.send(claim('fake', ['vic'], invented));
    await eve.send(claim('fake', ['vic'], ['amy-1']));
    await vic.next('leave', ({ lost }) => lost === 'amy-1');
    assert.deepEqual(await lostOf(vic, eve), ['vic-x0', 'amy-1']);
  });

  it('makes the server believe in few calls that nobody was invited to', async () => {
    await start({ limits: { callsFound: { points: 2, seconds: 600 } } });
    const [eve, vic] = [await connect('eve-1'), await connect('vic-1')];
    for (const call of ['one', 'two', 'three', 'four']) {
      await eve.send(claim(call, ['vic'], [`${call}-1`]));
    }
    // A call that is known, by an invitation, is none of them.
    await eve.send({
      ...invite('five', ['vic'], { initiator: 'eve' }),
      records: [record('eve', 'in', { device: 'eve-1' }), record('vic', 'inviting')],
    });
    await eve.send(claim('five', ['vic'], ['vic-9']));
    await vic.next('leave', ({ lost }) => lost === 'vic-9');
    assert.deepEqual((await lostOf(vic, eve)).toSorted(), ['one-1', 'two-1', 'vic-9']);
  });

  it('who may not call somebody does not learn when that one comes and goes', async () => {
    await start({ barred: { eve: ['vic'] } });
    const [eve, bob] = [await connect('eve-1'), await connect('bob-1')];
    const vic = await connect('vic-1');
    await eve.send(claim('mine', ['bob'], ['vic-1', 'vic-2', 'amy-1']));
    vic.close();
    await bob.next('leave', ({ lost }) => lost === 'amy-1');
    const other = await connect('vic-2');
    other.close();
    await eve.send(claim('mine', ['bob'], ['vic-2', 'bea-1']));
    await bob.next('leave', ({ lost }) => lost === 'bea-1');
    assert.deepEqual(await lostOf(eve, bob), ['amy-1', 'bea-1']);
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
    assert.deepEqual(await eve.send(ringing('c', ['bob'])), {
      reached: [{ user: 'bob', devices: 1 }],
    });
  });
});
