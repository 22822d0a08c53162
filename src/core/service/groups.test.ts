import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';

/** @returns the members of a phone's call, with their states */
const members = ({ service }: Phone): string[] =>
  service.$call.get().members.map(({ userID, state }) => `${userID} ${state}`);

const rejects = (promise: Promise<unknown>, code: CallErrorCode): Promise<void> =>
  assert.rejects(promise, (error: { code?: string }) => error.code === code);

/** Alice and Bob are in a call; Carol is connected. */
async function inACall(config: Partial<Phone['config']> = {}): Promise<{
  harness: ServiceHarness;
  alice: Phone;
  bob: Phone;
  carol: Phone;
}> {
  const harness = createServiceHarness();
  const [alice, bob, carol] = [
    harness.phone('alice'),
    harness.phone('bob'),
    harness.phone('carol'),
  ];
  for (const { config: each } of [alice, bob, carol]) {
    Object.assign(each, { inCalling: { canInvitingInCalling: true } }, config);
  }
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'c' });
  await harness.settle();
  await bob.service.accept();
  await harness.settle();
  return { harness, alice, bob, carol };
}

test('a member invites a user into the ongoing call, and only that member gets the callbacks of the answer', async () => {
  const { harness, alice, bob, carol } = await inACall();
  assert.equal(await bob.service.invite({ invitees: ['carol'] }), true);
  await harness.settle();
  assert.equal(carol.status(), 'incoming');
  assert.equal(carol.service.$call.get().inviter?.userID, 'bob');
  assert.deepEqual(members(alice), ['alice accepted', 'bob accepted', 'carol ringing']);
  assert.equal(await bob.service.invite({ invitees: ['carol'] }), false);
  await carol.service.accept();
  await harness.settle();
  for (const phone of [alice, bob, carol]) assert.equal(phone.status(), 'active');
  assert.deepEqual(members(carol).toSorted(), ['alice accepted', 'bob accepted', 'carol accepted']);
  assert.equal(bob.callbackNames().filter((name) => name === 'onOutgoingCallAccepted').length, 1);
  assert.equal(alice.callbackNames().filter((name) => name === 'onOutgoingCallAccepted').length, 1);
});

test('a member who may not invite sends no message', async () => {
  const { harness, alice, bob, carol } = await inACall({
    inCalling: { canInvitingInCalling: true, onlyInitiatorCanInvite: true },
  });
  harness.log.length = 0;
  await rejects(bob.service.invite({ invitees: ['carol'] }), 'not-allowed');
  alice.config.inCalling = { canInvitingInCalling: false };
  await rejects(alice.service.invite({ invitees: ['carol'] }), 'not-allowed');
  alice.config.inCalling = { canInvitingInCalling: true };
  alice.config.maxMembers = 2;
  await rejects(alice.service.invite({ invitees: ['carol'] }), 'too-many-members');
  await rejects(alice.service.invite({ invitees: [] }), 'invalid-argument');
  await rejects(alice.service.invite({ invitees: ['alice'] }), 'invalid-argument');
  carol.config.inCalling = { canInvitingInCalling: true };
  await rejects(carol.service.invite({ invitees: ['bob'] }), 'call-over');
  await harness.settle();
  assert.deepEqual(harness.log, []);
  alice.config.maxMembers = 3;
  assert.equal(await alice.service.invite({ invitees: ['carol'] }), true);
});

test('an open invitation can be cancelled, and the call goes on', async () => {
  const { harness, alice, bob, carol } = await inACall();
  await alice.service.invite({ invitees: ['carol'] });
  await harness.settle();
  assert.equal(await bob.service.cancelInvitee('carol'), false);
  for (const wrong of [[], 'carol', [''], [{}]] as never[])
    await assert.rejects(alice.service.cancel({ callees: wrong }), { code: 'invalid-argument' });
  assert.equal(await alice.service.cancelInvitee('carol'), true);
  await harness.settle();
  assert.deepEqual(carol.callbackNames(), ['onIncomingCallReceived', 'onIncomingCallCanceled']);
  assert.deepEqual([alice.status(), bob.status()], ['active', 'active']);
  assert.equal(await alice.service.cancelInvitee('carol'), false);
});

test('the invitations of several users are cancelled with one command, with custom data', async () => {
  const harness = createServiceHarness();
  const [alice, bob, carol, dave] = ['alice', 'bob', 'carol', 'dave'].map((user) =>
    harness.phone(user),
  ) as [Phone, Phone, Phone, Phone];
  await harness.settle();
  await alice.service.send({ invitees: ['bob', 'carol', 'dave'], callType: 'voice', callID: 'c' });
  await harness.settle();
  const customData = 'another time';
  assert.equal(await alice.service.cancel({ callees: ['bob', 'carol'], customData }), true);
  await harness.settle();
  for (const phone of [bob, carol]) {
    assert.equal(phone.status(), 'ended: canceled');
    const canceled = phone.callbacks.find(([name]) => name === 'onIncomingCallCanceled');
    assert.equal(canceled?.at(-1), customData);
  }
  assert.deepEqual([alice.status(), dave.status()], ['ringing-out', 'incoming']);
  assert.equal(await alice.service.cancel({ callees: ['bob'] }), false);
  // The last open invitation: the whole call is cancelled.
  assert.equal(await alice.service.cancel({ callees: ['dave'] }), true);
  await harness.settle();
  for (const phone of [alice, dave]) assert.equal(phone.status(), 'ended: canceled');
  assert.equal(await alice.service.cancel({ callees: ['dave'] }), false);
});

test('a user who declined can join during the call, and no device rings for it', async () => {
  const { harness, alice, bob, carol } = await inACall();
  await alice.service.invite({ invitees: ['carol'] });
  await harness.settle();
  await carol.service.decline();
  await harness.clock.advance(3_000);
  assert.equal(await carol.service.join('c'), true);
  await harness.settle();
  for (const phone of [alice, bob, carol]) assert.equal(phone.status(), 'active');
  await alice.service.hangUp();
  await bob.service.hangUp();
  await harness.clock.advance(3_000);
  // No member is left to admit her.
  await rejects(carol.service.join('c'), 'call-over');
  await harness.clock.advance(2_000);
  assert.equal(carol.status(), 'idle');
  await rejects(carol.service.join('unknown'), 'call-over');
});

test('a page that does not know the call can join it', async () => {
  const { harness, alice, bob } = await inACall();
  await alice.service.invite({ invitees: ['carol'] });
  await harness.clock.advance(3_000);
  const again = harness.phone('carol');
  await harness.settle();
  assert.equal(await again.service.join('c'), true);
  await harness.settle();
  for (const phone of [alice, bob, again]) assert.equal(phone.status(), 'active');
  assert.deepEqual(again.callbackNames(), []);
});

test('a user who has left is invited again by a member who joined later', async () => {
  const { harness, alice, bob, carol } = await inACall();
  await alice.service.invite({ invitees: ['carol'] });
  await harness.settle();
  await bob.service.hangUp();
  await harness.settle();
  await carol.service.accept();
  await harness.clock.advance(3_000);
  assert.equal(await carol.service.invite({ invitees: ['bob'] }), true);
  await harness.settle();
  assert.equal(bob.status(), 'incoming');
  await bob.service.accept();
  await harness.settle();
  assert.deepEqual(members(bob).toSorted(), ['alice accepted', 'bob accepted', 'carol accepted']);
});

for (const [who, other] of [
  ['alice', 'bob'],
  ['bob', 'alice'],
] as const) {
  test(`a page that is reloaded in a call returns to it: ${who}'s`, async () => {
    const { harness, ...phones } = await inACall();
    const [away, there] = [phones[who], phones[other]];
    const resume = away.service.saved();
    assert.ok(resume);
    // As JSON, as it is stored.
    const kept = JSON.parse(JSON.stringify(resume)) as typeof resume;
    harness.network.disconnect(away.transport);
    await harness.clock.advance(1_000);
    const before = there.callbackNames().length;
    const back = harness.phone(who, { start: false });
    back.start({ resume: kept });
    await harness.settle();
    assert.equal(back.status(), 'active');
    assert.equal(there.status(), 'active');
    assert.deepEqual(back.callbackNames(), []);
    assert.equal(there.callbackNames().length, before);
    assert.equal(back.service.$call.get().callID, 'c');
    await harness.clock.advance(60_000);
    assert.equal(there.status(), 'active');
    await back.service.hangUp();
    await harness.settle();
    assert.equal(there.status(), 'ended: hung-up');
  });
}

test('a reloaded page returns to a member whose connection was lost meanwhile', async () => {
  const { harness, alice, bob } = await inACall();
  const resume = bob.service.saved();
  assert.ok(resume);
  harness.network.disconnect(bob.transport);
  harness.network.disconnect(alice.transport);
  const back = harness.phone('bob', { start: false });
  back.start({ resume });
  await harness.clock.advance(3_000);
  assert.equal(back.status(), 'connecting');
  harness.network.reconnect(alice.transport);
  await harness.settle();
  assert.deepEqual([alice.status(), back.status()], ['active', 'active']);
});

test('a reloaded page shows the end reason if the call has ended', async () => {
  const { harness, alice, bob } = await inACall();
  const resume = bob.service.saved();
  assert.ok(resume);
  harness.network.disconnect(bob.transport);
  await alice.service.hangUp();
  const back = harness.phone('bob', { start: false });
  back.start({ resume });
  await harness.settle();
  assert.equal(back.status(), 'ended: hung-up');
  assert.deepEqual(back.callbackNames(), []);
});

test('a call that is not ongoing is not saved', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  harness.phone('bob');
  assert.equal(alice.service.saved(), undefined);
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'c' });
  await harness.settle();
  assert.equal(alice.service.saved(), undefined);
});
