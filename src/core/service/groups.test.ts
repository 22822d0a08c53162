import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';

/** Members of the call at a phone, and their states. */
const members = ({ service }: Phone): string[] =>
  service.$call.get().members.map(({ userID, state }) => `${userID} ${state}`);

const rejects = (promise: Promise<unknown>, code: CallErrorCode): Promise<void> =>
  assert.rejects(promise, (error: { code?: string }) => error.code === code);

/** Alice and Bob are in a call; Carol is there. */
async function inACall(config: Partial<Phone['config']> = {}): Promise<{
  stage: ServiceHarness;
  alice: Phone;
  bob: Phone;
  carol: Phone;
}> {
  const stage = createServiceHarness();
  const [alice, bob, carol] = [stage.phone('alice'), stage.phone('bob'), stage.phone('carol')];
  for (const { config: each } of [alice, bob, carol]) {
    Object.assign(each, { inCalling: { canInvitingInCalling: true } }, config);
  }
  await stage.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'c' });
  await stage.settle();
  await bob.service.accept();
  await stage.settle();
  return { stage, alice, bob, carol };
}

test('a member invites somebody into the running call, and hears of it alone', async () => {
  const { stage, alice, bob, carol } = await inACall();
  assert.equal(await bob.service.invite({ invitees: ['carol'] }), true);
  await stage.settle();
  assert.equal(carol.status(), 'incoming');
  assert.equal(carol.service.$call.get().inviter?.userID, 'bob');
  assert.deepEqual(members(alice), ['alice accepted', 'bob accepted', 'carol ringing']);
  assert.equal(await bob.service.invite({ invitees: ['carol'] }), false);
  await carol.service.accept();
  await stage.settle();
  for (const phone of [alice, bob, carol]) assert.equal(phone.status(), 'active');
  assert.deepEqual(members(carol).toSorted(), ['alice accepted', 'bob accepted', 'carol accepted']);
  assert.equal(bob.callbackNames().filter((name) => name === 'onOutgoingCallAccepted').length, 1);
  assert.equal(alice.callbackNames().filter((name) => name === 'onOutgoingCallAccepted').length, 1);
});

test('who may not invite sends nothing', async () => {
  const { stage, alice, bob, carol } = await inACall({
    inCalling: { canInvitingInCalling: true, onlyInitiatorCanInvite: true },
  });
  stage.log.length = 0;
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
  await stage.settle();
  assert.deepEqual(stage.log, []);
  alice.config.maxMembers = 3;
  assert.equal(await alice.service.invite({ invitees: ['carol'] }), true);
});

test('an open invitation is taken back, and the call goes on', async () => {
  const { stage, alice, bob, carol } = await inACall();
  await alice.service.invite({ invitees: ['carol'] });
  await stage.settle();
  assert.equal(await bob.service.cancelInvitee('carol'), false);
  assert.equal(await alice.service.cancelInvitee('carol'), true);
  await stage.settle();
  assert.deepEqual(carol.callbackNames(), ['onIncomingCallReceived', 'onIncomingCallCanceled']);
  assert.deepEqual([alice.status(), bob.status()], ['active', 'active']);
  assert.equal(await alice.service.cancelInvitee('carol'), false);
});

test('who declined may join while the call runs, and nobody rings for it', async () => {
  const { stage, alice, bob, carol } = await inACall();
  await alice.service.invite({ invitees: ['carol'] });
  await stage.settle();
  await carol.service.decline();
  await stage.clock.advance(3_000);
  assert.equal(await carol.service.join('c'), true);
  await stage.settle();
  for (const phone of [alice, bob, carol]) assert.equal(phone.status(), 'active');
  await alice.service.hangUp();
  await bob.service.hangUp();
  await stage.clock.advance(3_000);
  // Nobody is there to let her in.
  await rejects(carol.service.join('c'), 'call-over');
  await stage.clock.advance(2_000);
  assert.equal(carol.status(), 'idle');
  await rejects(carol.service.join('unknown'), 'call-over');
});

test('a page that knows nothing of the call joins it', async () => {
  const { stage, alice, bob } = await inACall();
  await alice.service.invite({ invitees: ['carol'] });
  await stage.clock.advance(3_000);
  const again = stage.phone('carol');
  await stage.settle();
  assert.equal(await again.service.join('c'), true);
  await stage.settle();
  for (const phone of [alice, bob, again]) assert.equal(phone.status(), 'active');
  assert.deepEqual(again.callbackNames(), []);
});

test('who has left is invited again by somebody who came later', async () => {
  const { stage, alice, bob, carol } = await inACall();
  await alice.service.invite({ invitees: ['carol'] });
  await stage.settle();
  await bob.service.hangUp();
  await stage.settle();
  await carol.service.accept();
  await stage.clock.advance(3_000);
  assert.equal(await carol.service.invite({ invitees: ['bob'] }), true);
  await stage.settle();
  assert.equal(bob.status(), 'incoming');
  await bob.service.accept();
  await stage.settle();
  assert.deepEqual(members(bob).toSorted(), ['alice accepted', 'bob accepted', 'carol accepted']);
});

for (const [who, other] of [
  ['alice', 'bob'],
  ['bob', 'alice'],
] as const) {
  test(`a page that was reloaded in a call comes back into it: ${who}'s`, async () => {
    const { stage, ...phones } = await inACall();
    const [away, there] = [phones[who], phones[other]];
    const resume = away.service.saved();
    assert.ok(resume);
    // As JSON, as storage keeps it.
    const kept = JSON.parse(JSON.stringify(resume)) as typeof resume;
    stage.network.disconnect(away.transport);
    await stage.clock.advance(1_000);
    const before = there.callbackNames().length;
    const back = stage.phone(who, { start: false });
    back.start({ resume: kept });
    await stage.settle();
    assert.equal(back.status(), 'active');
    assert.equal(there.status(), 'active');
    assert.deepEqual(back.callbackNames(), []);
    assert.equal(there.callbackNames().length, before);
    assert.equal(back.service.$call.get().callID, 'c');
    await stage.clock.advance(60_000);
    assert.equal(there.status(), 'active');
    await back.service.hangUp();
    await stage.settle();
    assert.equal(there.status(), 'ended: hung-up');
  });
}

test('a page that was reloaded comes back also to one whose connection was lost meanwhile', async () => {
  const { stage, alice, bob } = await inACall();
  const resume = bob.service.saved();
  assert.ok(resume);
  stage.network.disconnect(bob.transport);
  stage.network.disconnect(alice.transport);
  const back = stage.phone('bob', { start: false });
  back.start({ resume });
  await stage.clock.advance(3_000);
  assert.equal(back.status(), 'connecting');
  stage.network.reconnect(alice.transport);
  await stage.settle();
  assert.deepEqual([alice.status(), back.status()], ['active', 'active']);
});

test('a page that comes back into a call that is over shows how it ended', async () => {
  const { stage, alice, bob } = await inACall();
  const resume = bob.service.saved();
  assert.ok(resume);
  stage.network.disconnect(bob.transport);
  await alice.service.hangUp();
  const back = stage.phone('bob', { start: false });
  back.start({ resume });
  await stage.settle();
  assert.equal(back.status(), 'ended: hung-up');
  assert.deepEqual(back.callbackNames(), []);
});

test('nothing is kept of a call that is not running', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  stage.phone('bob');
  assert.equal(alice.service.saved(), undefined);
  await stage.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'c' });
  await stage.settle();
  assert.equal(alice.service.saved(), undefined);
});
