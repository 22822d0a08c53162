import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Table } from '../../../test/support/machine-table.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import type { Delivered } from '../protocol/messages.js';
import { heldCall } from './snapshot.js';

const alice = { userID: 'alice', userName: 'ALICE' };
const bob = { userID: 'bob', userName: 'BOB' };

function two(): { table: Table; a: ReturnType<Table['seat']>; b: ReturnType<Table['seat']> } {
  const table = new Table();
  return { table, a: table.seat('alice'), b: table.seat('bob') };
}

describe('a one-to-one call', () => {
  it('rings at the callee, with the caller, the callees and the custom data', () => {
    const { a, b } = two();
    a.send('c1', ['bob'], { video: true });
    assert.equal(a.status, 'ringing-out');
    assert.equal(b.status, 'incoming');
    assert.deepEqual(b.argsOf('onIncomingCallReceived'), [['c1', alice, 'video', [bob], 'hello']]);
  });

  it('is active on both sides after the accept, and each callback fires once', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    b.press('user.accept');
    assert.equal(a.status, 'active');
    assert.equal(b.status, 'active');
    assert.deepEqual(a.argsOf('onOutgoingCallAccepted'), [['c1', bob]]);
    assert.deepEqual(b.callbacks, ['onIncomingCallReceived', 'onIncomingCallAcceptButtonPressed']);
    assert.deepEqual(
      a
        .argsOf('onInvitationUserStateChanged')
        .flat(2)
        .map((u) => (u as { state: string }).state),
      ['inviting', 'ringing', 'accepted'],
    );
  });

  it('ends with hung-up on both sides, whoever hangs up', () => {
    for (const who of ['a', 'b'] as const) {
      const seats = two();
      seats.a.send('c1', ['bob']);
      seats.b.press('user.accept');
      seats[who].hangUp();
      assert.equal(seats.a.status, 'ended: hung-up');
      assert.equal(seats.b.status, 'ended: hung-up');
      seats.table.pass(2_000);
      assert.equal(seats.a.status, 'idle');
    }
  });

  it('ends as declined, with the custom data of the decline', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    b.press('user.decline', 'later');
    assert.equal(a.status, 'ended: declined');
    assert.equal(b.status, 'ended: declined');
    assert.deepEqual(a.argsOf('onOutgoingCallDeclined'), [['c1', bob, 'later']]);
    assert.equal(b.count('missed'), 0);
  });

  it('ends as canceled, and is a missed call three seconds later', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob']);
    a.press('user.cancel', 'sorry');
    assert.equal(a.status, 'ended: canceled');
    assert.equal(b.status, 'ended: canceled');
    assert.deepEqual(a.callbacks.includes('onOutgoingCallCancelButtonPressed'), true);
    assert.deepEqual(b.argsOf('onIncomingCallCanceled'), [['c1', alice, 'sorry']]);
    assert.equal(b.count('missed'), 0);
    table.pass(3_000);
    assert.equal(b.count('missed'), 1);
    assert.equal(b.argsOf('onIncomingCallTimeout').length, 0);
  });

  it('times out on both sides, with one callback each', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob'], { timeoutMs: 10_000 });
    table.pass(9_999);
    assert.equal(b.status, 'incoming');
    table.pass(1);
    assert.equal(b.status, 'ended: timeout');
    table.pass(2_000);
    assert.equal(a.status, 'ended: timeout');
    assert.deepEqual(a.argsOf('onOutgoingCallTimeout'), [['c1', [bob], false]]);
    table.pass(20_000);
    assert.equal(b.argsOf('onIncomingCallTimeout').length, 1);
    assert.equal(b.count('missed'), 1);
  });

  it('counts an accept in the last moment', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob'], { timeoutMs: 10_000 });
    table.pass(9_999);
    table.held = true;
    b.press('user.accept');
    table.pass(1_500);
    table.deliver();
    assert.equal(a.status, 'active');
    assert.equal(b.status, 'active');
  });

  it('ends as unreachable when no device of the callee rang, after the whole time-out', () => {
    const table = new Table();
    const a = table.seat('alice');
    a.send('c1', ['bob'], { timeoutMs: 5_000 });
    assert.equal(a.status, 'calling');
    assert.deepEqual(
      a.effects.filter((e) => e.type === 'reply'),
      [
        {
          type: 'reply',
          request: 1,
          result: {
            ok: true,
            value: { callID: 'c1', unreachable: [{ userID: 'bob', userName: 'bob' }] },
          },
        },
      ],
    );
    table.pass(7_000);
    assert.equal(a.status, 'ended: unreachable');
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 1);
  });

  it('has one outcome however often and in whatever order buttons are pressed', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob']);
    table.held = true;
    b.press('user.accept');
    b.press('user.accept');
    b.press('user.decline');
    a.press('user.cancel');
    a.press('user.cancel');
    table.deliver();
    assert.equal(a.status, 'ended: canceled');
    assert.equal(b.status, 'ended: canceled');
    assert.equal(b.callbacks.filter((n) => n === 'onIncomingCallAcceptButtonPressed').length, 1);
    assert.equal(b.callbacks.includes('onIncomingCallDeclineButtonPressed'), false);
    assert.equal(a.callbacks.includes('onOutgoingCallAccepted'), false);
    table.pass(30_000);
    assert.equal(b.count('missed'), 0, 'one who accepted has missed nothing');
  });
});

describe('media', () => {
  it('are opened by the callee after its callback and its accept, never before', () => {
    const table = new Table();
    const a = table.seat('alice', { media: true });
    const b = table.seat('bob', { media: true });
    a.send('c1', ['bob'], { video: true });
    assert.equal(b.count('open-media') + b.count('open-link'), 0);
    b.press('user.accept');
    const order = b.effects.map((e) => (e.type === 'send' ? e.message.type : e.type));
    const pressed = b.effects.findIndex(
      (e) => e.type === 'callback' && e.name === 'onIncomingCallAcceptButtonPressed',
    );
    assert.ok(pressed >= 0 && pressed < order.indexOf('accept'));
    assert.ok(order.indexOf('accept') < order.indexOf('open-media'));
    assert.ok(order.indexOf('accept') < order.indexOf('open-link'));
    assert.equal(a.status, 'connecting');
  });

  it('need one round trip: the callee offers right behind its accept, and the judge answers that offer', () => {
    const table = new Table();
    const a = table.seat('alice', { media: true });
    const b = table.seat('bob', { media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const offer = b.effects.find((e) => e.type === 'open-link');
    assert.ok(offer?.type === 'open-link' && offer.initiator);
    b.feed({
      type: 'link.signal',
      callID: 'c1',
      device: 'alice-1',
      link: offer.link,
      data: { sdp: 'offer' },
    });
    const answer = a.effects.find((e) => e.type === 'open-link');
    assert.ok(answer?.type === 'open-link' && !answer.initiator && answer.link === offer.link);
    assert.equal(a.count('signal-link'), 1);
    a.linksUp();
    b.linksUp();
    assert.equal(a.status, 'active');
    assert.equal(b.status, 'active');
  });

  it('survive a link that fails: it is built anew under a higher number', () => {
    const table = new Table();
    const a = table.seat('alice', { media: true });
    const b = table.seat('bob', { media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const first = b.effects.find((e) => e.type === 'open-link');
    assert.ok(first?.type === 'open-link');
    const at = { callID: 'c1', device: 'alice-1', link: first.link };
    b.feed({ type: 'link.up', ...at });
    b.feed({ type: 'link.failed', ...at });
    assert.equal(b.status, 'reconnecting');
    table.pass(1_000);
    const numbers = b.effects.flatMap((e) => (e.type === 'open-link' ? [e.link] : []));
    assert.equal(numbers.length, 2);
    assert.ok((numbers[1] ?? 0) > first.link);
    b.feed({ type: 'link.up', ...at });
    assert.equal(b.status, 'reconnecting', 'a report about the old number fits nothing');
  });

  it('end as media-failed when the other side answers and no link comes about', () => {
    const table = new Table();
    const a = table.seat('alice', { media: true });
    const b = table.seat('bob', { media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    table.pass(36_000);
    assert.deepEqual([a.snapshot.endReason, b.snapshot.endReason].sort(), [
      'media-failed',
      'media-failed',
    ]);
  });
});

describe('busy', () => {
  it('is concluded at once when all devices of the callee have said so', () => {
    const table = new Table();
    const [a, b, c] = [table.seat('alice'), table.seat('bob'), table.seat('carol')];
    table.pass(2_000);
    c.send('c1', ['bob']);
    b.press('user.accept');
    a.send('c2', ['bob']);
    assert.equal(a.status, 'ended: busy');
    assert.deepEqual(a.argsOf('onOutgoingCallRejectedCauseBusy'), [['c2', bob, '']]);
    assert.equal(b.status, 'active');
    assert.equal(b.callbacks.filter((n) => n === 'onIncomingCallReceived').length, 1);
    table.pass(10_000);
    assert.equal(b.count('missed'), 1);
    assert.deepEqual(b.argsOf('onIncomingCallTimeout'), []);
  });

  it('is the answer of all pages of a browser while one of them is in a call', () => {
    const table = new Table();
    const [a, b1, b2, c] = [
      table.seat('alice'),
      table.seat('bob'),
      table.seat('bob'),
      table.seat('carol'),
    ];
    table.pass(2_000);
    c.send('c1', ['bob']);
    b1.press('user.accept');
    assert.equal(heldCall(b1.state), 'c1');
    assert.equal(heldCall(b2.state), undefined);
    b2.feed({ type: 'elsewhere', callID: 'c1' });
    a.send('c2', ['bob']);
    assert.equal(a.status, 'ended: busy');
    assert.deepEqual(b2.argsOf('onIncomingCallReceived').length, 1, 'c1 alone');
    b2.send('c3', ['alice']);
    assert.deepEqual(b2.effects.at(-1), {
      ...{ type: 'reply', request: 1 },
      result: { ok: false, code: 'busy' },
    });
    b1.hangUp();
    b2.feed({ type: 'elsewhere', callID: undefined });
    a.send('c4', ['bob']);
    assert.deepEqual([b1.status, b2.status], ['incoming', 'incoming']);
  });

  it('is not the answer to the very call that another page is in', () => {
    const table = new Table();
    const [a, b] = [table.seat('alice'), table.seat('bob')];
    b.feed({ type: 'elsewhere', callID: 'c1' });
    a.send('c1', ['bob']);
    assert.equal(b.status, 'incoming');
  });

  it('is never concluded while another device of the callee rings', () => {
    const table = new Table();
    const [a, b1, b2, c] = [
      table.seat('alice'),
      table.seat('bob'),
      table.seat('bob'),
      table.seat('carol'),
    ];
    c.send('c1', ['bob']);
    b1.press('user.accept');
    a.send('c2', ['bob']);
    table.pass(20_000);
    assert.equal(a.status, 'ringing-out');
    assert.equal(b2.status, 'incoming');
  });
});

describe('glare', () => {
  for (const [first, second] of [
    ['c1', 'c2'],
    ['c2', 'c1'],
  ] as const)
    it(`leaves one call, heard by both as accepted with the lower callID (${first}, ${second})`, () => {
      const { table, a, b } = two();
      table.held = true;
      a.send(first, ['bob'], { video: true });
      b.send(second, ['alice']);
      table.deliver();
      table.held = false;
      assert.equal(a.status, 'active');
      assert.equal(b.status, 'active');
      assert.deepEqual(a.argsOf('onOutgoingCallAccepted'), [['c1', bob]]);
      assert.deepEqual(b.argsOf('onOutgoingCallAccepted'), [['c1', alice]]);
      for (const seat of [a, b])
        for (const name of seat.callbacks)
          assert.ok(!name.startsWith('onIncoming') && !name.endsWith('Pressed'), name);
      const media = b.effects.filter((e) => e.type === 'open-media');
      assert.ok(
        media.every((e) => e.callType === 'voice'),
        'nobody else starts a camera',
      );
      table.pass(100_000);
      assert.equal(a.count('missed') + b.count('missed'), 0);
    });
});

describe('several devices of one user', () => {
  it('have one winner; the others fall silent without a missed call', () => {
    const table = new Table();
    const [a, b1, b2] = [table.seat('alice'), table.seat('bob'), table.seat('bob')];
    a.send('c1', ['bob']);
    table.held = true;
    b1.press('user.accept');
    b2.press('user.accept');
    table.deliver();
    assert.equal(a.status, 'active');
    assert.equal(b1.status, 'active');
    assert.equal(b2.status, 'ended: answered-elsewhere');
    table.pass(30_000);
    assert.equal(b2.count('missed'), 0);
    assert.equal(a.argsOf('onOutgoingCallAccepted').length, 1);
  });

  it('fall silent when one of them declines', () => {
    const table = new Table();
    const [a, b1, b2] = [table.seat('alice'), table.seat('bob'), table.seat('bob')];
    a.send('c1', ['bob']);
    b1.press('user.decline');
    assert.equal(b2.status, 'ended: declined-elsewhere');
    assert.equal(a.status, 'ended: declined');
    table.pass(30_000);
    assert.equal(b2.count('missed'), 0);
  });
});

describe('a page that gives its user up', () => {
  it('leaves a call that it has accepted, also when it was selected a moment before', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob']);
    table.held = true;
    b.press('user.accept');
    table.held = false;
    a.feed({ type: 'transport.message', message: takeMail(table, a) });
    assert.equal(a.status, 'active');
    table.mail.length = 0;
    b.feed({ type: 'user.leave' });
    assert.equal(a.status, 'ended: hung-up');
  });

  it('does not decline what rings: other devices ring on', () => {
    const table = new Table();
    const [a, b1, b2] = [table.seat('alice'), table.seat('bob'), table.seat('bob')];
    a.send('c1', ['bob']);
    b1.feed({ type: 'user.leave' });
    assert.equal(b2.status, 'incoming');
    assert.equal(a.status, 'ringing-out');
  });
});

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
    const invites = a.effects.flatMap((e) =>
      e.type === 'send' && e.message.type === 'invite' ? [e.message] : [],
    );
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

  it('ends what rings as canceled when the caller vanished', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    a.connected = false;
    b.feed({ type: 'transport.message', message: lost('c1', 'alice', 'alice-1', 99) });
    assert.equal(b.status, 'ended: canceled');
    assert.equal(b.argsOf('onIncomingCallCanceled').length, 1);
  });

  it('rings nothing that was answered in between: everything queued is read first', () => {
    const { table, a, b } = two();
    b.disconnect();
    table.held = true;
    a.send('c1', ['bob']);
    const invite = { ...lastInvite(a), from: { ...alice, deviceID: 'alice-1' }, at: 5 };
    b.connected = true;
    b.feed({ type: 'transport.online' });
    b.feed({ type: 'transport.message', message: { ...invite, replay: true } as Delivered });
    assert.equal(b.status, 'idle');
    b.feed({
      type: 'transport.drained',
      inbox: { missed: [], settled: [{ callID: 'c1', round: 1, how: 'answered' }] },
    });
    assert.equal(b.status, 'idle');
    assert.deepEqual(b.callbacks, []);
  });
});

describe('what nobody may say', () => {
  it('is dropped and reported, and changes nothing', () => {
    const table = new Table();
    const [a, b] = [table.seat('alice'), table.seat('bob')];
    a.send('c1', ['bob']);
    const before = b.snapshot;
    const mallory = { userID: 'mallory', userName: 'M', deviceID: 'm1' };
    const said = { v: 1, callID: 'c1', to: ['bob'], records: [], names: [], remaining: [], at: 9 };
    const canceled = { user: 'bob', round: 1, state: 'canceled', inviter: 'alice' };
    const forged = [
      { ...said, id: 'x1', type: 'cancel', user: 'bob', reason: 'canceled', from: mallory },
      { ...said, id: 'x2', type: 'select', user: 'bob', records: [canceled], from: mallory },
      {
        ...said,
        id: 'x3',
        type: 'end',
        reason: 'hung-up',
        from: { ...alice, deviceID: 'alice-1' },
      },
      { ...said, id: 'x4', type: 'leave', reason: 'hung-up', lost: 'alice-1', from: mallory },
      { ...said, id: 'x5', type: 'roster', records: [canceled], from: mallory },
      {
        ...said,
        id: 'x6',
        type: 'cancel',
        user: 'bob',
        reason: 'canceled',
        from: { ...bob, deviceID: 'b9' },
      },
    ];
    for (const message of forged)
      b.feed({ type: 'transport.message', message: message as unknown as Delivered });
    assert.equal(b.count('dropped'), 6);
    assert.deepEqual(b.snapshot, before);
  });

  it('is not taken from a member who speaks of somebody else', () => {
    const table = new Table();
    const [a, b] = [table.seat('alice'), table.seat('bob')];
    a.send('c1', ['bob']);
    const mallory = { user: 'mallory', round: 1, state: 'in', device: 'm1', inviter: 'alice' };
    a.feed({
      type: 'transport.message',
      message: {
        ...{ v: 1, id: 'x1', type: 'state', callID: 'c1', to: ['alice'], phase: 'incoming' },
        ...{ records: [mallory], names: [], remaining: [], at: 9 },
        from: { ...bob, deviceID: b.state.self.deviceID },
      } as unknown as Delivered,
    });
    assert.deepEqual(
      a.snapshot.members.map(({ userID }) => userID),
      ['alice', 'bob'],
    );
  });
});

describe('another version of the protocol', () => {
  it('is answered as unsupported, once, and does not ring', () => {
    const table = new Table();
    const b = table.seat('bob');
    const invite = {
      type: 'foreign-invite',
      id: 'f1',
      callID: 'c9',
      at: 3,
      from: { ...alice, deviceID: 'alice-9' },
    } as const;
    b.feed({ type: 'transport.message', message: invite });
    b.feed({ type: 'transport.message', message: invite });
    const sent = b.effects.flatMap((e) => (e.type === 'send' ? [e.message] : []));
    assert.equal(sent.length, 1);
    assert.ok(sent[0]?.type === 'decline' && sent[0].reason === 'unsupported');
    assert.equal(b.status, 'idle');
  });

  it('ends the call of one whom no device can answer as unsupported', () => {
    const table = new Table();
    const a = table.seat('alice');
    const b = table.seat('bob', { canTakeCalls: false });
    table.pass(2_000);
    a.send('c1', ['bob']);
    assert.equal(a.status, 'ended: unsupported');
    assert.equal(b.status, 'idle');
  });
});

function takeMail(table: Table, seat: ReturnType<Table['seat']>): Delivered {
  const index = table.mail.findIndex(({ to }) => to === seat);
  const [mail] = table.mail.splice(index, 1);
  assert.ok(mail);
  return mail.message;
}

function lost(callID: string, userID: string, device: string, at: number): Delivered {
  return {
    ...{ v: 1, id: `lost-${device}`, type: 'leave', callID, to: [], records: [], names: [] },
    ...{ remaining: [], reason: 'connection-lost', lost: device, at },
    from: { userID, userName: userID, deviceID: SERVER_DEVICE },
  };
}

function lastInvite(seat: ReturnType<Table['seat']>): Extract<Delivered, { type: 'invite' }> {
  const sent = seat.effects.flatMap((e) => (e.type === 'send' ? [e.message] : []));
  return sent.find((m) => m.type === 'invite') as Extract<Delivered, { type: 'invite' }>;
}
