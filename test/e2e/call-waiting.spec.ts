import { expect, test } from './fixtures.js';
import type { Open } from './fixtures.js';
import type { Person } from './person.js';

/** Second calls and calls on hold, with three browsers. */

const waiting = (page: Person): Promise<string | undefined> =>
  page.page.evaluate(
    () =>
      document.querySelector('call-invitation-provider')!.service.$waitingCall.get()?.inviter
        ?.userID,
  );

/** Who has put the call on hold, as this page shows it: other members, or `self`. */
const holders = (page: Person): Promise<string[]> =>
  page.page.evaluate(() => {
    const call = document.querySelector('call-invitation-provider')!.service.$call.get();
    const others = call.members.filter(({ onHold }) => onHold).map(({ userID }) => userID);
    return [...others, ...(call.onHold ? ['self'] : [])];
  });

/** Packets of sound and picture that this page sends and receives on its oldest link within one second. */
const packets = (page: Person): Promise<number> =>
  page.page.evaluate(async () => {
    const count = async (): Promise<number> => {
      let sum = 0;
      const report = await window.probe.connections[0]!.getStats();
      report.forEach((entry: Record<string, unknown>) => {
        // Others count the packets of ICE, RTCP and the data channel as well.
        if (entry['type'] !== 'outbound-rtp' && entry['type'] !== 'inbound-rtp') return;
        sum += Number(entry['packetsSent'] ?? 0) + Number(entry['packetsReceived'] ?? 0);
      });
      return sum;
    };
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return (await count()) - before;
  });

/** Alice talks to Bob, who has call waiting, and Carol calls Bob. */
async function second(
  open: Open,
  before: (bob: Person) => Promise<void> = async () => {},
): Promise<readonly [alice: Person, bob: Person, carol: Person]> {
  const [alice, bob, carol] = await Promise.all([open('alice'), open('bob'), open('carol')]);
  await bob.configure({ callWaiting: true });
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  for (const page of [alice, bob]) await page.is('active');
  await alice.receives('sound', 1);
  await before(bob);
  await carol.send(['bob'], { callType: 'voice' });
  await expect.poll(() => waiting(bob)).toBe('carol');
  return [alice, bob, carol];
}

test('a second call ends full screen, so that its card is visible and works @extended', async ({
  open,
}) => {
  const isFull = ({ page }: Person): Promise<boolean> =>
    page.evaluate(() => document.fullscreenElement !== null);
  const [, bob, carol] = await second(open, async (person) => {
    await person.page
      .locator('ongoing-call-view')
      .getByRole('button', { name: 'Full screen', exact: true })
      .click();
    await expect.poll(() => isFull(person)).toBe(true);
  });
  await expect.poll(() => isFull(bob)).toBe(false);
  await bob.page.locator('waiting-call-card [part~=hold-and-accept-button]').click();
  await carol.is('active');
  await bob.ask('hangUp');
});

test('a second call is answered with the first one on hold, which costs nothing and comes back', async ({
  open,
}) => {
  const [alice, bob, carol] = await second(open);
  await bob.press('hold-and-accept-button');
  await carol.is('active');
  await carol.receives('sound', 1);
  await expect.poll(() => holders(alice)).toEqual(['bob']);
  await expect.poll(() => packets(alice), { timeout: 30_000 }).toBe(0);
  // Bob exchanges the calls, and ends the one with Alice.
  await bob.press('resume-button');
  await expect.poll(() => holders(alice)).toEqual([]);
  await expect.poll(() => holders(carol)).toEqual(['bob']);
  await alice.receives('sound', 1);
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  await expect.poll(() => holders(carol)).toEqual([]);
  await carol.receives('sound', 1);
  // Bob puts the call on hold and continues it.
  await bob.press('more-button');
  await bob.press('hold-button');
  await expect.poll(() => holders(bob)).toEqual(['self']);
  await expect.poll(() => holders(carol)).toEqual(['bob']);
  await bob.press('resume-button');
  await carol.receives('sound', 1);
  await carol.press('hang-up-button');
  for (const page of [alice, bob, carol]) {
    await page.is('idle');
    await page.releasesEverything();
  }
});

test('a second call is answered and the first one ends @extended', async ({ open }) => {
  const [alice, bob, carol] = await second(open);
  await bob.press('end-and-accept-button');
  await alice.is('ended: hung-up');
  for (const page of [bob, carol]) await page.is('active');
  await carol.receives('sound', 1);
  await bob.press('hang-up-button');
  for (const page of [alice, bob, carol]) {
    await page.is('idle');
    await page.releasesEverything();
  }
});

/** As `second`; Bob has put the call with Alice on hold, and talks to Carol. */
async function consulting(
  open: Open,
): Promise<readonly [alice: Person, bob: Person, carol: Person]> {
  const people = await second(open);
  const [alice, bob, carol] = people;
  await bob.press('hold-and-accept-button');
  await carol.is('active');
  await carol.receives('sound', 1);
  await expect.poll(() => holders(alice)).toEqual(['bob']);
  return people;
}

/** A note in the call view; screen readers are told the same by another element. */
const note = ({ page }: Person, text: string) =>
  page.locator('ongoing-call-view .note', { hasText: text });

/** Records the notes that the call view shows from now on, because some are shown only for a moment. */
const recordNotes = ({ page }: Person): Promise<void> =>
  page.locator('ongoing-call-view').evaluate(({ shadowRoot }) => {
    const notes = new Set<string>();
    Object.assign(window, { notes });
    if (!shadowRoot) throw new Error('The view has not been rendered.');
    new MutationObserver(() => {
      for (const { textContent } of shadowRoot.querySelectorAll('.note')) notes.add(textContent);
    }).observe(shadowRoot, { subtree: true, childList: true, characterData: true });
  });

const recordedNotes = ({ page }: Person): Promise<string> =>
  page.evaluate(() => [...(window as unknown as { notes: Set<string> }).notes].join('\n'));

const transferOf = (page: Person): Promise<unknown> =>
  page.page.evaluate(
    () => document.querySelector('call-invitation-provider')!.service.$call.get().transfer,
  );

test('two calls are merged, and a microphone that was muted stays muted @extended', async ({
  open,
}) => {
  const [alice, bob, carol] = await consulting(open);
  await alice.page.evaluate(() =>
    document.querySelector('call-invitation-provider')!.service.setMicrophone(false),
  );
  await bob.press('merge-button');
  const everybody = ['alice accepted', 'bob accepted', 'carol accepted'];
  for (const page of [alice, bob, carol])
    await expect.poll(() => page.members(), { timeout: 30_000 }).toEqual(everybody);
  await alice.receives('sound', 2);
  for (const page of [bob, carol]) {
    await page.receives('sound', 1);
    await expect.poll(() => page.mutedMembers()).toEqual(['alice']);
  }
  // Her camera was on, and still is.
  for (const page of [bob, carol]) await page.receives('frames', 1);
  for (const page of [alice, bob, carol]) expect(await holders(page)).toEqual([]);
  expect(await alice.argumentsOf('onIncomingCallReceived')).toEqual([]);
  for (const page of [alice, bob, carol]) await page.ask('hangUp');
  for (const page of [alice, bob, carol]) {
    await page.is('idle');
    await page.releasesEverything();
  }
});

test('a call is transferred after a talk: the others go on without the one who connected them', async ({
  open,
}) => {
  const [alice, bob, carol] = await consulting(open);
  for (const page of [alice, carol]) await recordNotes(page);
  await bob.press('transfer-button');
  for (const page of [alice, carol])
    await expect.poll(() => recordedNotes(page)).toContain('BOB is connecting you with');
  await bob.is('idle');
  await bob.releasesEverything();
  for (const page of [alice, carol]) {
    await expect.poll(() => page.members()).toContain('bob left');
    await page.receives('sound', 1);
    expect(await transferOf(page)).toBeUndefined();
  }
  await carol.press('hang-up-button');
  for (const page of [alice, carol]) {
    await page.is('idle');
    await page.releasesEverything();
  }
});

test('a call is transferred to somebody who rings first; one who declines leaves it as it was @extended', async ({
  open,
}) => {
  const [alice, bob, carol] = await Promise.all([open('alice'), open('bob'), open('carol')]);
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.press('accept-button');
  for (const page of [alice, bob]) await page.is('active');
  const transfer = (): Promise<boolean> =>
    alice.page.evaluate(() =>
      document
        .querySelector('call-invitation-provider')!
        .service.transfer('carol', { reason: 'Carol knows about invoices.' }),
    );
  expect(await transfer()).toBe(true);
  await carol.is('incoming');
  await expect(note(bob, 'Carol knows about invoices.')).toBeVisible();
  await carol.press('decline-button');
  for (const page of [alice, bob])
    await expect(note(page, 'The call couldn’t be transferred to')).toBeVisible();
  await bob.receives('sound', 1);

  expect(await transfer()).toBe(true);
  await carol.is('incoming');
  await carol.press('accept-button');
  await alice.is('idle');
  for (const page of [bob, carol]) await page.receives('sound', 1);
  await alice.releasesEverything();
});
