import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';

const onHold = (phone: Phone): readonly string[] =>
  phone.service.$heldCalls.get().map(({ callID }) => callID);
const inCall = (phone: Phone): string => {
  const { callID, members } = phone.service.$call.get();
  const there = members.filter(({ state }) => state === 'accepted').map(({ userID }) => userID);
  return [callID, ...there.sort()].join(' ');
};

interface People {
  readonly alice: Phone;
  readonly bob: Phone;
  readonly carol: Phone;
  readonly heard: Record<string, unknown[][]>;
}

/** Alice, Bob and Carol; Alice talks to Bob in `one`. */
async function talking(harness: ServiceHarness): Promise<People> {
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((user) => harness.phone(user)) as [
    Phone,
    Phone,
    Phone,
  ];
  const heard: Record<string, unknown[][]> = {};
  for (const [name, { service }] of Object.entries({ alice, bob, carol }))
    for (const callback of [
      'onCallTransferStarted',
      'onCallTransferred',
      'onCallTransferFailed',
      'onCallReplaced',
      'onIncomingCallReceived',
    ] as const)
      service.listen(callback, (...args) => (heard[`${name} ${callback}`] ??= []).push(args));
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'one' });
  await harness.settle();
  await bob.service.accept();
  await harness.settle();
  await harness.clock.advance(3_000);
  return { alice, bob, carol, heard };
}

/** As `talking`; Alice has put `one` on hold, and talks to Carol in `two`. */
async function consulting(harness: ServiceHarness): Promise<People> {
  const people = await talking(harness);
  const { alice, carol } = people;
  await alice.service.hold();
  await alice.service.send({ invitees: ['carol'], callType: 'voice', callID: 'two' });
  await harness.settle();
  await carol.service.accept();
  await harness.settle();
  await harness.clock.advance(3_000);
  return people;
}

test('two calls are merged: the user on hold comes into the running call without ringing', async () => {
  const harness = createServiceHarness();
  const { alice, bob, carol, heard } = await consulting(harness);
  assert.equal(await alice.service.merge(), true);
  await harness.settle();
  for (const phone of [alice, bob, carol]) {
    assert.equal(inCall(phone), 'two alice bob carol');
    assert.equal(phone.status(), 'active');
    assert.deepEqual(onHold(phone), []);
  }
  assert.equal(heard['bob onIncomingCallReceived']?.length, 1, 'only the first call rang');
  assert.deepEqual(heard['bob onCallReplaced'], [
    ['two', 'one', { userID: 'alice', userName: 'Alice' }],
  ]);
  assert.equal(await alice.service.merge(), false, 'no call is on hold');
});

test('a call is transferred to another user: that user comes in, and this one leaves', async () => {
  const harness = createServiceHarness();
  const { alice, bob, carol, heard } = await talking(harness);
  assert.equal(await alice.service.transfer('carol', { reason: 'She knows.' }), true);
  await harness.settle();
  assert.equal(carol.status(), 'incoming');
  const [by, to] = [
    { userID: 'alice', userName: 'Alice' },
    { userID: 'carol', userName: 'carol' },
  ];
  assert.deepEqual(heard['bob onCallTransferStarted'], [['one', by, to, 'She knows.']]);
  // The name is known once her device has answered.
  assert.deepEqual(bob.service.$call.get().transfer, {
    by,
    to: { ...to, userName: 'Carol' },
    reason: 'She knows.',
    failed: false,
  });
  assert.equal(await alice.service.transfer('dora'), false, 'one transfer at a time');
  await carol.service.accept();
  await harness.settle();
  assert.equal(inCall(bob), 'one alice bob carol');
  await harness.clock.advance(2_000);
  await harness.settle();
  assert.equal(alice.status(), 'ended: hung-up');
  assert.deepEqual(
    heard['alice onCallTransferred']?.map(([callID]) => callID),
    ['one'],
  );
  for (const phone of [bob, carol]) assert.equal(inCall(phone), 'one bob carol');
  assert.equal(bob.service.$call.get().transfer, undefined);
});

test('a transfer that fails leaves the call as it was', async () => {
  const harness = createServiceHarness();
  const { alice, bob, carol, heard } = await talking(harness);
  await alice.service.transfer('carol');
  await harness.settle();
  await carol.service.decline();
  await harness.settle();
  for (const phone of [alice, bob]) {
    assert.equal(inCall(phone), 'one alice bob');
    assert.equal(phone.service.$call.get().transfer?.failed, true);
  }
  assert.deepEqual(
    heard['alice onCallTransferFailed']?.map(([callID]) => callID),
    ['one'],
  );
  assert.deepEqual(
    heard['bob onCallTransferFailed']?.map(([callID]) => callID),
    ['one'],
  );
  await harness.clock.advance(8_000);
  await harness.settle();
  assert.equal(alice.status(), 'active');
  for (const phone of [alice, bob]) assert.equal(phone.service.$call.get().transfer, undefined);
  assert.equal(await alice.service.transfer('carol'), true, 'it can be tried again');
});

test('after a talk, the user on hold takes the place of the one who transfers', async () => {
  const harness = createServiceHarness();
  const { alice, bob, carol, heard } = await consulting(harness);
  assert.equal(await alice.service.transfer('bob', { reason: 'as we said' }), true);
  await harness.settle();
  assert.equal(inCall(bob), 'two alice bob carol');
  assert.equal(heard['bob onCallTransferStarted']?.[0]?.[3], 'as we said');
  assert.equal(heard['carol onCallTransferStarted']?.[0]?.[3], 'as we said');
  await harness.clock.advance(2_000);
  await harness.settle();
  assert.equal(alice.status(), 'ended: hung-up');
  for (const phone of [bob, carol]) {
    assert.equal(inCall(phone), 'two bob carol');
    assert.equal(phone.service.$call.get().transfer, undefined);
  }
});

test('when the other user leaves, the invitation of a transfer is cancelled', async () => {
  const harness = createServiceHarness();
  const { alice, bob, carol } = await talking(harness);
  await alice.service.transfer('carol');
  await harness.settle();
  await bob.service.hangUp();
  await harness.settle();
  assert.deepEqual([alice.status(), carol.status()], ['ended: everyone-left', 'ended: canceled']);
});

test('a call is not replaced for anybody but the one other user, nor while it is on hold', async () => {
  const harness = createServiceHarness();
  const { alice, bob, heard } = await consulting(harness);
  await bob.service.hold();
  await alice.service.merge();
  await harness.settle();
  assert.equal(heard['bob onCallReplaced'], undefined);
  assert.equal(inCall(bob), 'one alice bob');
  assert.deepEqual(onHold(alice), ['one'], 'the call is still on hold');
  assert.equal(inCall(alice), 'two alice carol');
});

test('a transfer is refused with a clear error', async () => {
  const harness = createServiceHarness();
  const { alice, bob } = await talking(harness);
  await assert.rejects(alice.service.transfer('alice'), { code: 'invalid-argument' });
  await assert.rejects(alice.service.transfer('carol', { reason: 'x'.repeat(2_000) }), {
    code: 'invalid-argument',
    message: /reason/,
  });
  assert.equal(await alice.service.transfer('bob'), false);
  assert.equal(await bob.service.merge(), false);
});

test('a call that ends with its initiator is not transferred by the initiator', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  alice.config.endCallWhenInitiatorLeave = true;
  const bob = harness.phone('bob');
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  await bob.service.accept();
  await harness.settle();
  await assert.rejects(alice.service.transfer('carol'), { code: 'not-allowed' });
});
