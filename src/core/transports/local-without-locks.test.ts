import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { signalTransportContract } from '../../../test/contract/signal-transport.js';
import type { TransportEvent } from '../ports/signal-transport.js';
import { PROTOCOL_VERSION, SERVER_DEVICE } from '../protocol/limits.js';
import { parseDelivered, type Message } from '../protocol/messages.js';
import { createLocalTransport } from './local.js';

/* Node has BroadcastChannel, and no Web Locks: as a page on plain http. */

signalTransportContract(
  {
    name: 'the local transport without locks',
    breaks: false,
    async start() {
      const others = new BroadcastChannel('ringkit:plain');
      return {
        transport: () => createLocalTransport('plain'),
        scribble: (_transport, junk) => {
          try {
            others.postMessage(junk);
          } catch {
            // BroadcastChannel can't clone it.
          }
        },
        close: async () => others.close(),
      };
    },
  },
  { describe, it, before, after },
);

describe('createLocalTransport without locks', () => {
  const ringing: Message = {
    v: PROTOCOL_VERSION,
    type: 'ringing',
    id: 'm-1',
    callID: 'call',
    to: ['alice'],
    records: [],
    names: [],
    remaining: [],
    round: 1,
  };

  it('reports a page as lost when it stops sending announcements, and not before', async () => {
    const [alice, bob] = [createLocalTransport('silent', 400), createLocalTransport('silent', 400)];
    const received: unknown[] = [];
    const started = Date.now();
    await new Promise<void>((resolve) => {
      bob.open({ userID: 'bob', userName: 'Bob', deviceID: 'b-1' }, ({ type }) => {
        if (type === 'online') void bob.send(ringing).then(() => bob.close());
      });
      alice.open({ userID: 'alice', userName: 'Alice', deviceID: 'a-1' }, (event) => {
        if (event.type === 'message') received.push(event.message);
        if (received.length === 2) resolve();
      });
    });
    const took = Date.now() - started;
    alice.close();
    const lost = parseDelivered(received[1]);
    assert.equal(lost?.type, 'leave');
    assert.equal(lost.lost, 'b-1');
    assert.equal(lost.callID, 'call');
    assert.deepEqual(lost.from, { userID: 'bob', userName: 'Bob', deviceID: SERVER_DEVICE });
    assert.ok(took >= 400, `spoken for after ${String(took)} ms`);
  });

  it('separates apps with different names', async () => {
    const [alice, bob] = [createLocalTransport('one'), createLocalTransport('two')];
    const outcome = await new Promise((resolve) => {
      const events: TransportEvent['type'][] = [];
      alice.open({ userID: 'alice', userName: 'Alice', deviceID: 'a-1' }, () => {});
      bob.open({ userID: 'bob', userName: 'Bob', deviceID: 'b-1' }, ({ type }) => {
        events.push(type);
        if (type === 'online') resolve(bob.send(ringing));
      });
    });
    alice.close();
    bob.close();
    assert.deepEqual(outcome, { type: 'acknowledged', reached: [{ user: 'alice', devices: 0 }] });
  });
});
