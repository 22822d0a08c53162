import { expect, test } from './fixtures.js';

/** Do-not-disturb and blocked people, of a user with two browsers, over a reload. */
test('a blocked person hears ringing, but no browser of the user rings, also after a reload; unblocked, it rings', async ({
  open,
}) => {
  const [alice, laptop, phone] = await Promise.all([
    open('alice'),
    open('bob', { beside: 'carol' }),
    open('bob'),
  ]);
  const blocked = () =>
    phone.page.evaluate(() =>
      document.querySelector('call-invitation-provider')!.service.$blocked.get(),
    );
  await laptop.page.evaluate(() =>
    document.querySelector('call-invitation-provider')!.service.block('alice'),
  );
  await expect.poll(blocked).toEqual([{ userID: 'alice', userName: 'alice' }]);
  await phone.page.reload();
  await expect.poll(blocked).toEqual([{ userID: 'alice', userName: 'alice' }]);

  await alice.send(['bob'], { callType: 'voice', timeoutSeconds: 5 });
  await alice.is('ringing-out');
  expect([await laptop.status(), await phone.status()]).toEqual(['idle', 'idle']);
  await alice.is('ended: timeout');
  expect(await laptop.missedCalls()).toEqual([]);

  await phone.page.evaluate(() =>
    document.querySelector('call-invitation-provider')!.service.unblock('alice'),
  );
  await alice.is('idle');
  await alice.send(['bob'], { callType: 'voice' });
  for (const page of [laptop, phone]) await page.is('incoming');
});

test('without a server, the browser keeps do-not-disturb for its pages @extended', async ({
  openTab,
}) => {
  const alice = await openTab('alice');
  const bob = await openTab('bob');
  const state = () =>
    bob.page.evaluate(() =>
      document.querySelector('call-invitation-provider')!.service.$doNotDisturb.get(),
    );
  await bob.page.evaluate(() =>
    document.querySelector('call-invitation-provider')!.service.setDoNotDisturb(true),
  );
  await expect.poll(state).toBe(true);
  await bob.page.reload();
  await expect.poll(state).toBe(true);
  await alice.send(['bob'], { callType: 'voice' });
  await alice.is('ringing-out');
  expect(await bob.status()).toBe('idle');
});
