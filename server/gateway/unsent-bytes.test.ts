import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { MAX_UNSENT_BYTES, SLOW_BYTES } from '../limits/limits.js';
import { Unsent } from './unsent-bytes.js';
import { UnsentTotals } from './unsent-totals.js';

const HALF = MAX_UNSENT_BYTES / 2;

/** A connection whose client reads when it is told to. */
function setUp(totals = new UnsentTotals()) {
  const ends: string[] = [];
  const socket = { bufferedAmount: 0, terminate: () => ends.push('terminated') };
  const connection = Object.assign(new EventEmitter(), { transport: { socket } });
  const unsent = new Unsent(connection, totals, () => ends.push('told'));
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
  /** It is closed by its client. */
  const close = () => connection.emit('close');
  return { unsent, send, flush, read, close, ends };
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

describe('what all connections have unsent', () => {
  const MB = 1_000_000;
  const limits = { perUser: 3 * MB, inAll: 5 * MB };
  const open = (totals: UnsentTotals, userID: string) => {
    const connection = setUp(totals);
    connection.unsent.identify(userID);
    return connection;
  };
  const isEnded = ({ ends }: ReturnType<typeof setUp>) => ends.length > 0;

  it('ends the slowest connection of a user who has too much on all of them, whatever it was sent for', () => {
    const totals = new UnsentTotals(limits);
    const own = [open(totals, 'eve'), open(totals, 'eve'), open(totals, 'eve')];
    const [first, second, third] = own;
    const other = open(totals, 'bob');
    other.send(1.5 * MB);
    first?.unsent.greet(() => first.send(1.2 * MB));
    second?.send(1 * MB);
    assert.equal(own.some(isEnded), false);
    third?.send(0.9 * MB);
    assert.deepEqual(own.map(isEnded), [true, false, false]);
    assert.equal(isEnded(other), false);
    third?.send(1 * MB);
    assert.deepEqual(own.map(isEnded), [true, false, false]);
  });

  it('ends the slowest of all when all together have too much', () => {
    const totals = new UnsentTotals(limits);
    const own = ['ann', 'bob', 'cid', 'dan'].map((user) => open(totals, user));
    for (const [index, connection] of own.entries()) connection.send((1 + index / 10) * MB);
    assert.equal(own.some(isEnded), false);
    own[0]?.send(0.5 * MB);
    assert.deepEqual(own.map(isEnded), [true, false, false, false]);
  });

  it('forgets what was read meanwhile, and connections that are closed', () => {
    const totals = new UnsentTotals(limits);
    const connections = Array.from({ length: 50 }, (_, index) => open(totals, `user-${index % 5}`));
    for (const [index, connection] of connections.entries()) {
      connection.send(1.4 * MB);
      if (index % 2) connection.read();
      else connection.close();
    }
    assert.equal(connections.some(isEnded), false);
  });

  it('counts nothing of those that have a little', () => {
    const totals = new UnsentTotals({ perUser: 1, inAll: 1 });
    const connection = open(totals, 'bob');
    connection.send(SLOW_BYTES / 2);
    assert.equal(isEnded(connection), false);
  });
});
