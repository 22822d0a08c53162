import { expect, test } from './stage.js';

/** Calls between the tabs of one browser, with no server at all. */

test('rings, talks and hangs up without a server', async ({ openTab }) => {
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

test('names a user without a tab as unreachable', async ({ openTab }) => {
  const alice = await openTab('alice');
  const { unreachable } = await alice.send(['nobody'], { timeoutSeconds: 1 });
  expect(unreachable.map(({ userID }) => userID)).toEqual(['nobody']);
  await alice.is('ended: unreachable');
});

test('hears that a tab was closed', async ({ openTab }) => {
  const alice = await openTab('alice');
  const bob = await openTab('bob');
  await alice.send(['bob']);
  await bob.is('incoming');
  await alice.close();
  await expect
    .poll(() => bob.callbacks(), { timeout: 15_000 })
    .toEqual(['onIncomingCallReceived', 'onIncomingCallCanceled']);
});
