import type { Page } from '@playwright/test';
import type { Person } from './person.js';
import { expect, test, type Open } from './fixtures.js';
import { leave, openNotified } from './missed.js';
import type { CallServerProcess } from '../support/call-server.js';

/* Missed calls, with the callee in different places: each one is in the list and in a notification, and both call
   back, until video arrives on both sides. */

const aliceUser = { userID: 'alice', userName: 'ALICE' };
const bobUser = { userID: 'bob', userName: 'BOB' };

/**
 * A page measures the difference between its clock and that of the server with an error of at most half a round trip, in ms, which is
 * long while the processor is busy.
 */
const CLOCK_ERROR_MS = 250;

/** Where the callee is during the calls. */
const places = {
  open: 'looked at',
  hidden: 'hidden behind another tab',
  offline: 'offline',
  closed: 'closed',
} as const;

/** Moves the callee there. Resolves with a function that brings them back, with their page. */
async function goAway(
  open: Open,
  bob: Person,
  place: keyof typeof places,
  server: CallServerProcess,
): Promise<() => Promise<Person>> {
  const visibility = (page: Page): Promise<string> => page.evaluate(() => document.visibilityState);
  switch (place) {
    case 'open':
      expect(await visibility(bob.page)).toBe('visible');
      return () => Promise.resolve(bob);
    case 'hidden': {
      const other = await bob.context.newPage();
      await other.goto(new URL('/blank', bob.page.url()).href);
      await expect.poll(() => visibility(bob.page)).toBe('hidden');
      return async () => {
        await other.close();
        await bob.page.bringToFront();
        return bob;
      };
    }
    case 'offline':
      await bob.context.setOffline(true);
      await expect.poll(() => bob.connection()).not.toBe('connected');
      return async () => {
        await bob.context.setOffline(false);
        await bob.connected();
        return bob;
      };
    case 'closed':
      await leave(bob, server);
      return () => openNotified(open, 'bob');
  }
}

const isThere = (place: keyof typeof places): boolean => place === 'open' || place === 'hidden';

/** Waits for audio and video on both sides; then this user hangs up. */
async function connectAndHangUp(person: Person, ...others: Person[]): Promise<void> {
  const links = others.length;
  await Promise.all([person, ...others].map((one) => one.receives('frames', links)));
  await person.press('hang-up-button');
  await person.is('idle');
}

for (const [place, where] of Object.entries(places) as [keyof typeof places, string][]) {
  // About half a minute each, so `npm run test:long` runs the places between the nearest and the farthest.
  const between = place === 'hidden' || place === 'offline';

  test(
    `one-to-one, the page ${where}: an unanswered and a cancelled call are called back by notification and by list`,
    { tag: between ? '@long' : place === 'closed' ? '@extended' : [] },
    async ({ open, server }) => {
      const alice = await open('alice');
      const away = await openNotified(open, 'bob');
      const there = isThere(place);
      const comeBack = await goAway(open, away, place, server);

      const begun = Date.now();
      const first = await alice.send(['bob'], { timeoutSeconds: 1, customData: 'about lunch' });
      if (place === 'hidden') await away.notices.are(`incoming ${first.callID}`);
      await alice.is(there ? 'ended: timeout' : 'ended: unreachable');
      const second = await alice.send(['bob'], { callType: 'voice' });
      if (there) await away.is('incoming');
      await alice.ask('cancel');
      await alice.is('ended: canceled');
      const over = Date.now();
      const bob = await comeBack();

      await bob.notices.are(`missed ${first.callID}`, `missed ${second.callID}`);
      const missed = await bob.missedCalls();
      expect(missed).toMatchObject([
        {
          callID: second.callID,
          callType: 'voice',
          customData: '',
          reason: 'canceled',
          seen: false,
        },
        { callID: first.callID, callType: 'video', customData: 'about lunch', seen: false },
      ]);
      for (const { caller, callees, at } of missed) {
        expect([caller, callees]).toEqual([aliceUser, [bobUser]]);
        expect(at).toBeGreaterThan(begun);
        // When it stopped ringing, not when the user was notified.
        expect(at).toBeLessThanOrEqual(over + CLOCK_ERROR_MS);
      }
      const names = (await bob.callbacks()).filter((name) => name !== 'onIncomingCallReceived');
      expect(names).toEqual([
        'onIncomingCallTimeout',
        there ? 'onIncomingCallCanceled' : 'onIncomingCallTimeout',
      ]);

      expect(await bob.notices.click(first.callID), 'windows').toEqual([]);
      await alice.is('incoming');
      expect(await alice.argumentsOf('onIncomingCallReceived')).toEqual([
        [expect.any(String), bobUser, 'video', [aliceUser], 'about lunch'],
      ]);
      await alice.press('accept-button');
      await connectAndHangUp(bob, alice);
      await bob.notices.are(`missed ${second.callID}`);
      await alice.is('idle');

      await bob.press('dial-back-button');
      await alice.is('incoming');
      expect((await alice.argumentsOf('onIncomingCallReceived'))[1]?.[2]).toBe('voice');
      await alice.press('accept-button');
      for (const person of [alice, bob]) await person.is('active');
      await Promise.all([alice, bob].map((person) => person.receives('sound', 1)));
      await bob.notices.are();
      expect((await bob.missedCalls()).map(({ seen }) => seen)).toEqual([true, true]);
      expect(await bob.callbacks()).not.toContain('onIncomingMissedCallDialBackFailed');
    },
  );

  test(
    `group, the page ${where}: a missed call is joined by notification and by list while it is running`,
    { tag: between || place === 'open' ? ['@long'] : [] },
    async ({ open, server }) => {
      const [alice, carol] = await Promise.all([open('alice'), open('carol')]);
      const away = await openNotified(open, 'bob');
      const comeBack = await goAway(open, away, place, server);

      const { callID } = await alice.send(['bob', 'carol'], { timeoutSeconds: 2 });
      await carol.is('incoming');
      if (place === 'hidden') await away.notices.are(`incoming ${callID}`);
      await carol.press('accept-button');
      await expect.poll(() => alice.callbacks()).toContain('onOutgoingCallTimeout');
      const bob = await comeBack();

      await bob.notices.are(`missed ${callID}`);
      expect(await bob.missedCalls()).toMatchObject([
        {
          ...{ callID, caller: aliceUser, reason: 'timeout', seen: false },
          // The name of a user whom the caller has not met may be known or not.
          callees: [{ userID: 'bob' }, { userID: 'carol' }],
        },
      ]);
      expect(await bob.argumentsOf('onIncomingCallTimeout')).toEqual([[callID, aliceUser]]);

      expect(await bob.notices.click(callID), 'windows').toEqual([]);
      await connectAndHangUp(bob, alice, carol);
      await bob.notices.are();
      await bob.press('dial-back-button');
      await connectAndHangUp(bob, alice, carol);
      expect(await bob.callbacks()).not.toContain('onIncomingMissedCallDialBackFailed');

      expect(await alice.argumentsOf('onIncomingCallReceived')).toEqual([]);
    },
  );
}

test('back online in time: the call rings for the remaining time, and is answered', async ({
  open,
}) => {
  const [alice, bob] = await Promise.all([open('alice'), openNotified(open, 'bob')]);
  await bob.context.setOffline(true);
  await expect.poll(() => bob.connection()).not.toBe('connected');
  const { callID } = await alice.send(['bob']);
  await bob.context.setOffline(false);
  await bob.is('incoming');
  await bob.press('accept-button');
  await Promise.all([alice.seesPicture(), bob.seesPicture()]);
  expect((await bob.argumentsOf('onIncomingCallReceived')).map(([id]) => id)).toEqual([callID]);
  expect(await bob.missedCalls()).toEqual([]);
});

test('a call whose page loses the network while it rings counts as missed at the time it stopped ringing @extended', async ({
  open,
}) => {
  const [alice, bob] = await Promise.all([open('alice'), openNotified(open, 'bob')]);
  const { callID } = await alice.send(['bob'], { timeoutSeconds: 2 });
  await bob.is('incoming');
  await bob.context.setOffline(true);
  await expect.poll(() => bob.connection()).not.toBe('connected');
  await alice.is('ended: timeout');
  await bob.is('idle');
  const stopped = Date.now();
  await bob.context.setOffline(false);
  await bob.connected();
  await bob.notices.are(`missed ${callID}`);
  const [missed] = await bob.missedCalls();
  expect(missed).toMatchObject({ callID, reason: 'timeout' });
  expect(missed?.at).toBeLessThanOrEqual(stopped);
  expect(await bob.argumentsOf('onIncomingCallTimeout')).toEqual([[callID, aliceUser]]);
});

test('a missed group call that has ended cannot be joined: that is reported once, and rings nobody @extended', async ({
  open,
}) => {
  const [alice, carol] = await Promise.all([open('alice'), open('carol')]);
  const bob = await openNotified(open, 'bob');
  const { callID } = await alice.send(['bob', 'carol'], { callType: 'voice' });
  for (const person of [bob, carol]) await person.is('incoming');
  await alice.ask('cancel');
  await bob.notices.are(`missed ${callID}`);
  await bob.press('dial-back-button');
  await expect.poll(() => bob.callbacks()).toContain('onIncomingMissedCallDialBackFailed');
  await bob.is('idle');
  expect(await bob.argumentsOf('onIncomingMissedCallDialBackFailed')).toEqual([[]]);
  for (const person of [alice, carol])
    expect((await person.statuses()).filter((status) => status === 'incoming')).toHaveLength(
      person === carol ? 1 : 0,
    );
});
