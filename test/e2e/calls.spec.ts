import { Hold } from './hold.js';
import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/* One-to-one calls between two browser processes through a real server: all callbacks with their arguments and
   order, and the video. */

test.use({ separateProcesses: true });

let alice: Person;
let bob: Person;
let carol: Person;

const aliceUser = { userID: 'alice', userName: 'ALICE' };
const bobUser = { userID: 'bob', userName: 'BOB' };

test.beforeEach(async ({ open }) => {
  [alice, bob, carol] = await Promise.all([open('alice'), open('bob'), open('carol')]);
});

test.afterEach(async () => {
  expect(await carol.log(), 'an uninvolved user receives nothing').toEqual([]);
});

test('an accepted call has audio and video both ways, and none of the callee before accept @core', async () => {
  const { callID, unreachable } = await alice.send(['bob'], { customData: 'about lunch' });
  expect(unreachable).toEqual([]);
  await bob.is('incoming');
  await alice.is('ringing-out');
  expect(await bob.argumentsOf('onIncomingCallReceived')).toEqual([
    [callID, aliceUser, 'video', [bobUser], 'about lunch'],
  ]);
  expect(await bob.inUse()).toMatchObject({ tracks: 0, connections: 0 });
  expect(await bob.page.evaluate(() => window.probe.connections.length)).toBe(0);
  expect(await bob.page.evaluate(() => window.probe.candidates.count)).toBe(0);

  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await alice.seesPicture();
  await bob.seesPicture();
  await expect.poll(() => alice.soundReceived()).toBeGreaterThan(0);
  await expect.poll(() => bob.soundReceived()).toBeGreaterThan(0);

  const pressed = (await bob.log()).find((c) => c.name === 'onIncomingCallAcceptButtonPressed');
  expect(pressed?.args).toEqual([]);
  expect(pressed?.connections, 'no connection when the callback fires').toBe(0);
  expect(await alice.argumentsOf('onOutgoingCallAccepted')).toEqual([[callID, bobUser]]);
  expect(await alice.callbacks()).toEqual(['onOutgoingCallAccepted']);
  expect(await bob.callbacks()).toEqual([
    'onIncomingCallReceived',
    'onIncomingCallAcceptButtonPressed',
  ]);
  expect(await alice.statesOfOthers()).toEqual(['bob inviting', 'bob ringing', 'bob accepted']);
  expect(await bob.statesOfOthers()).toEqual([]);
  for (const person of [alice, bob])
    for (const configuration of await person.page.evaluate(() => window.probe.configurations))
      expect(configuration).toMatchObject({ iceServers: [] });

  await alice.press('hang-up-button');
  await bob.is('ended: hung-up');
  await alice.releasesEverything();
  await bob.releasesEverything();
  await bob.is('idle');
  expect(await bob.statesOfOthers()).toEqual(['alice left']);
  expect(await alice.page.evaluate(() => window.probe.events)).toEqual([
    'invitation-user-state-changed',
    'invitation-user-state-changed',
    'outgoing-call-accepted',
    'invitation-user-state-changed',
  ]);
});

test('a voice call opens no camera, and the callee can hang up', async () => {
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await expect.poll(() => alice.soundReceived()).toBeGreaterThan(0);
  const kinds = await alice.page.evaluate(() => window.probe.tracks.map(({ kind }) => kind));
  expect(kinds).toEqual(['audio']);
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  await alice.releasesEverything();
  await bob.releasesEverything();
});

test('a declined call ends on both sides @core', async () => {
  const { callID } = await alice.send(['bob']);
  await bob.is('incoming');
  await bob.press('decline-button');
  await alice.is('ended: declined');
  await bob.is('ended: declined');
  expect(await alice.argumentsOf('onOutgoingCallDeclined')).toEqual([[callID, bobUser, '']]);
  expect(await alice.callbacks()).toEqual(['onOutgoingCallDeclined']);
  expect(await bob.callbacks()).toEqual([
    'onIncomingCallReceived',
    'onIncomingCallDeclineButtonPressed',
  ]);
  expect(await bob.page.evaluate(() => window.probe.connections.length)).toBe(0);
  await alice.releasesEverything();
  await bob.releasesEverything();
});

test('a cancelled call ends on both sides @core', async () => {
  const { callID } = await alice.send(['bob']);
  await bob.is('incoming');
  await alice.press('cancel-button');
  await alice.is('ended: canceled');
  await bob.is('ended: canceled');
  expect(await bob.argumentsOf('onIncomingCallCanceled')).toEqual([[callID, aliceUser, '']]);
  expect(await alice.callbacks()).toEqual(['onOutgoingCallCancelButtonPressed']);
  expect(await bob.callbacks()).toEqual(['onIncomingCallReceived', 'onIncomingCallCanceled']);
  await alice.releasesEverything();
  await bob.releasesEverything();
});

test('an unanswered call times out on both sides', async () => {
  const { callID } = await alice.send(['bob'], { timeoutSeconds: 1 });
  await expect.poll(() => alice.callbacks()).toEqual(['onOutgoingCallTimeout']);
  expect(await alice.argumentsOf('onOutgoingCallTimeout')).toEqual([[callID, [bobUser], true]]);
  await expect
    .poll(() => bob.callbacks(), { timeout: 60_000 })
    .toEqual(['onIncomingCallReceived', 'onIncomingCallTimeout']);
  expect(await bob.argumentsOf('onIncomingCallTimeout')).toEqual([[callID, aliceUser]]);
  expect([await alice.endings(), await bob.endings()]).toEqual([['timeout'], ['timeout']]);
  await alice.releasesEverything();
  await bob.releasesEverything();
});

test('a call to a busy user is rejected', async ({ open }) => {
  const dave = await open('dave');
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await bob.is('active');
  const { callID } = await dave.send(['bob']);
  await dave.is('ended: busy');
  expect(await dave.argumentsOf('onOutgoingCallRejectedCauseBusy')).toEqual([
    [callID, bobUser, ''],
  ]);
  expect((await bob.callbacks()).filter((name) => name === 'onIncomingCallReceived')).toHaveLength(
    1,
  );
  await bob.is('active');
});

test('an offline user is reported as unreachable, and receives nothing', async () => {
  const { unreachable } = await alice.send(['nobody'], { timeoutSeconds: 1 });
  expect(unreachable.map(({ userID }) => userID)).toEqual(['nobody']);
  await alice.is('ended: unreachable');
  expect(await alice.callbacks()).toEqual(['onOutgoingCallTimeout']);
});

test('two simultaneous calls become one, both users see it accepted, and no incoming callback fires', async ({
  open,
}) => {
  // Neither has received the other's call when they place their own.
  await bob.close();
  const hold = new Hold();
  bob = await open('bob', { hold });
  hold.hold();
  await alice.send(['bob']);
  const sent = bob.send(['alice']);
  await expect.poll(() => bob.status()).toBe('calling');
  hold.release();
  await sent;
  await alice.is('active');
  await bob.is('active');
  const [fromAlice, fromBob] = [
    await alice.argumentsOf('onOutgoingCallAccepted'),
    await bob.argumentsOf('onOutgoingCallAccepted'),
  ];
  expect(fromAlice).toHaveLength(1);
  expect(fromBob).toHaveLength(1);
  expect(fromAlice[0]?.[0]).toBe(fromBob[0]?.[0]);
  expect([...(await alice.callbacks()), ...(await bob.callbacks())]).toEqual([
    'onOutgoingCallAccepted',
    'onOutgoingCallAccepted',
  ]);
  await alice.seesPicture();
  await bob.seesPicture();
});
