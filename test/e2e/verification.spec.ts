import type { Verification } from '../../src/core/ports/media.js';
import { expect, test } from './fixtures.js';
import type { Person } from './person.js';

const verification = (person: Person, userID: string): Promise<Verification | undefined> =>
  person.page.evaluate(
    (id) => document.querySelector('call-invitation-provider')?.service.verification(id),
    userID,
  );

/** The emoji, or the state of the verification. */
async function emoji(person: Person, userID: string): Promise<string> {
  const { state, emoji: seven } = (await verification(person, userID)) ?? { state: 'none' };
  return state === 'ready' ? (seven ?? []).map(({ symbol }) => symbol).join(' ') : state;
}

/** Replaces the fingerprints, as a server does that wants to end both connections itself. */
const swapFingerprints = (message: string): string =>
  message.replace(/(a=fingerprint:sha-256 )[\dA-F:]+/g, `$1${Array(32).fill('AB').join(':')}`);

test('both users of a call see the same seven emoji', async ({ open }) => {
  const [alice, bob] = [await open('alice'), await open('bob')];
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.ask('accept');
  for (const person of [alice, bob]) await person.is('active');
  await expect.poll(() => emoji(alice, 'bob')).toMatch(/^(\S+ ){6}\S+$/);
  await expect.poll(async () => emoji(bob, 'alice')).toBe(await emoji(alice, 'bob'));

  const shown: string[] = [];
  for (const { page } of [alice, bob]) {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Verify privacy' }).click();
    shown.push((await page.locator('#verification .symbol').allTextContents()).join(' '));
  }
  expect(shown).toEqual([await emoji(alice, 'bob'), await emoji(alice, 'bob')]);
});

test('in a group, each pair of members sees emoji of its own @extended', async ({ open }) => {
  const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')];
  await alice.send(['bob', 'carol'], { callType: 'voice' });
  for (const person of [bob, carol]) {
    await person.is('incoming');
    await person.ask('accept');
  }
  const shown = new Set<string>();
  for (const [one, other] of [
    [alice, bob],
    [alice, carol],
    [bob, carol],
  ] as const) {
    await expect.poll(() => emoji(one, other.userID)).toMatch(/^(\S+ ){6}\S+$/);
    const seen = await emoji(one, other.userID);
    await expect.poll(() => emoji(other, one.userID)).toBe(seen);
    shown.add(seen);
  }
  expect(shown.size).toBe(3);
});

test('a call whose server replaces the fingerprints ends as media-failed, and both users read why', async ({
  open,
}) => {
  const alice = await open('alice', { alter: swapFingerprints });
  const bob = await open('bob', { alter: swapFingerprints });
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  const told = [alice, bob].map(({ page }) =>
    expect(page.getByText('its encryption keys do not match').first()).toBeVisible(),
  );
  await bob.ask('accept');
  await Promise.all(told);
  for (const person of [alice, bob]) await person.is('ended: media-failed');
});

test('a call with a page that cannot take part is connected, and is not shown as verified @extended', async ({
  open,
}) => {
  const alice = await open('alice');
  const bob = await open('bob', {
    // As an older build: it generates no certificates, and does not answer.
    prepare: () => {
      RTCPeerConnection.generateCertificate = () => Promise.reject(new Error('not supported'));
    },
  });
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.ask('accept');
  for (const person of [alice, bob]) await person.is('active');
  await expect.poll(() => emoji(bob, 'alice')).toBe('unavailable');
  await expect.poll(() => emoji(alice, 'bob')).toBe('unavailable');
  await alice.press('more-button');
  await alice.press('verify-button');
  await expect(alice.page.getByText('This connection cannot be verified.').first()).toBeVisible();
});
