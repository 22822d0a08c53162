import { expect, test } from './fixtures.js';

/** A user who is in a call in one browser, and signed in in another one. */

// No page is reloaded here, so that devices may be reported as lost sooner.
test.use({ serverOptions: { vanishAfterMs: 2_000 } });

test('a user who is in a call in one browser is busy in another one, until the call is over or its page is gone', async ({
  open,
}) => {
  const [alice, dave, laptop, phone] = await Promise.all([
    open('alice'),
    open('dave'),
    open('bob', { beside: 'carol' }),
    open('bob'),
  ]);
  await alice.send(['bob'], { callType: 'voice' });
  for (const page of [laptop, phone]) await page.is('incoming');
  await laptop.press('accept-button');
  for (const page of [alice, laptop]) await page.is('active');
  await phone.is('idle');

  await dave.send(['bob'], { callType: 'voice' });
  await dave.is('ended: busy');
  expect(await dave.callbacks()).toContain('onOutgoingCallRejectedCauseBusy');
  expect(await phone.callbacks()).toEqual(['onIncomingCallReceived']);

  await alice.press('hang-up-button');
  for (const page of [alice, laptop, dave]) await page.is('idle');
  await dave.send(['bob'], { callType: 'voice' });
  for (const page of [laptop, phone]) await page.is('incoming');
  await phone.press('accept-button');
  for (const page of [dave, phone]) await page.is('active');
  await laptop.is('idle');
  await alice.send(['bob'], { callType: 'voice' });
  await alice.is('ended: busy');

  // The page that is in the call crashes: its user does not stay busy.
  await phone.close();
  await dave.is('idle');
  await alice.is('idle');
  await alice.send(['bob'], { callType: 'voice' });
  await laptop.is('incoming');
});
