import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { MAX_UNSENT_BYTES, SLOW_BYTES } from '../limits/limits.js';
import { Unsent } from './unsent-bytes.js';
import { UnsentTotals } from './unsent-totals.js';

const HALF = MAX_UNSENT_BYTES / 2;

/** A connection whose client reads only when `read` is called. */
function setUp(totals = new UnsentTotals()) {
  const ends: string[] = [];
  const socket = { bufferedAmount: 0, terminate: () => ends.push('terminated') };
  const connection = Object.assign(new EventEmitter(), { transport: { socket } });
  const unsent = new Unsent(connection, totals, () => ends.push('notified'));
  let queued = 0;
  const send = (bytes: number) => {
    connection.emit('packetCreate', { data: 'x'.repeat(bytes) });
    queued += bytes;
  };
  /** Passes the queued bytes on to the WebSocket. */
  const flush = () => {
    connection.emit('flush');
    socket.bufferedAmount += queued;
    queued = 0;
  };
  const read = () => {
    flush();
    socket.bufferedAmount = 0;
  };
  /** The client closes the connection. */
  const close = () => connection.emit('close');
  return { unsent, send, flush, read, close, ends };
}

describe('Unsent', () => {
  it('terminates the connection once when it has too many unsent bytes, in either queue', () => {
    const { unsent, send, flush, ends } = setUp();
    send(HALF);
    flush();
    send(HALF);
    assert.equal(unsent.isFull, true);
    assert.deepEqual(ends, []);
    send(1);
    send(1);
    assert.deepEqual(ends, ['notified', 'terminated']);
  });

  it('does not terminate while the client reads, or because of a single long message', () => {
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

  it('allows the length of the initial sync in addition to the limit', () => {
    const { unsent, send, ends } = setUp();
    for (let count = 0; count < 10; count += 1) unsent.sendInitialSync(() => send(HALF));
    send(HALF);
    assert.deepEqual(ends, []);
    send(HALF);
    send(1);
    assert.deepEqual(ends, ['notified', 'terminated']);
  });

  it('applies the normal limit after the client has read the initial sync', () => {
    const { unsent, send, read, ends } = setUp();
    unsent.sendInitialSync(() => send(10 * HALF));
    read();
    send(2 * HALF);
    assert.deepEqual(ends, []);
    send(1);
    assert.deepEqual(ends, ['notified', 'terminated']);
  });
});

describe('UnsentTotals', () => {
  const MB = 1_000_000;
  const limits = { perUser: 3 * MB, inAll: 5 * MB };
  const open = (totals: UnsentTotals, userID: string) => {
    const connection = setUp(totals);
    connection.unsent.identify(userID);
    return connection;
  };
  const isEnded = ({ ends }: ReturnType<typeof setUp>) => ends.length > 0;

  it('terminates the slowest connection of a user whose connections have too many unsent bytes together', () => {
    const totals = new UnsentTotals(limits);
    const own = [open(totals, 'eve'), open(totals, 'eve'), open(totals, 'eve')];
    const [first, second, third] = own;
    const other = open(totals, 'bob');
    other.send(1.5 * MB);
    first?.unsent.sendInitialSync(() => first.send(1.2 * MB));
    second?.send(1 * MB);
    assert.equal(own.some(isEnded), false);
    third?.send(0.9 * MB);
    assert.deepEqual(own.map(isEnded), [true, false, false]);
    assert.equal(isEnded(other), false);
    third?.send(1 * MB);
    assert.deepEqual(own.map(isEnded), [true, false, false]);
  });

  it('terminates the slowest connection when all connections have too many unsent bytes together', () => {
    const totals = new UnsentTotals(limits);
    const own = ['ann', 'bob', 'cid', 'dan'].map((user) => open(totals, user));
    for (const [index, connection] of own.entries()) connection.send((1 + index / 10) * MB);
    assert.equal(own.some(isEnded), false);
    own[0]?.send(0.5 * MB);
    assert.deepEqual(own.map(isEnded), [true, false, false, false]);
  });

  it('does not count bytes that were read meanwhile, or closed connections', () => {
    const totals = new UnsentTotals(limits);
    const connections = Array.from({ length: 50 }, (_, index) => open(totals, `user-${index % 5}`));
    for (const [index, connection] of connections.entries()) {
      connection.send(1.4 * MB);
      if (index % 2) connection.read();
      else connection.close();
    }
    assert.equal(connections.some(isEnded), false);
  });

  it('does not count connections with few unsent bytes', () => {
    const totals = new UnsentTotals({ perUser: 1, inAll: 1 });
    const connection = open(totals, 'bob');
    connection.send(SLOW_BYTES / 2);
    assert.equal(isEnded(connection), false);
  });
});
