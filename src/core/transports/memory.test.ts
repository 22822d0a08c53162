import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { signalTransportContract } from '../../../test/contract/signal-transport.js';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import type { SignalTransport, TransportEvent } from '../ports/signal-transport.js';
import type { Message } from '../protocol/messages.js';
import { createMemoryNetwork, type MemoryNetwork } from './memory.js';

const clock = createFakeClock();
const settle = (): Promise<void> => clock.settle();
let serial = 0;

const ringing = (to: string[], extra: Partial<Message> = {}): Message =>
  ({
    ...{ v: 1, id: `m${++serial}`, type: 'ringing', callID: 'c', to, round: 1 },
    ...{ records: [], names: [], remaining: [], ...extra },
  }) as Message;

signalTransportContract(
  {
    name: 'The memory transport',
    breaks: true,
    start: () => {
      const network = createMemoryNetwork();
      const made: SignalTransport[] = [];
      return Promise.resolve({
        transport() {
          const transport = network.transport();
          made.push(transport);
          return transport;
        },
        cut() {
          for (const transport of made) network.disconnect(transport);
          return Promise.resolve();
        },
        mend() {
          for (const transport of made) network.reconnect(transport);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      });
    },
  },
  { describe, it, before, after },
);

interface Device {
  readonly transport: SignalTransport;
  readonly events: TransportEvent[];
  messages(): Record<string, unknown>[];
}

function device(network: MemoryNetwork, userID: string, deviceID: string): Device {
  const transport = network.transport();
  const events: TransportEvent[] = [];
  const identity = { userID, userName: userID.toUpperCase(), deviceID };
  transport.open(identity, (event) => events.push(event));
  return {
    transport,
    events,
    messages: () =>
      events.flatMap((event) => (event.type === 'message' ? [event.message as never] : [])),
  };
}

const typesOf = ({ events }: Device): string[] => events.map(({ type }) => type);

test('a message is stamped and delivered to every device of its addressees except the sender', async () => {
  const network = createMemoryNetwork({ now: () => 42 });
  const alice = device(network, 'alice', 'a1');
  const sibling = device(network, 'alice', 'a2');
  const bob = device(network, 'bob', 'b1');
  const carol = device(network, 'carol', 'c1');
  await settle();
  const message = ringing(['bob', 'alice', 'nobody']);
  assert.deepEqual(await alice.transport.send(message), {
    type: 'acknowledged',
    reached: [
      { user: 'bob', devices: 1 },
      { user: 'alice', devices: 1 },
      { user: 'nobody', devices: 0 },
    ],
  });
  const from = { userID: 'alice', userName: 'ALICE', deviceID: 'a1' };
  assert.deepEqual(bob.messages(), [{ ...message, from, at: 42 }]);
  assert.deepEqual(sibling.messages(), bob.messages());
  assert.notEqual(sibling.messages()[0], bob.messages()[0]);
  assert.equal(alice.messages().length, 0);
  assert.equal(carol.messages().length, 0);
});

test('a message for one device is delivered only to that device', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  const [one, other] = [device(network, 'bob', 'b1'), device(network, 'bob', 'b2')];
  await settle();
  await alice.transport.send(ringing(['bob'], { toDevice: 'b2' }));
  assert.equal(one.messages().length, 0);
  assert.equal(other.messages().length, 1);
});

test('messages arrive in the order in which they were sent, and not before send has returned', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  const bob = device(network, 'bob', 'b1');
  await settle();
  const sent = ['x', 'y', 'z'].map((id) => alice.transport.send(ringing(['bob'], { id })));
  assert.equal(bob.messages().length, 0);
  await Promise.all(sent);
  assert.deepEqual(
    bob.messages().map(({ id }) => id),
    ['x', 'y', 'z'],
  );
});

test('hello is answered after everything before it is delivered', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  await settle();
  alice.transport.hello({ over: [], missed: [] });
  await settle();
  assert.deepEqual(typesOf(alice), ['connecting', 'online', 'drained']);
});

test('an invalid message is rejected', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  const bob = device(network, 'bob', 'b1');
  await settle();
  const refused = { type: 'refused', code: 'invalid-argument' };
  const big = { sdp: 'x'.repeat(70_000) };
  for (const message of [
    ringing(['bob'], { type: 'unheard-of' as never }),
    ringing(['bob'], { type: 'signal', link: 1, data: big } as never),
  ]) {
    assert.deepEqual(await alice.transport.send(message), refused);
  }
  assert.equal(bob.messages().length, 0);
});

test('unknown fields and a stamp that the sender has added are removed', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  const bob = device(network, 'bob', 'b1');
  await settle();
  const forged = { from: { userID: 'carol', userName: '', deviceID: 'x' }, at: 0, extra: 1 };
  await alice.transport.send(ringing(['bob'], forged as never));
  const [message] = bob.messages();
  assert.equal((message?.from as { userID: string }).userID, 'alice');
  assert.equal('extra' in (message ?? {}), false);
});

test('a cut connection loses messages on their way, and nothing is sent until it is re-established', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  const bob = device(network, 'bob', 'b1');
  await settle();
  const onItsWay = alice.transport.send(ringing(['bob']));
  network.disconnect(bob.transport);
  assert.deepEqual(await onItsWay, {
    type: 'acknowledged',
    reached: [{ user: 'bob', devices: 0 }],
  });
  assert.deepEqual(await bob.transport.send(ringing(['alice'])), { type: 'lost' });
  network.reconnect(bob.transport);
  await settle();
  assert.equal(alice.messages().length, 0);
  assert.deepEqual(typesOf(bob), ['connecting', 'online', 'offline', 'online']);
  await alice.transport.send(ringing(['bob']));
  assert.equal(bob.messages().length, 1);
});

test('send resolves to lost if the connection is cut before the acknowledgement', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  const bob = device(network, 'bob', 'b1');
  await settle();
  const sent = alice.transport.send(ringing(['bob']));
  network.disconnect(alice.transport);
  assert.deepEqual(await sent, { type: 'lost' });
  assert.equal(bob.messages().length, 1);
});

test('after close no events are emitted, and the transport can be opened again', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  const bob = device(network, 'bob', 'b1');
  await settle();
  const last = alice.transport.send(ringing(['bob']));
  alice.transport.close();
  await bob.transport.send(ringing(['alice']));
  assert.deepEqual(await last, { type: 'lost' });
  assert.equal(bob.messages().length, 1);
  assert.deepEqual(typesOf(alice), ['connecting', 'online']);
  const again: string[] = [];
  alice.transport.open({ userID: 'alice', userName: 'A', deviceID: 'a3' }, ({ type }) =>
    again.push(type),
  );
  await settle();
  assert.deepEqual(again, ['connecting', 'online']);
  assert.equal(alice.events.length, 2);
});

test('a rejected user is not reconnected', async () => {
  const network = createMemoryNetwork();
  const alice = device(network, 'alice', 'a1');
  await settle();
  network.refuse(alice.transport, 'bad token');
  network.reconnect(alice.transport);
  await settle();
  assert.deepEqual(alice.events.at(-1), { type: 'refused', message: 'bad token' });
  assert.deepEqual(await alice.transport.send(ringing(['bob'])), { type: 'lost' });
});

test('deliveries are held, dropped and repeated as the route option decides', async () => {
  const fates = ['hold', 'drop', 'repeat', 'deliver'] as const;
  let count = 0;
  const network = createMemoryNetwork({ route: () => fates[count++] ?? 'deliver' });
  const alice = device(network, 'alice', 'a1');
  const bob = device(network, 'bob', 'b1');
  await settle();
  const ids = (): unknown[] => bob.messages().map(({ id }) => id);
  for (const id of ['held', 'dropped', 'repeated', 'plain']) {
    await alice.transport.send(ringing(['bob'], { id }));
  }
  await settle();
  assert.deepEqual(ids(), ['repeated', 'repeated', 'plain']);
  network.release();
  await settle();
  assert.deepEqual(ids(), ['repeated', 'repeated', 'plain', 'held']);
});

test('a transport of another network throws', () => {
  const other = createMemoryNetwork().transport();
  assert.throws(() => createMemoryNetwork().disconnect(other), TypeError);
});
