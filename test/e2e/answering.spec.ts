import { Hold } from './hold.js';
import { expect, test } from './fixtures.js';
import type { Person } from './person.js';

/** How a call is answered: by voice, in silence, with a message. */

/** Number of ring tones that play in these pages. */
async function tones(pages: readonly Person[]): Promise<number> {
  const used = await Promise.all(pages.map((page) => page.inUse()));
  return used.reduce((sum, { audio }) => sum + audio, 0);
}

test('a video call is answered by voice: the camera of the callee is never opened', async ({
  open,
}) => {
  const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-voice-button');
  for (const page of [alice, bob]) await page.is('active');
  const camera = (page: Person) =>
    page.page.evaluate(() => {
      const { service } = document.querySelector('call-invitation-provider')!;
      return service.$call.get().members.map((member) => [member.userID, member.camera] as const);
    });
  await expect
    .poll(async () => new Map(await camera(alice)))
    .toEqual(
      new Map([
        ['alice', true],
        ['bob', false],
      ]),
    );
  const local = await bob.page.evaluate(
    () => document.querySelector('call-invitation-provider')!.service.$localMedia.get().camera,
  );
  expect(local).toBe('off');
  await alice.press('hang-up-button');
  for (const page of [alice, bob]) await page.is('idle');
});

test('a call that is silenced in one tab is silent in all tabs, also in one that opens later, and is declined with a message', async ({
  open,
}) => {
  const [alice, first, second] = await Promise.all([open('alice'), open('bob'), open('bob')]);
  const silenced = (page: Person) =>
    page.page.evaluate(
      () => document.querySelector('call-invitation-provider')!.service.$call.get().silenced,
    );
  await alice.send(['bob'], { callType: 'voice' });
  for (const page of [first, second]) await page.is('incoming');
  await expect.poll(() => tones([first, second])).toBe(1);
  await second.press('silence-button');
  await expect.poll(() => tones([first, second])).toBe(0);
  expect(await silenced(first)).toBe(true);
  const third = await open('bob');
  await third.is('incoming');
  await expect.poll(() => silenced(third)).toBe(true);
  expect(await tones([first, second, third])).toBe(0);

  await second.press('message-button');
  await second.press('decline-message-button');
  await alice.is('ended: declined');
  const [member] = await alice.page.evaluate(() =>
    document
      .querySelector('call-invitation-provider')!
      .service.$call.get()
      .members.filter(({ self }) => !self),
  );
  expect(member?.customData).toBe('{"message":"I’ll call you back"}');

  // The next call rings aloud again.
  for (const page of [alice, first, second, third]) await page.is('idle');
  await alice.send(['bob'], { callType: 'voice' });
  await expect.poll(() => tones([first, second, third])).toBe(1);
  await alice.press('cancel-button');
  for (const page of [alice, first, second, third]) await page.is('idle');
});

test('on a slow network, the dialogs show that the call connects, then its view does, and it can be ended all the time', async ({
  open,
}) => {
  const hold = new Hold();
  const [alice, bob] = await Promise.all([open('alice'), open('bob', { hold })]);
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  const people = [
    [alice, 'outgoing-call-dialog'],
    [bob, 'incoming-call-dialog'],
  ] as const;
  // The dialogs show it for a short time.
  const areShown = people.map(([{ page }, dialog]) =>
    page.locator(`${dialog}:has-text("Connecting…") [part~="hang-up-button"]:enabled`).waitFor(),
  );
  // Nothing about the links reaches Bob.
  hold.hold();
  await bob.press('accept-button');
  await Promise.all(areShown);
  for (const [{ page }, dialog] of people) {
    const view = page.locator('ongoing-call-view');
    await expect(view).toContainText('Connecting…');
    await expect(view.locator('[part~="hang-up-button"]')).toBeEnabled();
    await expect(page.locator(dialog)).toHaveCount(0);
  }
  hold.release();
  for (const [person] of people) {
    await person.is('active');
    await person.seesPicture();
  }
  await alice.press('hang-up-button');
  for (const [person] of people) await person.is('idle');
});
