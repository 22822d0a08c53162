import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tableOf, two } from '../../../test/support/machine-table.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import type { Delivered } from '../protocol/messages.js';

describe('a lost connection', () => {
  it('does not end an invitation: the invite that nobody acknowledged goes again under the same ID', () => {
    const { table, a, b } = two();
    a.connected = false;
    a.send('c1', ['bob']);
    assert.equal(b.status, 'idle');
    a.feed({ type: 'transport.offline' });
    table.pass(5_000);
    a.connect();
    assert.equal(b.status, 'incoming');
    const invites = a.sent('invite');
    assert.equal(invites.length, 2);
    assert.equal(invites[0]?.id, invites[1]?.id);
    assert.equal(invites[1]?.remainingMs, 55_000);
  });

  it('ends the call as connection-lost when the server says that the other device vanished', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    b.press('user.accept');
    b.connected = false;
    a.feed({ type: 'transport.message', message: lost('c1', 'bob', 'bob-2', 99) });
    assert.equal(a.status, 'ended: connection-lost');
  });

  it('does not end a call whose media flow when the server says that the other device vanished', () => {
    const { table, a, b } = two({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const offer = b.effects.find((effect) => effect.type === 'open-link');
    assert.ok(offer?.type === 'open-link');
    const at = { callID: 'c1', user: 'alice', device: 'alice-1', link: offer.link };
    b.feed({ type: 'link.signal', ...at, data: { sdp: 'offer' } });
    a.linksUp();
    b.linksUp();
    b.connected = false;
    a.feed({ type: 'transport.message', message: lost('c1', 'bob', 'bob-2', 99) });
    assert.equal(a.status, 'active');
    table.pass(60_000);
    assert.equal(a.status, 'active');
    assert.equal(a.count('close-link'), 0);
  });

  it('ends what rings as canceled when the caller vanished', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    a.connected = false;
    b.feed({ type: 'transport.message', message: lost('c1', 'alice', 'alice-1', 99) });
    assert.equal(b.status, 'ended: canceled');
    assert.equal(b.argsOf('onIncomingCallCanceled').length, 1);
  });

  it('does not swallow that a device is busy: it says so again', () => {
    const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    c.send('c0', ['bob']);
    b.press('user.accept');
    table.held = true;
    a.send('c1', ['bob']);
    table.deliver(({ message }) => message.type === 'decline');
    table.held = false;
    b.disconnect();
    assert.equal(a.status, 'calling');
    b.connect();
    assert.equal(a.status, 'ended: busy');
  });

  it('rings nothing that was answered in between: everything queued is read first', () => {
    const { table, a, b } = two();
    b.disconnect();
    table.held = true;
    a.send('c1', ['bob']);
    b.connected = true;
    b.feed({ type: 'transport.online' });
    b.feed({ type: 'transport.message', message: a.replayed(5) });
    assert.equal(b.status, 'idle');
    b.feed({
      type: 'transport.synced',
      inbox: { missed: [], settled: [{ callID: 'c1', round: 1, how: 'answered' }] },
    });
    assert.equal(b.status, 'idle');
    assert.deepEqual(b.callbacks, []);
  });
});

function lost(callID: string, userID: string, device: string, at: number): Delivered {
  return {
    ...{ v: 1, id: `lost-${device}`, type: 'leave', callID, to: [], records: [], names: [] },
    ...{ remaining: [], reason: 'connection-lost', lost: device, at },
    from: { userID, userName: userID, deviceID: SERVER_DEVICE },
  };
}
