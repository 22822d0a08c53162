import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/** The view of a group call, in the tabs of one browser. */

const tiles = (person: Person) => person.page.locator('ongoing-call-view [part~="tile"]');

test('three users in one call have a tile each, and the speaking ones are marked', async ({
  openTab,
}) => {
  const [alice, bob, carol] = [
    await openTab('alice'),
    await openTab('bob'),
    await openTab('carol'),
  ];
  await alice.send(['bob', 'carol'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  const waiting = alice.page.locator('ongoing-call-view [part~="waiting-tile"]');
  await expect(waiting).toHaveCount(1);
  await carol.is('incoming');
  await carol.press('accept-button');
  await expect(waiting).toHaveCount(0);
  for (const person of [alice, bob, carol]) {
    await expect(tiles(person)).toHaveCount(3);
    // Levels of hidden tiles are not measured. The browser's fake microphones beep once a second.
    await person.page.bringToFront();
    await expect(person.page.locator('ongoing-call-view .speaking')).toHaveCount(3);
  }
  // The camera of a voice call is off; pressing a tile enlarges it nevertheless.
  await carol.page.locator('ongoing-call-view .pin').first().click();
  await expect(tiles(carol).first()).toHaveClass(/first/);
  await carol.press('hang-up-button');
  await expect(tiles(alice)).toHaveCount(1);
  await alice.press('hang-up-button');
  for (const person of [alice, bob, carol]) await person.releasesEverything();
});

/** Counts the renders of the elements of a page from now on, and the changes of the displayed quality. */
function countRenders(person: Person) {
  return person.page.locator('ongoing-call-view').evaluateHandle((view) => {
    const count = { renders: [] as string[], qualities: 0 };
    let base = view as object;
    while (!Object.hasOwn(base, 'performUpdate')) base = Object.getPrototypeOf(base) as object;
    const element = base as { performUpdate: (this: Element) => void };
    const { performUpdate } = element;
    element.performUpdate = function () {
      count.renders.push(this.localName);
      performUpdate.call(this);
    };
    new MutationObserver(() => count.qualities++).observe(
      view.shadowRoot!.querySelector('.bars')!,
      {
        attributeFilter: ['class'],
      },
    );
    return count;
  });
}

test('nothing renders while only the time changes @extended', async ({ openTab }) => {
  const [alice, bob] = [await openTab('alice'), await openTab('bob')];
  await alice.send(['bob', 'nobody'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  const view = bob.page.locator('ongoing-call-view');
  await expect(view.locator('.bars')).toBeVisible();
  await bob.receives('frames', 1);
  const count = await countRenders(bob);
  for (let second = 0; second < 4; second++) {
    const time = await view.getByRole('timer').textContent();
    await expect(view.getByRole('timer')).not.toHaveText(time ?? '');
  }
  const { renders, qualities } = await count.jsonValue();
  expect(renders).toHaveLength(qualities);
});

test('a user is invited into a running call with the button of the page @extended', async ({
  openTab,
}) => {
  const [alice, bob, carol] = [
    await openTab('alice'),
    await openTab('bob'),
    await openTab('carol'),
  ];
  await alice.page.evaluate(() => {
    const provider = document.querySelector('call-invitation-provider')!;
    provider.config = { inCalling: { canInvitingInCalling: true } };
    const invite = document.createElement('invite-to-call-button');
    invite.slot = 'invite';
    invite.people = ['bob', { userID: 'carol', userName: 'Carol' }];
    provider.append(invite);
  });
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  const invite = alice.page.locator('invite-to-call-button');
  await invite.locator('[part~="button"]').click();
  await expect(invite.locator('input').first()).toBeDisabled();
  await invite.locator('input').nth(1).check();
  await invite.locator('.confirm').click();
  await carol.is('incoming');
  await expect(alice.page.locator('ongoing-call-view [part~="waiting-tile"]')).toHaveText(
    /Ringing/,
  );
  await alice.page.locator('ongoing-call-view .take-back').click();
  await carol.is('ended: canceled');
  await alice.press('hang-up-button');
  await bob.is('idle');
});
