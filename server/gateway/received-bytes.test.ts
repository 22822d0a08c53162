import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { UNCHARGED_BYTES } from '../limits/limits.js';
import { Received } from './received-bytes.js';

/** A connection of a user who may send `most` bytes. */
function setUp(most: number) {
  const ends: string[] = [];
  const charged: [string, number][] = [];
  const socket = { terminate: () => ends.push('terminated') };
  const connection = Object.assign(new EventEmitter(), { transport: { socket } });
  let left = most;
  const charge = async (userID: string, bytes: number) => {
    charged.push([userID, bytes]);
    return (left -= bytes) < 0 ? 1_000 : 0;
  };
  const received = new Received(connection, charge, () => ends.push('notified'));
  const send = (data: unknown) => connection.emit('packet', { type: 'message', data });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { received, send, settle, ends, charged };
}
const HALF = UNCHARGED_BYTES / 2;

describe('Received', () => {
  it('charges received bytes to the user in portions', async () => {
    const { received, send, settle, ends, charged } = setUp(10 * UNCHARGED_BYTES);
    received.identify('eve');
    send('x'.repeat(HALF - 1));
    send(undefined);
    send('x');
    assert.deepEqual(charged, []);
    send(Buffer.alloc(HALF));
    send('x'.repeat(3 * HALF));
    await settle();
    assert.deepEqual(charged, [
      ['eve', UNCHARGED_BYTES],
      ['eve', 3 * HALF],
    ]);
    assert.deepEqual(ends, []);
  });

  it('terminates the connection once when the user exceeds the limit', async () => {
    const { received, send, settle, ends } = setUp(2 * UNCHARGED_BYTES);
    received.identify('eve');
    for (let count = 0; count < 4; count += 1) send('x'.repeat(HALF));
    await settle();
    assert.deepEqual(ends, []);
    for (let count = 0; count < 4; count += 1) send('x'.repeat(HALF));
    await settle();
    assert.deepEqual(ends, ['notified', 'terminated']);
  });

  it('terminates an unauthenticated connection that sends much', () => {
    const { send, ends } = setUp(Infinity);
    send('x'.repeat(UNCHARGED_BYTES - 1));
    assert.deepEqual(ends, []);
    send('x');
    assert.deepEqual(ends, ['notified', 'terminated']);
  });
});
