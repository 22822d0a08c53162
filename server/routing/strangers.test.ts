import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import type { ServeOptions } from '../../test/support/serve.js';
import {
  invite,
  inviteBy,
  record,
  ringing,
  createMessage,
  type WireClient,
} from '../../test/support/wire-client.js';

/** Forged reports about users who have no relation to the sender. */
describe('a user who forges reports about a call', () => {
  let server: CallServerProcess;
  const clients = useClients();
  afterEach(() => server.stop());
  const start = async (options: ServeOptions = {}) => {
    server = await CallServerProcess.start({ vanishAfterMs: 100, ...options });
  };
  const connect = (deviceID: string) => clients.ready(server.url, deviceID);
  /** Claims that these devices are in a call. The server reports those that do not confirm it. */
  const claim = (callID: string, to: readonly string[], devices: readonly string[]) =>
    createMessage('sync', callID, to, {
      phase: 'in',
      records: [
        record('eve', 'in', { device: 'eve-1' }),
        ...devices.map((device) => record(device.split('-')[0] ?? '', 'in', { device })),
      ],
    });
  const lostOf = async (client: WireClient, other: WireClient) =>
    (await client.allFrom(other)).flatMap(({ type, lost }) => (type === 'leave' ? [lost] : []));

  it('gets reports that the invented devices are lost, for a limited number, and nobody else gets any', async () => {
    await start();
    const [eve, vic] = [await connect('eve-1'), await connect('vic-1')];
    const invented = Array.from({ length: 60 }, (_, index) => `u${String(index)}-1`);
    await eve.send(claim('fake', ['vic'], ['vic-x0', 'vic-x1', 'vic-1', ...invented]));
    const expected = ['vic-x0', ...invented.slice(0, 15)];
    await Promise.all(expected.map((device) => eve.next('leave', ({ lost }) => lost === device)));
    assert.deepEqual((await lostOf(eve, vic)).toSorted(), expected.toSorted());
    assert.deepEqual(await vic.allFrom(eve), []);
  });

  it('can make the server track only a limited number of invented calls', async () => {
    await start({ limits: { callsFound: { points: 2, seconds: 600 } } });
    const [eve, vic] = [await connect('eve-1'), await connect('vic-1')];
    for (const call of ['one', 'two', 'three', 'four']) {
      await eve.send(claim(call, ['vic'], [`${call}-1`]));
    }
    for (const device of ['one-1', 'two-1']) {
      await eve.next('leave', ({ lost }) => lost === device);
    }
    // A report for the third call would have arrived before this one.
    await eve.send(claim('two', ['vic'], ['last-1']));
    await eve.next('leave', ({ lost }) => lost === 'last-1');
    assert.deepEqual((await lostOf(eve, vic)).toSorted(), ['last-1', 'one-1', 'two-1']);
  });

  it('does not learn whether a user is connected or disconnects, with or without mayCall', async () => {
    await start({ blocked: { eve: ['vic'] } });
    const [eve, bob] = [await connect('eve-1'), await connect('bob-1')];
    const vic = await connect('vic-1');
    await eve.send(claim('mine', ['bob'], ['vic-1', 'bob-1', 'amy-1']));
    vic.close();
    // Each device has a separate timer, so the order has no meaning.
    const expected = ['amy-1', 'bob-1', 'vic-1'];
    await Promise.all(expected.map((device) => eve.next('leave', ({ lost }) => lost === device)));
    assert.deepEqual((await lostOf(eve, bob)).toSorted(), expected);
  });

  it('reaches no device of a user who blocks them by stating that it is in their call', async () => {
    await start({ blocked: { eve: ['vic'] } });
    const [eve, bob] = [await connect('eve-1'), await connect('bob-1')];
    const [vic, amy] = [await connect('vic-1'), await connect('amy-1')];
    await eve.send(inviteBy(eve, 'mine', ['vic', 'amy'], { group: true }));
    for (const [user, round] of [
      ['vic', 1],
      ['vic', 2],
      ['amy', 1],
    ] as const) {
      const device = `${user}-1`;
      const records = [record(user, 'in', { device, round, inviter: 'eve' })];
      const select = createMessage('select', 'mine', [user], { user, records });
      const answer = await eve.send(select);
      if (round === 1) assert.deepEqual(answer, { reached: [] });
      await eve.send(createMessage('sync', 'mine', [user], { phase: 'in', round: 1, records }));
    }
    assert.deepEqual(await vic.allFrom(bob), []);
    assert.equal((await amy.allFrom(bob)).filter(({ type }) => type === 'select').length, 1);
  });

  it('does not keep a call alive by claiming to be in it', async () => {
    await start();
    const [alice, bob, eve] = [
      await connect('alice-1'),
      await connect('bob-1'),
      await clients.connect(server.url, 'eve-1'),
    ];
    await alice.send(invite('c', ['bob']));
    await eve.hello({ current: { callID: 'c', phase: 'in', round: 1 } });
    assert.equal((await bob.allFrom(eve)).length, 1, 'the invitation is delivered once');
    alice.close();
    const { reason } = await bob.next('cancel', ({ callID }) => callID === 'c');
    assert.equal(reason, 'lost');
    assert.deepEqual(await eve.send(ringing('c', ['bob'])), { reached: [] });
  });
});
