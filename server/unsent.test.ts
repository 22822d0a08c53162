import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { MAX_UNSENT_BYTES } from './limits.js';
import { Unsent } from './unsent.js';

const HALF = MAX_UNSENT_BYTES / 2;

/** A connection whose client reads when it is told to. */
function setUp() {
  const ends: string[] = [];
  const socket = { bufferedAmount: 0, terminate: () => ends.push('terminated') };
  const connection = Object.assign(new EventEmitter(), { transport: { socket } });
  const unsent = new Unsent(connection, () => ends.push('told'));
  let queued = 0;
  const send = (bytes: number) => {
    connection.emit('packetCreate', { data: 'x'.repeat(bytes) });
    queued += bytes;
  };
  /** The WebSocket takes what is queued. */
  const flush = () => {
    connection.emit('flush');
    socket.bufferedAmount += queued;
    queued = 0;
  };
  const read = () => {
    flush();
    socket.bufferedAmount = 0;
  };
  return { unsent, send, flush, read, ends };
}

describe('what a connection has unsent', () => {
  it('ends it, once, when it is more than it may have, wherever it waits', () => {
    const { unsent, send, flush, ends } = setUp();
    send(HALF);
    flush();
    send(HALF);
    assert.equal(unsent.isFull, true);
    assert.deepEqual(ends, []);
    send(1);
    send(1);
    assert.deepEqual(ends, ['told', 'terminated']);
  });

  it('does not end it while its client reads, nor for one message that is longer', () => {
    const { unsent, send, read, ends } = setUp();
    for (let count = 0; count < 10; count += 1) {
      send(HALF);
      send(HALF);
      read();
    }
    send(3 * MAX_UNSENT_BYTES);
    read();
    assert.equal(unsent.isFull, false);
    assert.deepEqual(ends, []);
  });

  it('may be as long as the answer to a hello, and so much more', () => {
    const { unsent, send, ends } = setUp();
    for (let count = 0; count < 10; count += 1) unsent.greet(() => send(HALF));
    send(HALF);
    assert.deepEqual(ends, []);
    send(HALF);
    send(1);
    assert.deepEqual(ends, ['told', 'terminated']);
  });

  it('may be no more than at first when that answer is read', () => {
    const { unsent, send, read, ends } = setUp();
    unsent.greet(() => send(10 * HALF));
    read();
    send(2 * HALF);
    assert.deepEqual(ends, []);
    send(1);
    assert.deepEqual(ends, ['told', 'terminated']);
  });
});
