import type { Person } from './person.js';
import { expect, test, type Open } from './fixtures.js';

/* What a call changes at its page, outside of the elements: title, icon, Media Session, wake lock, vibration, and the
   confirmation before the page is closed. */

/** Counts screen wake locks that are held. Runs in the page. */
function recordWakeLocks(): void {
  const held = new Set<WakeLockSentinel>();
  Object.assign(window, { wakeLocks: held });
  const { request } = WakeLock.prototype;
  WakeLock.prototype.request = async function (type) {
    const sentinel = await request.call(this, type);
    held.add(sentinel);
    sentinel.addEventListener('release', () => held.delete(sentinel));
    return sentinel;
  };
}
const wakeLocksOf = ({ page }: Person): Promise<number> =>
  page.evaluate(() => (window as never as { wakeLocks: Set<unknown> }).wakeLocks.size);

/** Records the patterns of vibration. Runs in the page. */
function recordVibration(): void {
  const patterns: unknown[] = [];
  Object.assign(window, { patterns });
  navigator.vibrate = (pattern) => patterns.push(pattern) > 0;
}
const vibrationOf = ({ page }: Person): Promise<unknown[]> =>
  page.evaluate(() => (window as never as { patterns: unknown[] }).patterns);

const iconsOf = ({ page }: Person): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel~=icon]')].map(({ href }) => href),
  );
const sessionOf = ({ page }: Person): Promise<string | undefined> =>
  page.evaluate(() => navigator.mediaSession.metadata?.title);
const head = ({ page }: Person): Promise<string> => page.evaluate(() => document.head.innerHTML);

async function ringing(open: Open, config = {}): Promise<[Person, Person]> {
  const prepare = [recordWakeLocks, recordVibration];
  const parameters = { config: JSON.stringify({ page: config }) };
  const [alice, bob] = [await open('alice'), await open('bob', { prepare, parameters })];
  // A user who has interacted with the page: browsers require it for vibration, and before they ask about closing.
  await bob.page.locator('#notes').click();
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  return [alice, bob];
}

test('a call marks the title and the icon, and restores them exactly', async ({ open }) => {
  const [alice, bob] = await ringing(open);
  await expect.poll(() => bob.page.title()).toBe('🔔 ALICE is calling – A page');
  const [bell] = await iconsOf(bob);
  expect(bell).toMatch(/^data:image\/svg\+xml,/);
  await bob.press('accept-button');
  await bob.is('active');
  await expect.poll(() => bob.page.title()).toBe('📞 A page');
  const icons = await iconsOf(bob);
  expect(icons).toEqual([expect.not.stringMatching(bell ?? '')]);
  await bob.page.evaluate(() => {
    document.title = 'Another title';
  });
  await expect.poll(() => bob.page.title()).toBe('📞 Another title');
  await alice.ask('hangUp');
  await bob.is('ended: hung-up');
  await expect.poll(() => bob.page.title()).toBe('Another title');
  expect(await iconsOf(bob)).toEqual([]);
  expect(await head(bob)).toContain('<title>Another title</title>');
});

test('a ringing call vibrates, and a video call keeps the screen on until it ends', async ({
  open,
}) => {
  const [alice, bob] = await ringing(open);
  await bob.context.grantPermissions(['screen-wake-lock']);
  await expect.poll(async () => (await vibrationOf(bob)).length).toBeGreaterThan(0);
  expect(await wakeLocksOf(bob)).toBe(0);
  await bob.press('accept-button');
  await bob.is('active');
  await expect.poll(async () => (await vibrationOf(bob)).at(-1)).toEqual([]);
  await expect.poll(() => wakeLocksOf(bob)).toBe(1);
  await alice.ask('hangUp');
  await bob.is('ended: hung-up');
  await expect.poll(() => wakeLocksOf(bob)).toBe(0);
});

test('the media controls of the system show the call, until it ends', async ({ open }) => {
  const [alice, bob] = await ringing(open);
  expect(await sessionOf(bob)).toBeUndefined();
  await bob.press('accept-button');
  await bob.is('active');
  await expect.poll(() => sessionOf(bob)).toBe('ALICE');
  await alice.ask('hangUp');
  await bob.is('ended: hung-up');
  await expect.poll(() => sessionOf(bob)).toBeUndefined();
});

test('the browser asks before the page is closed in a call, and only then', async ({ open }) => {
  const [, bob] = await ringing(open);
  const asked: string[] = [];
  bob.page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await bob.press('accept-button');
  await bob.is('active');
  await expect.poll(() => bob.page.title()).toBe('📞 A page');
  await bob.page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['beforeunload']);
  expect(await bob.status()).toBe('active');
  await bob.ask('hangUp');
  await bob.is('ended: hung-up');
  const closed = bob.page.waitForEvent('close');
  await bob.page.close({ runBeforeUnload: true });
  await closed;
  expect(asked).toEqual(['beforeunload']);
});

test('the configuration switches each of these off @extended', async ({ open }) => {
  const [alice, bob] = await ringing(open, {
    ...{ markTitle: false, markIcon: false, vibrate: false },
    ...{ wakeLock: false, mediaSession: false, confirmClose: false },
  });
  const before = await head(bob);
  await bob.press('accept-button');
  await bob.is('active');
  await bob.seesPicture();
  expect(await head(bob)).toBe(before);
  expect(await bob.page.title()).toBe('A page');
  expect(await vibrationOf(bob)).toEqual([]);
  expect(await wakeLocksOf(bob)).toBe(0);
  expect(await sessionOf(bob)).toBeUndefined();
  await alice.ask('hangUp');
  await bob.is('ended: hung-up');
});
