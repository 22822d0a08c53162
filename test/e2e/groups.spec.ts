import { Hold } from './hold.js';
import { expect, test } from './stage.js';

/*
 * Calls of more than two, each in a browser process of their own, and pages that are reloaded in a call.
 */

const carolUser = { userID: 'carol', userName: 'CAROL' };

test('four in one call: pictures on every link, and everybody leaves at once', async ({ open }) => {
  test.setTimeout(240_000);
  const names = ['alice', 'bob', 'carol', 'dave'];
  const all = await Promise.all(names.map((name) => open(name)));
  const [alice, bob, carol, dave] = all;
  if (!alice || !bob || !carol || !dave) throw new Error('four people');
  await alice.send(['bob', 'carol', 'dave']);
  await Promise.all([bob, carol, dave].map((person) => person.is('incoming')));
  // Two at once, and one who comes later.
  await Promise.all([bob.press('accept-button'), carol.press('accept-button')]);
  await Promise.all([alice, bob, carol].map((person) => person.receives('frames', 2)));
  await dave.press('accept-button');
  await Promise.all(all.map((person) => person.receives('frames', 3)));
  for (const person of all) {
    expect(await person.members()).toEqual(names.map((name) => `${name} accepted`));
    expect((await person.inUse()).connections).toBe(3);
  }
  expect(await alice.argumentsOf('onOutgoingCallAccepted')).toHaveLength(3);
  expect(await bob.heardStates()).toContain('dave accepted');
  await Promise.all(all.map((person) => person.ask('hangUp')));
  await Promise.all(all.map((person) => person.releasesEverything()));
  await Promise.all(all.map((person) => person.is('idle')));
  for (const person of all) expect(await person.endings()).toHaveLength(1);
});

test('somebody is invited into a running call, by whom it allows and while there is room', async ({
  open,
}) => {
  const [alice, bob, carol] = await Promise.all([open('alice'), open('bob'), open('carol')]);
  const crowd = ['carol', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9'];
  // Nine people, the caller included.
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
  // What was too much went out to nobody: one call reached each of them.
  expect(await bob.argumentsOf('onIncomingCallReceived')).toHaveLength(1);
  expect(await carol.argumentsOf('onIncomingCallReceived')).toEqual([
    [expect.any(String), { userID: 'bob', userName: 'BOB' }, 'video', [carolUser], ''],
  ]);
});

test('two members invite the same person at once: it rings once, and is in once', async ({
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
  // Neither has heard of the other's invitation when it sends its own.
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
  test(`a page that is reloaded in a call comes back into it: the ${who}'s`, async ({ open }) => {
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
    // Nobody rang, and nobody was taken to have left.
    expect(await away.callbacks()).not.toContain('onIncomingCallReceived');
    expect(await other.endings()).toEqual([]);
    const accepted = await alice.argumentsOf('onOutgoingCallAccepted');
    expect(accepted).toHaveLength(who === 'caller' ? 0 : 1);
    // The device that it was is spoken for later: that changes nothing.
    await expect.poll(() => other.status(), { timeout: 1_000 }).toBe('active');
    await away.press('hang-up-button');
    await other.is('ended: hung-up');
  });
}
