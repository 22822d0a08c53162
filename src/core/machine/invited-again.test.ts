import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../protocol/messages.js';
import {
  alice,
  bob,
  createNetwork,
  deliverFrom,
  type MachineDevice,
  type MachineNetwork,
} from '../../../test/support/machine-network.js';

/** Alice, Bob and Carol are in a group call. */
function talking(): {
  network: MachineNetwork;
  a: MachineDevice;
  b: MachineDevice;
  c: MachineDevice;
} {
  const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
  network.advance(2_000);
  a.send('c1', ['bob', 'carol']);
  b.press('user.accept');
  c.press('user.accept');
  return { network, a, b, c };
}

const replies = (device: MachineDevice, request: number) =>
  device.effects.flatMap((effect) =>
    effect.type === 'reply' && effect.request === request ? [effect.result] : [],
  );
const stateOf = (device: MachineDevice, userID: string) =>
  device.snapshot.members.find((member) => member.userID === userID)?.state;

/** The device invites a user; the server rejects it, after `meanwhile` has happened. */
const inviteInVain = (device: MachineDevice, userID: string, meanwhile = () => {}): void => {
  device.connected = false;
  device.invite(userID);
  device.connected = true;
  meanwhile();
  const messageID = device.sent('invite').at(-1)?.id ?? '';
  device.feed({ type: 'transport.refused', callID: 'c1', messageID, code: 'not-allowed' });
};

/** The same, together with Dave, whose invitation the server accepts. */
const inviteInVainWithDave = (
  device: MachineDevice,
  userID: string,
  meanwhile = () => {},
): void => {
  const invitees = [userID, 'dave'].map((user) => ({ userID: user, userName: user }));
  device.connected = false;
  device.feed({ type: 'user.invite', request: 9, invitees, timeoutMs: 30_000 });
  device.connected = true;
  meanwhile();
  const messageID = device.sent('invite').at(-1)?.id ?? '';
  const reached = [
    { user: userID, devices: 0, rejected: true },
    { user: 'dave', devices: 1 },
  ];
  device.feed({ type: 'transport.acknowledged', callID: 'c1', messageID, reached });
};

describe('a user whose accept has arrived too late', () => {
  it('accepts the next invitation with it, while their device still waits', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 10_000 });
    b.press('user.accept');
    network.advance(9_000);
    c.connected = false;
    c.press('user.accept', 'here');
    network.advance(5_000);
    assert.deepEqual([c.status, stateOf(a, 'carol')], ['connecting', 'timeout']);
    c.connected = true;
    a.invite('carol');
    assert.deepEqual([c.status, stateOf(a, 'carol')], ['active', 'accepted']);
    assert.equal(a.snapshot.members.at(-1)?.customData, 'here');
  });
});

describe('a member whose device is lost', () => {
  it('can be invited again, and accepts on another device', () => {
    const { network, a, b, c } = talking();
    network.loseDevice(b, 'c1');
    assert.equal(stateOf(a, 'bob'), 'left');
    const back = network.addDevice('bob');
    a.invite('bob');
    assert.deepEqual(replies(a, 9), [{ ok: true, value: true }]);
    assert.equal(back.status, 'incoming');
    back.press('user.accept');
    for (const device of [a, c, back]) {
      assert.equal(device.status, 'active');
      assert.equal(stateOf(device, 'bob'), 'accepted');
    }
    assert.deepEqual(a.argsOf('onOutgoingCallAccepted').at(-1), ['c1', bob]);
  });

  it('can be invited again by the last member in the call, while another user still rings', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    network.loseDevice(b, 'c1');
    assert.equal(c.status, 'incoming');
    const back = network.addDevice('bob');
    a.invite('bob');
    assert.deepEqual(replies(a, 9), [{ ok: true, value: true }]);
    assert.equal(back.status, 'incoming');
  });

  it('counts as in again once the device sends a message, without a new invitation', () => {
    const { network, a, b, c } = talking();
    network.loseDevice(b, 'c1');
    assert.equal(stateOf(a, 'bob'), 'left');
    b.connect();
    for (const device of [a, b, c]) assert.equal(stateOf(device, 'bob'), 'accepted');
  });

  it('is in again without ringing when the device itself comes back', () => {
    const { network, a, b, c } = talking();
    network.loseDevice(b, 'c1');
    a.invite('bob');
    const media = b.count('open-media');
    b.connect();
    for (const device of [a, b, c]) {
      assert.equal(device.status, 'active');
      assert.equal(stateOf(device, 'bob'), 'accepted');
    }
    assert.equal(b.argsOf('onIncomingCallReceived').length, 1, 'of the first invitation');
    assert.equal(b.count('open-media'), media, 'its media are open already');
    assert.equal(b.count('close-media'), 0);
  });

  it('ends its call as connection-lost if the invitation has ended meanwhile', () => {
    const { network, a, b } = talking();
    network.loseDevice(b, 'c1');
    a.invite('bob', 5_000);
    network.advance(20_000);
    assert.equal(stateOf(a, 'bob'), 'timeout');
    b.connect();
    assert.equal(b.status, 'ended: connection-lost');
  });

  it('ends its call as connection-lost also if only the server tells that the invitation has ended', () => {
    const { network, b } = talking();
    network.loseDevice(b, 'c1');
    network.isPaused = true;
    b.feed({ type: 'transport.online' });
    const synced = (round: number) => {
      const settled = [{ callID: 'c1', round, how: 'ended' as const }];
      b.feed({ type: 'transport.synced', inbox: { missed: [], settled } });
    };
    synced(1);
    assert.equal(b.status, 'active', 'its own round');
    synced(2);
    assert.equal(b.status, 'ended: connection-lost');
  });

  it('is let in by the next round if media still flow to another member when that invitation has ended', () => {
    const [network] = createNetwork();
    const [a, b, c] = ['alice', 'bob', 'carol'].map((user) =>
      network.addDevice(user, { media: true }),
    );
    assert.ok(a && b && c);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    const offer = b.effects.find((effect) => effect.type === 'open-link');
    assert.ok(offer?.type === 'open-link');
    const at = { callID: 'c1', user: 'alice', device: offer.device, link: offer.link };
    b.feed({ type: 'link.signal', ...at, data: { sdp: 'offer' } });
    a.linksUp();
    b.feed({ type: 'link.up', ...at });
    network.loseDevice(b, 'c1');
    assert.equal(stateOf(a, 'bob'), 'accepted');
    c.invite('bob', 5_000);
    network.advance(20_000);
    assert.equal(stateOf(c, 'bob'), 'timeout');
    b.connect();
    const settled = [{ callID: 'c1', round: 2, how: 'ended' as const }];
    b.feed({ type: 'transport.synced', inbox: { missed: [], settled } });
    for (const device of [a, b, c]) {
      const { state, round, device: bobs } = device.recordOf('bob') ?? {};
      assert.deepEqual([state, round, bobs], ['in', 3, b.state.self.deviceID]);
    }
    assert.equal(b.count('close-media'), 0);
  });

  it('is not invited while a device of theirs is in the call', () => {
    const { a, b } = talking();
    a.invite('bob');
    assert.deepEqual(replies(a, 9), [{ ok: true, value: false }]);
    assert.equal(b.status, 'active');
  });
});

describe('a call that a device does not know', () => {
  it('can be joined by a lost member: the members who are in describe it', () => {
    const { network, a, b, c } = talking();
    network.loseDevice(b, 'c1');
    const back = network.addDevice('bob');
    back.join();
    assert.deepEqual(replies(back, 11), [{ ok: true, value: true }]);
    for (const device of [a, c, back]) {
      assert.equal(device.status, 'active');
      assert.equal(stateOf(device, 'bob'), 'accepted');
    }
    const { callType, customData, initiator, group } = back.snapshot;
    assert.deepEqual(
      { callType, customData, initiator, group },
      { callType: 'voice', customData: 'hello', initiator: alice, group: true },
    );
    assert.equal(back.count('open-media'), 1);
  });

  it('can’t be joined if no device is in it, or none answers', () => {
    const { network, a, b, c } = talking();
    const back = network.addDevice('bob');
    for (const device of [a, b, c]) device.hangUp();
    back.join();
    assert.deepEqual(replies(back, 11), [{ ok: false, code: 'call-over' }]);
    const other = talking();
    const late = other.network.addDevice('bob');
    other.network.isPaused = true;
    late.join();
    other.network.advance(5_999);
    assert.deepEqual(replies(late, 11), []);
    other.network.advance(1);
    assert.deepEqual(replies(late, 11), [{ ok: false, code: 'call-over' }]);
    assert.equal(late.status, 'idle');
    assert.equal(late.state.calls.size, 0);
  });

  it('can’t be joined while another device of the user is in it', () => {
    const { network, b } = talking();
    const second = network.addDevice('bob');
    second.join();
    assert.deepEqual(replies(second, 11), [{ ok: false, code: 'busy' }]);
    assert.equal(b.status, 'active');
  });

  it('is not described to users who were not invited', () => {
    const { network } = talking();
    const mallory = network.addDevice('mallory');
    mallory.join();
    network.advance(6_000);
    assert.deepEqual(replies(mallory, 11), [{ ok: false, code: 'call-over' }]);
  });
});

describe('an invitation that reached no device', () => {
  it('is unreachable while it is open, then timed out, so that it can be sent again', () => {
    const { network, a } = talking();
    a.invite('dave', 5_000);
    assert.equal(stateOf(a, 'dave'), 'unreachable');
    network.advance(8_000);
    assert.equal(stateOf(a, 'dave'), 'timeout');
    const d = network.addDevice('dave');
    a.invite('dave');
    assert.equal(d.status, 'incoming');
  });
});

describe('an invitation that the server rejects', () => {
  const isWithdrawn = (invite: typeof inviteInVain) => {
    const [network, a, b, first, second] = createNetwork('alice', 'bob', 'carol', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    network.isPaused = true;
    second.press('user.accept');
    first.press('user.decline');
    const queued = network.queue.splice(0);
    const receive = (device: MachineDevice, type: Message['type']) => {
      for (const { to, message } of queued)
        if (to === device && message.type === type) to.feed({ type: 'transport.message', message });
    };
    receive(b, 'decline');
    invite(b, 'carol', () => {
      receive(a, 'accept');
      network.isPaused = false;
      network.deliver(({ to, message }) => to === b && message.type !== 'select');
    });
    assert.deepEqual(
      b
        .argsOf('onInvitationUserStateChanged')
        .flatMap(([users]) => users as { userID: string; state: string }[])
        .flatMap(({ userID, state }) => (userID === 'carol' ? [state] : [])),
      ['ringing', 'declined', 'inviting', 'declined', 'accepted'],
    );
    for (const device of [a, b, second]) assert.equal(device.status, 'active');
    assert.equal(b.argsOf('onOutgoingCallTimeout').length, 0);
    return b;
  };

  it('is withdrawn: the user whom another member has selected meanwhile is in', () => {
    isWithdrawn(inviteInVain);
  });

  it('is withdrawn if the server accepts that of another user in the same message, which stays open', () => {
    assert.equal(stateOf(isWithdrawn(inviteInVainWithDave), 'dave'), 'inviting');
  });

  it('ends as timed out at once if the user was not invited before', () => {
    const { a, b, c } = talking();
    inviteInVain(a, 'dave');
    assert.equal(stateOf(a, 'dave'), 'timeout');
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 1);
    for (const device of [a, b, c]) assert.equal(device.status, 'active');
  });

  it('does not begin again when another device of the inviter, which has heard of it, repeats it', () => {
    const { network, a } = talking();
    inviteInVain(a, 'dave');
    const other = network.addDevice('alice');
    for (const state of ['inviting', 'unreachable']) {
      const records = [{ user: 'dave', round: 1, inviter: 'alice', state }];
      const body = { type: 'state', phase: 'over', round: 1, records };
      deliverFrom(other, a, { id: state, ...body });
      assert.equal(stateOf(a, 'dave'), 'timeout');
    }
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 1);
  });
});

describe('an invitation that the server rejects, of a user whom another member has invited first', () => {
  it('gives way to the other one, also if that becomes known only then', () => {
    const { network, a, b } = talking();
    const d = network.addDevice('dave');
    a.connected = false;
    b.invite('dave');
    a.connected = true;
    inviteInVain(a, 'dave');
    assert.equal(stateOf(a, 'dave'), 'ringing');
    assert.equal(a.recordOf('dave')?.inviter, 'bob');
    d.press('user.accept');
    assert.equal(stateOf(a, 'dave'), 'accepted');
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 1);
    const accepted = a.argsOf('onOutgoingCallAccepted').map(([, user]) => user);
    assert.ok(!JSON.stringify(accepted).includes('dave'), 'Bob has invited Dave');
  });
});

describe('an invitation of a user who may be in, which the server rejects', () => {
  /** Carol has come in while Alice, who is in, was disconnected, and invites her: the server rejects that. */
  function invited() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob']);
    b.press('user.accept');
    a.disconnect();
    b.invite('carol');
    c.press('user.accept');
    assert.equal(c.status, 'active');
    inviteInVain(c, 'alice');
    assert.equal(stateOf(c, 'alice'), 'inviting');
    return { network, a, c };
  }

  it('is accepted if her device states that she is in', () => {
    const { network, a, c } = invited();
    a.connect();
    network.advance(10_000);
    assert.equal(stateOf(c, 'alice'), 'accepted');
    assert.equal(c.argsOf('onOutgoingCallTimeout').length, 0);
  });

  it('ends as timed out soon if her device does not answer', () => {
    const { network, c } = invited();
    network.advance(10_000);
    assert.equal(stateOf(c, 'alice'), 'timeout');
    assert.equal(c.argsOf('onOutgoingCallTimeout').length, 1);
  });
});

describe('a caller who left before a user came in', () => {
  it('is invited in the next round, also when the member who told so has left', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    b.send('c1', ['carol']);
    c.press('user.accept');
    // Bob does not learn of Alice's invitation, so his device does not answer hers.
    b.connected = false;
    c.invite('alice');
    b.connected = true;
    b.hangUp();
    a.press('user.accept');
    assert.equal(a.status, 'active');
    c.hangUp();
    a.invite('bob');
    const [invitation] =
      a
        .sent('invite')
        .at(-1)
        ?.records.filter(({ user }) => user === 'bob') ?? [];
    assert.deepEqual([invitation?.state, invitation?.round], ['inviting', 2]);
  });
});

describe('an invitation that is sent again after a reconnect', () => {
  it('is made known to the members again', () => {
    const { network, a, b } = talking();
    a.connected = false;
    a.invite('dave');
    a.disconnect();
    network.addDevice('dave');
    a.connect();
    assert.equal(a.sent('invite').length, 3);
    const rosters = a.sent('roster');
    assert.deepEqual(
      rosters.map(({ to, records }) => [to, records.map(({ user }) => user)]),
      Array(2).fill([['bob', 'carol'], ['dave']]),
    );
    assert.equal(stateOf(b, 'dave'), 'ringing');
    a.disconnect();
    a.connect();
    assert.equal(a.sent('roster').length, 2, 'that invitation was acknowledged');
  });
});
