import { accept, hangUp, miss, openNotified } from './missed.js';
import { expect, test } from './fixtures.js';

/* A user with two browsers: actions on one device apply to the other. Also, pages without storage. */

test('a missed call that is seen or dismissed on one device is so on the other, also if that was offline', async ({
  open,
}) => {
  const alice = await open('alice');
  const bob = await openNotified(open, 'bob');
  const other = await openNotified(open, 'bob', { beside: 'carol' });
  const devices = [bob, other];
  const [first = '', second = '', third = ''] = await miss(alice, devices, 3);
  const all = [first, second, third].map((callID) => `missed ${callID}`);
  for (const device of devices) await device.notices.are(...all);
  const records = async (device = other): Promise<string[]> =>
    (await device.missedCalls()).map(({ callID, seen }) => `${callID} ${seen ? 'seen' : 'new'}`);

  expect(await bob.notices.click(first)).toEqual([]);
  await accept(bob, alice);
  await hangUp(bob, alice);
  for (const device of devices) {
    await expect
      .poll(() => records(device))
      .toEqual([`${third} new`, `${second} new`, `${first} seen`]);
    await device.notices.are(`missed ${second}`, `missed ${third}`);
  }

  expect(await bob.ask('dismissMissedCall', third)).toBe(true);
  for (const device of devices) {
    await expect.poll(() => records(device)).toEqual([`${second} new`, `${first} seen`]);
    await device.notices.are(`missed ${second}`);
  }

  await other.close();
  expect(await bob.ask('dismissMissedCalls')).toBe(true);
  await expect.poll(() => records(bob)).toEqual([]);
  const back = await openNotified(open, 'bob', { beside: 'carol' });
  await expect.poll(() => records(back)).toEqual([]);
  await back.notices.are();

  // A device that has not received the call before does not get it later.
  await back.close();
  const [fourth = ''] = await miss(alice, [bob]);
  expect(await bob.ask('dismissMissedCall', fourth)).toBe(true);
  const late = await openNotified(open, 'bob', { beside: 'carol' });
  const [fifth = ''] = await miss(alice, [bob, late]);
  expect(await records(late)).toEqual([`${fifth} new`]);
  expect(await late.callbacks()).not.toContain('onIncomingCallTimeout');
});

test('missed calls and their seen state survive closing the page @extended', async ({ open }) => {
  const [alice, carol] = [await open('alice'), await open('carol')];
  const bob = await openNotified(open, 'bob');
  const [other = ''] = await miss(carol, [bob]);
  const [first = '', second = ''] = await miss(alice, [bob], 2, { callType: 'voice' });
  const before = await bob.missedCalls();
  expect(before.map(({ callID }) => callID)).toEqual([second, first, other]);
  await bob.page.reload();
  await expect.poll(() => bob.missedCalls()).toEqual(before);
  await bob.press('dial-back-button');
  await accept(bob, alice);
  await hangUp(bob, alice);
  await bob.page.reload();
  await expect
    .poll(async () => (await bob.missedCalls()).map(({ callID, seen }) => [callID, seen]))
    .toEqual([
      // Both are in the row that was called back.
      [second, true],
      [first, true],
      [other, false],
    ]);
  expect(await bob.callbacks()).toEqual([]);
});

test('without storage, calls work, and missed calls are kept until the page closes @extended', async ({
  open,
}) => {
  const alice = await open('alice');
  const bob = await openNotified(open, 'bob', {
    prepare: () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('Storage is refused.', 'SecurityError');
      };
    },
  });
  const [callID = ''] = await miss(alice, [bob]);
  await bob.notices.are(`missed ${callID}`);
  expect(await bob.notices.click(callID)).toEqual([]);
  await accept(bob, alice);
  await Promise.all([alice.seesPicture(), bob.seesPicture()]);
  await hangUp(alice, bob);
  expect(await bob.missedCalls()).toMatchObject([{ callID, seen: true }]);
  await bob.press('dismiss-button');
  await expect.poll(() => bob.missedCalls()).toEqual([]);
  expect(await bob.argumentsOf('onError')).toEqual([]);
});
