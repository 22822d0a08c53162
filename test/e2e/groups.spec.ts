import { Hold } from './hold.js';
import { expect, test } from './fixtures.js';

/* Group calls with a browser context for each user, and pages that are reloaded during a call. */

const carolUser = { userID: 'carol', userName: 'CAROL' };

test('four users in one call receive video on every link, and all leave at the same time', async ({
  open,
}) => {
  test.setTimeout(240_000);
  const names = ['alice', 'bob', 'carol', 'dave'];
  const all = await Promise.all(names.map((name) => open(name)));
  const [alice, bob, carol, dave] = all;
  if (!alice || !bob || !carol || !dave) throw new Error('four people');
  await alice.send(['bob', 'carol', 'dave']);
  await Promise.all([bob, carol, dave].map((person) => person.is('incoming')));
  // Two at the same time, and a third one later.
  await Promise.all([bob.press('accept-button'), carol.press('accept-button')]);
  await Promise.all([alice, bob, carol].map((person) => person.receives('frames', 2)));
  await dave.press('accept-button');
  await Promise.all(all.map((person) => person.receives('frames', 3)));
  for (const person of all) {
    expect(await person.members()).toEqual(names.map((name) => `${name} accepted`));
    expect((await person.inUse()).connections).toBe(3);
  }
  expect(await alice.argumentsOf('onOutgoingCallAccepted')).toHaveLength(3);
  expect(await bob.statesOfOthers()).toContain('dave accepted');
  await Promise.all(all.map((person) => person.ask('hangUp')));
  await Promise.all(all.map((person) => person.releasesEverything()));
  await Promise.all(all.map((person) => person.is('idle')));
  for (const person of all) expect(await person.endings()).toHaveLength(1);
});

test('a user is invited into a running call, if the rules allow it and the maximum is not reached', async ({
  open,
}) => {
  const [alice, bob, carol] = await Promise.all([open('alice'), open('bob'), open('carol')]);
  const crowd = ['carol', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9'];
  // Nine users, including the caller.
  const tooMany = { invitees: ['bob', ...crowd], callType: 'video' };
  expect(await alice.ask('send', tooMany)).toBe('too-many-members');
  expect(await alice.statuses()).toEqual(['idle']);
  await alice.send(['bob']);
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  expect(await bob.ask('invite', { invitees: ['carol'] })).toBe('not-allowed');
  await bob.configure({ inCalling: { canInvitingInCalling: true } });
  expect(await bob.ask('invite', { invitees: crowd })).toBe('too-many-members');
  expect(await bob.members()).toEqual(['alice accepted', 'bob accepted']);
  expect(await bob.ask('invite', { invitees: ['carol'] })).toBe(true);
  await carol.is('incoming');
  await carol.press('accept-button');
  await Promise.all([alice, bob, carol].map((person) => person.receives('frames', 2)));
  expect(await bob.argumentsOf('onOutgoingCallAccepted')).toHaveLength(1);
  expect(await carol.members()).toEqual(['alice accepted', 'bob accepted', 'carol accepted']);
  // The rejected invitations were sent to nobody: each user received one call.
  expect(await bob.argumentsOf('onIncomingCallReceived')).toHaveLength(1);
  expect(await carol.argumentsOf('onIncomingCallReceived')).toEqual([
    [expect.any(String), { userID: 'bob', userName: 'BOB' }, 'video', [carolUser], ''],
  ]);
});

test('two members invite the same user at the same time: it rings once, and they join once @extended', async ({
  open,
}) => {
  const holds = { alice: new Hold(), bob: new Hold() };
  const [alice, bob, carol] = await Promise.all([
    open('alice', { hold: holds.alice }),
    open('bob', { hold: holds.bob }),
    open('carol'),
  ]);
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.press('accept-button');
  const inviters = [alice, bob];
  for (const person of inviters) {
    await person.is('active');
    await person.configure({ inCalling: { canInvitingInCalling: true } });
  }
  // Neither has received the other's invitation when they send their own.
  for (const hold of Object.values(holds)) hold.hold();
  const invited = inviters.map((person) => person.ask('invite', { invitees: ['carol'] }));
  for (const person of inviters)
    await expect.poll(() => person.members()).toContain('carol inviting');
  await carol.is('incoming');
  for (const hold of Object.values(holds)) hold.release();
  expect(await Promise.all(invited)).toEqual([true, true]);
  await carol.press('accept-button');
  await Promise.all([alice, bob, carol].map((person) => person.receives('sound', 2)));
  for (const person of [alice, bob, carol]) {
    expect(await person.members()).toEqual(['alice accepted', 'bob accepted', 'carol accepted']);
    expect((await person.inUse()).connections).toBe(2);
    expect(await person.argumentsOf('onError')).toEqual([]);
  }
  expect(await carol.callbacks()).toEqual([
    'onIncomingCallReceived',
    'onIncomingCallAcceptButtonPressed',
  ]);
  for (const person of inviters)
    expect((await person.argumentsOf('onOutgoingCallAccepted')).length).toBeLessThanOrEqual(
      person === alice ? 2 : 1,
    );
});

for (const who of ['caller', 'callee'] as const) {
  const tag = who === 'caller' ? ' @extended' : '';
  test(`a page that is reloaded in a call returns to it: the ${who}'s${tag}`, async ({ open }) => {
    const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
    const { callID } = await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await bob.is('active');
    const [away, other] = who === 'caller' ? [alice, bob] : [bob, alice];
    await away.page.reload();
    await away.is('active', 20_000);
    await other.is('active', 20_000);
    await away.receives('frames', 1);
    await other.receives('frames', 1);
    expect(
      await away.page.evaluate(
        () => document.querySelector('call-invitation-provider')?.service.$call.get().callID,
      ),
    ).toBe(callID);
    // Nothing rang, and no member was reported as left.
    expect(await away.callbacks()).not.toContain('onIncomingCallReceived');
    expect(await other.endings()).toEqual([]);
    const accepted = await alice.argumentsOf('onOutgoingCallAccepted');
    expect(accepted).toHaveLength(who === 'caller' ? 0 : 1);
    // Later, the server reports the old device as lost, which changes nothing.
    await expect.poll(() => other.status(), { timeout: 1_000 }).toBe('active');
    await away.press('hang-up-button');
    await other.is('ended: hung-up');
  });
}
