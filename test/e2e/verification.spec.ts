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
    await page.getByRole('button', { name: 'Verify privacy' }).click();
    shown.push((await page.locator('#verification .symbol').allTextContents()).join(' '));
  }
  expect(shown).toEqual([await emoji(alice, 'bob'), await emoji(alice, 'bob')]);
});
