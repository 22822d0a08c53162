import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createNetwork,
  createTwoDevices,
  deliverFrom,
  MachineNetwork,
  type MachineDevice,
  type QueuedMessage,
} from '../../../test/support/machine-network.js';

import { SERVER_DEVICE } from '../protocol/limits.js';
import type { Delivered } from '../protocol/messages.js';

/* Messages of several members cross: each device learns of changes in another order. */

const isFrom = ({ message }: QueuedMessage, device: MachineDevice) =>
  message.from.deviceID === device.state.self.deviceID;

/** Delivers all messages except those that `isLate` selects. @returns a function that delivers these */
function deliverLate(network: MachineNetwork, isLate: (queued: QueuedMessage) => boolean) {
  const late: QueuedMessage[] = [];
  network.deliver((queued) => isLate(queued) && late.push(queued) > 0);
  return () => {
    for (const { to, message } of late) to.feed({ type: 'transport.message', message });
  };
}

/** Alice has called Bob and Carol, and all of them are in, with media. */
function withMedia() {
  const network = new MachineNetwork();
  const [a, b, c] = ['alice', 'bob', 'carol'].map((user) =>
    network.addDevice(user, { media: true }),
  ) as [MachineDevice, MachineDevice, MachineDevice];
  network.advance(2_000);
  return { network, a, b, c };
}

describe('a link', () => {
  const offersTo = (device: MachineDevice, user: string) =>
    device.effects.flatMap((effect) =>
      effect.type === 'open-link' && effect.user === user && effect.initiator ? [effect] : [],
    );

  it('is built by an offer that arrives before the selection of the user who joins again', () => {
    const { network, a, b, c } = withMedia();
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    b.hangUp();
    network.isPaused = true;
    b.join();
    // Bob has the lower user ID, so he offers. Carol does not know yet that Alice has selected him.
    const isSelection = (queued: QueuedMessage) => queued.to === c && isFrom(queued, a);
    const deliverSelection = deliverLate(network, isSelection);
    const [offer] = offersTo(b, 'carol').slice(-1);
    assert.ok(offer);
    const { user, device, link } = offer;
    b.feed({ type: 'link.signal', callID: 'c1', user, device, link, data: { type: 'offer' } });
    network.deliver(isSelection);
    const before = c.count('signal-link');
    deliverSelection();
    assert.equal(c.recordOf('bob')?.state, 'in');
    assert.equal(c.count('signal-link'), before + 1);
  });

  /**
   * Alice and Bob invite Carol. The server tells Bob that Alice was first, so she selects Carol. Carol considers Bob as the
   * coordinator, and offers to him.
   */
  function withTwoInviters() {
    const { network, a, b, c } = withMedia();
    a.send('c1', ['bob']);
    b.press('user.accept');
    network.isPaused = true;
    b.invite('carol');
    a.invite('carol');
    network.deliver();
    const first = { user: 'carol', round: 1, state: 'inviting', inviter: 'alice' } as const;
    const message: Delivered = {
      ...{ v: 1, id: 'x1', type: 'roster', callID: 'c1', to: ['bob'], records: [first], names: [] },
      from: { userID: 'alice', userName: 'ALICE', deviceID: SERVER_DEVICE },
      ...{ remaining: [], at: 99 },
    };
    b.feed({ type: 'transport.message', message });
    c.press('user.accept');
    const deliverSelection = deliverLate(
      network,
      ({ to, message }) => to === c && message.type === 'select',
    );
    const phase = () => c.state.calls.get('c1')?.phase;
    assert.equal(phase(), 'accepting');
    return { network, a, b, c, deliverSelection, phase };
  }
  const signal = { type: 'link.signal', callID: 'c1' } as const;

  it('is built by an answer that arrives before the selection by another member', () => {
    const { network, b, c, deliverSelection, phase } = withTwoInviters();
    const [offer] = offersTo(c, 'bob');
    assert.ok(offer);
    const { link } = offer;
    c.feed({ ...signal, link, user: 'bob', device: 'bob-2', data: { type: 'offer' } });
    network.deliver();
    b.feed({ ...signal, link, user: 'carol', device: 'carol-3', data: { type: 'answer' } });
    network.deliver();
    assert.deepEqual([phase(), c.count('signal-link')], ['accepting', 0]);
    deliverSelection();
    network.deliver();
    assert.deepEqual([phase(), c.count('signal-link')], ['in', 1]);
  });

  it('stays as it is once its offer is answered, although the offerer learns of another inviter', () => {
    const { network, a, c, deliverSelection } = withTwoInviters();
    const [offer] = offersTo(a, 'carol');
    assert.ok(offer);
    const { link } = offer;
    a.feed({ ...signal, link, user: 'carol', device: 'carol-3', data: { type: 'offer' } });
    network.deliver();
    deliverSelection();
    network.deliver();
    c.feed({ ...signal, link, user: 'alice', device: 'alice-1', data: { type: 'answer' } });
    network.deliver();
    assert.equal(c.recordOf('carol')?.inviter, 'alice');
    assert.deepEqual([a.count('signal-link'), a.count('close-link')], [1, 0]);
  });

  it('is offered by one of both users if two members have invited one of them', () => {
    const { network, a, b, c } = withMedia();
    a.send('c1', ['bob']);
    b.press('user.accept');
    network.isPaused = true;
    b.invite('carol');
    a.invite('carol');
    network.deliver();
    c.press('user.accept');
    // A server that received Bob's invitation first rejects Alice's selection.
    network.deliver(
      ({ to, message }) => to === c && message.type === 'select' && isFrom({ to, message }, a),
    );
    assert.deepEqual([a.recordOf('carol')?.state, c.recordOf('alice')?.state], ['in', 'in']);
    assert.equal(a.recordOf('carol')?.inviter, 'alice');
    assert.equal(c.recordOf('carol')?.inviter, 'bob');
    assert.equal(offersTo(a, 'carol').length + offersTo(c, 'alice').length, 1);
  });
});

describe('an answer that arrives after the next invitation of the same user by another member', () => {
  it('is reported to the inviter, and shown before the state of that next invitation', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    network.isPaused = true;
    c.press('user.decline', 'later');
    const deliverDecline = deliverLate(
      network,
      (queued) => queued.to === a && isFrom(queued, c) && queued.message.type === 'decline',
    );
    network.isPaused = false;
    b.invite('carol');
    assert.equal(a.recordOf('carol')?.round, 1);
    const shown = a.argsOf('onInvitationUserStateChanged').length;
    deliverDecline();
    assert.equal(a.recordOf('carol')?.round, 2);
    assert.deepEqual(a.argsOf('onOutgoingCallDeclined'), [
      ['c1', { userID: 'carol', userName: 'CAROL' }, 'later'],
    ]);
    const states = a.argsOf('onInvitationUserStateChanged').slice(shown);
    assert.deepEqual(states.slice(0, 1), [
      [[{ userID: 'carol', state: 'declined', customData: 'later' }]],
    ]);
    assert.equal(states.length, 2);
  });
});

describe('an invitation to a call whose inviter leaves', () => {
  /** Carol rings for Alice's invitation, which names Bob as a member. Bob's reply to her question is lost. */
  function withUnconfirmedBob() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob']);
    b.press('user.accept');
    network.isPaused = true;
    a.invite('carol');
    network.deliver((queued) => queued.to === c && isFrom(queued, b));
    a.hangUp();
    network.deliver((queued) => queued.to === c && isFrom(queued, b));
    return { network, b, c };
  }

  it('rings while the other member is asked, and on once that member has confirmed to be in', () => {
    const { network, c } = withUnconfirmedBob();
    assert.equal(c.status, 'incoming');
    network.isPaused = false;
    network.advance(15_000);
    assert.equal(c.status, 'incoming');
    c.press('user.accept');
    assert.equal(c.status, 'active');
  });

  it('stops to ring if the other member does not confirm it', () => {
    const { network, b, c } = withUnconfirmedBob();
    b.disconnect();
    network.isPaused = false;
    network.advance(8_000);
    assert.deepEqual([c.status, c.argsOf('onIncomingCallCanceled').length], ['idle', 1]);
  });
});

describe('an invitation that arrives during a join', () => {
  it('and ends the join by its end is shown as that end, does not ring, and is missed', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    c.hangUp();
    const rings = c.argsOf('onIncomingCallReceived').length;
    network.isPaused = true;
    c.join();
    b.invite('carol');
    network.deliver((queued) => isFrom(queued, c));
    // All devices in the call are lost, and the server cancels its open invitations.
    const canceled = { user: 'carol', round: 2, state: 'canceled', inviter: 'bob' } as const;
    const message: Delivered = {
      ...{ v: 1, id: 'x1', type: 'cancel', callID: 'c1', to: ['carol'], user: 'carol' },
      ...{ reason: 'lost', customData: '', records: [canceled], names: [], remaining: [], at: 99 },
      from: { userID: 'carol', userName: 'CAROL', deviceID: SERVER_DEVICE },
    };
    c.feed({ type: 'transport.message', message });
    assert.equal(c.status, 'ended: canceled');
    network.advance(1_000);
    assert.equal(c.status, 'ended: canceled');
    network.advance(3_000);
    assert.equal(c.status, 'idle');
    assert.equal(c.count('missed'), 1);
    assert.equal(c.argsOf('onIncomingCallReceived').length, rings);
  });
});

describe('a user who has left', () => {
  it('before a member came in can be invited by that member', () => {
    const [network, a, b, c, d] = createNetwork('alice', 'bob', 'carol', 'dave');
    network.advance(2_000);
    a.send('c1', ['bob', 'dave']);
    b.press('user.accept');
    d.press('user.accept');
    a.hangUp();
    b.invite('carol');
    c.press('user.accept');
    c.invite('alice');
    assert.equal(a.status, 'incoming');
    assert.deepEqual([a.recordOf('alice')?.round, d.recordOf('alice')?.state], [2, 'ringing']);
    a.press('user.accept');
    assert.equal(b.recordOf('alice')?.state, 'in');
  });

  it('and is invited at the time of a join is in once its device confirms that', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    c.hangUp();
    network.isPaused = true;
    c.join();
    // Bob knows the selection of Carol's device only from Alice, and asks the device. A server would reject his invitation.
    const fromCarol = deliverLate(network, (queued) => queued.to === b && isFrom(queued, c));
    b.invite('carol');
    assert.equal(b.recordOf('carol')?.round, 2);
    network.deliver((queued) => isFrom(queued, b));
    fromCarol();
    network.isPaused = false;
    for (const device of [a, b, c]) assert.equal(device.recordOf('carol')?.state, 'in');
  });

  it('and is invited again does not count as in at a member who joins again', () => {
    const [network, a, b, c, d] = createNetwork('alice', 'bob', 'carol', 'dave');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol', 'dave']);
    for (const device of [b, c, d]) device.press('user.accept');
    b.hangUp();
    c.hangUp();
    // What was sent to Bob since he left is lost.
    const carol = {
      user: 'carol',
      round: 1,
      state: 'in',
      inviter: 'alice',
      device: 'carol-3',
    } as const;
    const known = b.state.calls.get('c1')?.members.get('carol');
    assert.ok(known);
    known.record = carol;
    a.invite('carol');
    b.join();
    assert.equal(b.status, 'active');
    assert.equal(b.recordOf('carol')?.state, 'ringing');
    assert.deepEqual(b.snapshot.members.map(({ userID, state }) => [userID, state]).sort(), [
      ['alice', 'accepted'],
      ['bob', 'accepted'],
      ['carol', 'ringing'],
      ['dave', 'accepted'],
    ]);
  });
});

describe('a coordinator by succession that leaves', () => {
  /** Carol has invited Alice, who is in, and Bob. Carol's messages to Bob take longer than those of Alice. */
  function withLateInviter() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    c.send('c1', ['alice', 'bob']);
    network.isPaused = true;
    a.press('user.accept');
    const isLate = (queued: QueuedMessage) => queued.to === b && isFrom(queued, c);
    const deliverFirst = deliverLate(network, isLate);
    return { network, a, b, c, isLate, deliverFirst };
  }

  it('ends the invitation at a device that learns only then why it was the coordinator, without a question', () => {
    const { network, a, b, c, isLate, deliverFirst } = withLateInviter();
    c.hangUp();
    const deliverSecond = deliverLate(network, isLate);
    a.hangUp();
    network.deliver();
    assert.equal(b.status, 'incoming');
    deliverFirst();
    deliverSecond();
    assert.equal(b.status, 'ended: canceled');
  });

  it('ends it also after the inviter was lost', ({ mock }) => {
    const { network, a, b, c, deliverFirst } = withLateInviter();
    const report = mock.method(b, 'feed', () => undefined);
    network.loseDevice(c, 'c1');
    report.mock.restore();
    a.hangUp();
    network.deliver();
    deliverFirst();
    assert.equal(b.status, 'incoming');
    for (const { arguments: received } of report.mock.calls)
      b.feed(...(received as unknown as Parameters<MachineDevice['feed']>));
    assert.equal(b.status, 'ended: canceled');
  });

  it('states the end when asked, if it may have stated it before it was the coordinator', () => {
    const { network, a, b, c, isLate, deliverFirst } = withLateInviter();
    c.hangUp();
    const deliverSecond = deliverLate(network, isLate);
    a.hangUp();
    const early = network.queue.splice(0);
    for (const { to, message } of early) network.queue.push({ to, message: { ...message, at: 0 } });
    network.deliver();
    deliverFirst();
    deliverSecond();
    assert.equal(b.status, 'incoming');
    network.isPaused = false;
    network.deliver();
    assert.equal(b.status, 'ended: canceled');
  });
});

describe('a device that becomes the coordinator', () => {
  it('counts as an accept that the invited device has stated to be in, before the coordinator was lost', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    b.send('c1', ['alice', 'carol'], { timeoutMs: 10_000 });
    a.press('user.accept');
    a.disconnect();
    c.press('user.accept');
    b.disconnect();
    a.connect();
    network.advance(20_000);
    assert.equal(a.recordOf('carol')?.state, 'ringing');
    network.loseDevice(b, 'c1');
    for (const device of [a, c]) assert.equal(device.status, 'active');
    assert.equal(a.recordOf('carol')?.state, 'in');
  });
});

describe('a selection by a member who has become the coordinator', () => {
  it('is confirmed by that member to a device which learns later why, also if the selected device is lost', () => {
    const [network, b, c, d, z] = createNetwork('bob', 'carol', 'dave', 'zoe');
    network.advance(2_000);
    c.send('c1', ['bob', 'zoe']);
    b.press('user.accept');
    z.press('user.accept');
    z.invite('dave');
    network.isPaused = true;
    d.press('user.accept');
    z.hangUp();
    d.disconnect();
    const deliverEnd = deliverLate(network, (queued) => queued.to === b && isFrom(queued, z));
    assert.deepEqual([c.recordOf('dave')?.state, b.recordOf('dave')?.state], ['in', 'ringing']);
    network.isPaused = false;
    deliverEnd();
    assert.equal(b.recordOf('dave')?.state, 'in');
  });
});

describe('a device that was not informed of its selection', () => {
  it('does not count as in after it has given up, whatever it sends afterwards', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    network.isPaused = true;
    c.press('user.accept');
    const isLost = ({ to, message }: QueuedMessage) => to === c && message.from.userID !== 'carol';
    network.deliver(isLost);
    network.advance(30_000);
    network.deliver(isLost);
    assert.equal(c.state.calls.get('c1')?.phase, 'over');
    // A server that does not know of the selection removes it from what it relays to Carol.
    const ringing = { user: 'carol', round: 1, state: 'ringing', inviter: 'alice' };
    deliverFrom(c, a, {
      ...{ id: 'x1', type: 'state', phase: 'over', round: 1, at: 99 },
      records: [ringing],
    });
    assert.deepEqual(
      a.snapshot.members.map(({ userID, state }) => [userID, state]),
      [
        ['alice', 'accepted'],
        ['bob', 'accepted'],
        ['carol', 'left'],
      ],
    );
  });

  it('does not count as in after it has reported that its user had hung up before, also if it is gone then', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    network.isPaused = true;
    c.press('user.accept');
    c.hangUp();
    network.deliver(({ to }) => to === c);
    assert.equal(a.recordOf('carol')?.state, 'in');
    network.loseDevice(c, 'c1');
    const own = { user: 'carol', round: 1, state: 'declined', inviter: 'alice' };
    const report = { type: 'state', phase: 'over', round: 1, records: [own], at: 99 };
    deliverFrom(c, a, { id: 'x1', ...report });
    assert.equal(a.snapshot.members.find(({ userID }) => userID === 'carol')?.state, 'left');
    deliverFrom(c, a, { id: 'x2', type: 'accept', round: 1, records: [], at: 98 });
    assert.equal(a.snapshot.members.find(({ userID }) => userID === 'carol')?.state, 'left');
  });
});

describe('a call that crosses the own one', () => {
  it('rings after a reconnect only once its caller has confirmed it', () => {
    const { network, a, b } = createTwoDevices();
    network.advance(2_000);
    network.isPaused = true;
    b.send('c1', ['alice']);
    a.send('c2', ['bob']);
    network.deliver(({ to }) => to === a);
    b.disconnect();
    network.isPaused = false;
    const { state } = a;
    a.disconnect();
    b.connect();
    network.advance(2_000);
    b.hangUp();
    assert.equal(b.status, 'ended: canceled');
    network.advance(1_000);
    assert.equal(b.status, 'ended: canceled');
    assert.equal(a.state.calls.get('c2')?.phase, state.calls.get('c2')?.phase);
    a.connect();
    assert.equal(b.status, 'incoming');
  });
});

describe('a member who hangs up while another user is let in', () => {
  it('tells that user: they were not among the members when this one left', () => {
    const [network, a, b, c, d] = createNetwork('alice', 'bob', 'carol', 'dave');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol', 'dave']);
    b.press('user.accept');
    c.press('user.accept');
    d.press('user.decline');
    network.isPaused = true;
    d.join();
    const deliverSelection = deliverLate(network, (queued) => queued.to === c && isFrom(queued, a));
    assert.equal(d.recordOf('carol')?.state, 'in');
    c.hangUp();
    network.deliver();
    assert.equal(d.recordOf('carol')?.state, 'in');
    deliverSelection();
    network.deliver();
    for (const device of [a, b, d]) assert.equal(device.recordOf('carol')?.state, 'left');
  });
});

describe('an invitation that ends before its coordinator knows who has just come in', () => {
  it('ends for that member too, whose state is from a member who did not know of the end yet', () => {
    const [network, a, c, d, z] = createNetwork('alice', 'carol', 'dave', 'zoe');
    network.advance(2_000);
    c.send('c1', ['dave']);
    d.press('user.accept');
    network.isPaused = true;
    d.invite('alice');
    // Carol's answer to Alice is lost.
    network.deliver((queued) => queued.to === a && isFrom(queued, c));
    network.isPaused = false;
    a.press('user.decline');
    c.invite('zoe');
    network.isPaused = true;
    a.join();
    const deliverToCarol = deliverLate(network, (queued) => queued.to === c);
    c.feed({ type: 'user.cancel-invitees', request: 5, userIDs: ['zoe'], customData: '' });
    const deliverToDave = deliverLate(network, (queued) => queued.to === d && isFrom(queued, c));
    assert.deepEqual([a.status, a.recordOf('zoe')?.state], ['active', 'ringing']);
    deliverToCarol();
    network.deliver();
    deliverToDave();
    network.deliver();
    assert.deepEqual([a.recordOf('carol')?.state, z.status], ['in', 'ended: canceled']);
    assert.equal(a.recordOf('zoe')?.state, 'canceled');
  });
});

describe('a page that comes back, selects a device and leaves', () => {
  it('has selected it also if the member who let the page in states that afterwards', () => {
    const [network, a, b, c, page] = createNetwork('alice', 'bob', 'carol', 'bob');
    a.send('c1', ['bob']);
    b.press('user.accept');
    b.invite('carol');
    network.isPaused = true;
    c.press('user.accept');
    network.deliver(() => true);
    const own = a.recordOf('alice');
    const place = { user: 'bob', round: 2, inviter: 'alice', device: 'bob-4' };
    const inBob = { ...place, state: 'in' };
    const ringing = { user: 'carol', round: 1, inviter: 'bob', state: 'ringing' };
    const inCarol = { ...ringing, state: 'in', device: 'carol-3' };
    const select = { type: 'select', customData: '' };
    const selectCarol = { ...select, user: 'carol', records: [own, inBob, inCarol] };
    const left = { ...place, state: 'left', reason: 'hung-up' };
    deliverFrom(page, c, { id: 'x1', ...selectCarol });
    deliverFrom(page, c, {
      id: 'x2',
      type: 'leave',
      reason: 'hung-up',
      records: [own, left, inCarol],
    });
    assert.equal(c.snapshot.status, 'connecting');
    deliverFrom(a, c, { id: 'x3', ...select, user: 'bob', records: [own, inBob, ringing] });
    assert.deepEqual([c.status, c.recordOf('bob')?.state], ['active', 'left']);
  });
});
