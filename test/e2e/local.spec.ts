import { expect, test } from './fixtures.js';

/** Calls between the tabs of one browser, without a server. */

test('a call is placed, connected and hung up without a server @core', async ({ openTab }) => {
  const alice = await openTab('alice');
  const bob = await openTab('bob');
  const { unreachable } = await alice.send(['bob']);
  expect(unreachable).toEqual([]);
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await alice.seesPicture();
  await bob.seesPicture();
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  await alice.releasesEverything();
  await bob.releasesEverything();
});

test('a user without a tab is reported as unreachable', async ({ openTab }) => {
  const alice = await openTab('alice');
  const { unreachable } = await alice.send(['nobody'], { timeoutSeconds: 1 });
  expect(unreachable.map(({ userID }) => userID)).toEqual(['nobody']);
  await alice.is('ended: unreachable');
});

test('a closed tab ends the call @extended', async ({ openTab }) => {
  const alice = await openTab('alice');
  const bob = await openTab('bob');
  await alice.send(['bob']);
  await bob.is('incoming');
  await alice.close();
  await expect
    .poll(() => bob.callbacks(), { timeout: 60_000 })
    .toEqual(['onIncomingCallReceived', 'onIncomingCallCanceled']);
});
