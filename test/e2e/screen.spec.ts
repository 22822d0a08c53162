import type { SharedScreen } from '../../src/core/ports/screen.js';
import type { ScreenConfig } from '../../src/core/service/call-config.js';
import { expect, test, type Open } from './fixtures.js';
import type { Person } from './person.js';

/* Shared screens, with the browser's fake picker: it selects a tab, whose sound is that of the fake microphone. */

/** Opens a page that can share a tab with sound. */
const openSharer = (open: Open, userID: string): Promise<Person> =>
  open(userID, { surface: 'browser' });

async function call(caller: Person, ...callees: Person[]): Promise<void> {
  await caller.send(
    callees.map(({ userID }) => userID),
    { callType: 'voice' },
  );
  for (const callee of callees) {
    await callee.is('incoming');
    await callee.press('accept-button');
  }
  for (const person of [caller, ...callees]) await person.is('active');
  await caller.receives('sound', callees.length);
}

/** What this page knows about the screen of a member. */
const sharedBy = ({ page }: Person, userID: string): Promise<SharedScreen | undefined> =>
  page.evaluate((of) => {
    const { members } = document.querySelector('call-invitation-provider')!.service.$call.get();
    return members.find((member) => member.userID === of)?.sharedScreen;
  }, userID);

/** The level of the sound that arrives from another member, however the page plays it: 0 to 1. */
const levelFrom = ({ page }: Person, userID: string): Promise<number> =>
  page.evaluate(async (from) => {
    const { service } = document.querySelector('call-invitation-provider')!;
    const [track] = service.$remoteMedia.get().get(from)?.stream?.getAudioTracks() ?? [];
    if (!track) return -1;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 32_768;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    await context.resume();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    await context.close();
    return Math.max(...samples.map(Math.abs));
  }, userID);

const isHeard = (person: Person, userID: string) =>
  expect.poll(() => levelFrom(person, userID), { timeout: 60_000 }).toBeGreaterThan(0.02);
const isSilent = (person: Person, userID: string) =>
  expect.poll(() => levelFrom(person, userID), { timeout: 60_000 }).toBeLessThan(0.005);

const configure = ({ page }: Person, screen: ScreenConfig) =>
  page.evaluate((value) => {
    document.querySelector('call-invitation-provider')!.config = { screen: value };
  }, screen);

/** The screens that the view shows; the first one is the large one, if any is. */
const tilesOf = ({ page }: Person) =>
  page.locator('ongoing-call-view .tile[data-screen]').evaluateAll((tiles) =>
    tiles
      .map((tile) => ({
        of: (tile as HTMLElement).dataset['screen'],
        isLarge: tile.classList.contains('first'),
      }))
      .sort((a, b) => Number(b.isLarge) - Number(a.isLarge)),
  );

test('a tab is shared with its sound, which the other member hears although the microphone is muted', async ({
  open,
}) => {
  const [alice, bob] = [await openSharer(open, 'alice'), await open('bob')];
  await call(alice, bob);
  await alice.press('microphone-button');
  await expect.poll(() => bob.mutedMembers()).toEqual(['alice']);
  await isSilent(bob, 'alice');
  await alice.press('screen-button');
  await expect.poll(() => bob.screensShown()).toEqual(['alice']);
  await bob.seesPicture();
  const shared = { surface: 'browser', sound: true, paused: false };
  await expect.poll(() => sharedBy(bob, 'alice')).toEqual(shared);
  expect(await sharedBy(alice, 'alice')).toEqual(shared);
  expect(await bob.mutedMembers()).toEqual(['alice']);
  await isHeard(bob, 'alice');
  // The one who shares neither sees nor hears it again.
  const view = alice.page.locator('ongoing-call-view');
  await expect(view.locator('.notes')).toContainText('You’re sharing a browser tab · with sound');
  expect(await tilesOf(alice)).toEqual([]);
  expect(
    await alice.page.evaluate(() => {
      const { service } = document.querySelector('call-invitation-provider')!;
      return service.$localMedia
        .get()
        .screen?.getTracks()
        .map(({ kind }) => kind);
    }),
  ).toEqual(['video']);

  await alice.press('screen-button');
  await expect.poll(() => bob.screensShown()).toEqual([]);
  await isSilent(bob, 'alice');
  await alice.press('microphone-button');
  await isHeard(bob, 'alice');
  await alice.press('hang-up-button');
  await bob.is('ended: hung-up');
  await Promise.all([alice.releasesEverything(), bob.releasesEverything()]);
});

test('the sound of a whole screen is not used where the browser does not remove the call from it @extended', async ({
  open,
}) => {
  // The fake picker selects a whole screen by default, and the fake sound is not filtered.
  const [alice, bob] = [await open('alice'), await open('bob')];
  await call(alice, bob);
  await alice.press('microphone-button');
  await alice.press('screen-button');
  await bob.seesPicture();
  const shared = { surface: 'monitor', sound: false, paused: false };
  await expect.poll(() => sharedBy(bob, 'alice')).toEqual(shared);
  await isSilent(bob, 'alice');
  await alice.press('hang-up-button');
  await alice.releasesEverything();
});

test('a page can share without sound, and ask for smooth movement @extended', async ({ open }) => {
  const [alice, bob] = [await openSharer(open, 'alice'), await open('bob')];
  await configure(alice, { sound: false, contentHint: 'motion' });
  await call(alice, bob);
  await alice.press('screen-button');
  await bob.seesPicture();
  await expect.poll(() => sharedBy(bob, 'alice')).toMatchObject({ sound: false });
  const sending = (): Promise<unknown> =>
    alice.page.evaluate(() => {
      const sender = window.probe.connections.at(-1)?.getTransceivers()[2]?.sender;
      const { degradationPreference } = sender?.getParameters() as {
        degradationPreference?: string;
      };
      return [sender?.track?.contentHint, degradationPreference];
    });
  await expect.poll(sending).toEqual(['motion', 'balanced']);
  await alice.press('screen-button');
  await configure(alice, {});
  await alice.press('screen-button');
  await expect.poll(sending).toEqual(['detail', 'maintain-resolution']);
  await expect.poll(() => sharedBy(bob, 'alice')).toMatchObject({ sound: true });
  await alice.ask('hangUp');
});

test('sharing ends with the browser’s own button', async ({ open }) => {
  const [alice, bob] = [await openSharer(open, 'alice'), await open('bob')];
  await call(alice, bob);
  await alice.press('microphone-button');
  await alice.press('screen-button');
  await bob.seesPicture();
  await isHeard(bob, 'alice');
  // The button of the browser ends the tracks: both fire `ended`.
  await alice.page.evaluate(() => {
    for (const track of window.probe.screens) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
  await expect.poll(() => bob.screensShown()).toEqual([]);
  await isSilent(bob, 'alice');
  await expect(alice.page.getByRole('button', { name: 'Share screen' })).toBeVisible();
  await alice.press('screen-button');
  await expect.poll(() => bob.screensShown()).toEqual(['alice']);
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  await Promise.all([alice.releasesEverything(), bob.releasesEverything()]);
});

test('a pause stops picture and sound, and is shown at both ends @extended', async ({ open }) => {
  const [alice, bob] = [await openSharer(open, 'alice'), await open('bob')];
  await call(alice, bob);
  await alice.press('microphone-button');
  await alice.press('screen-button');
  await bob.seesPicture();
  await alice.page.getByRole('button', { name: 'Pause sharing' }).click();
  const tile = bob.page.locator('ongoing-call-view .tile[data-screen]');
  await expect(tile).toContainText('ALICE has paused the screen');
  await expect(alice.page.locator('ongoing-call-view .notes')).toContainText('Sharing is paused');
  await isSilent(bob, 'alice');
  const before = await bob.framesDecoded();
  // A second without a frame; the last picture stays.
  await levelFrom(bob, 'alice');
  expect(await bob.framesDecoded()).toBe(before);
  await expect(tile.locator('video')).toBeVisible();
  expect(
    await tile.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth),
  ).not.toBe(0);
  await alice.page.getByRole('button', { name: 'Continue sharing' }).click();
  await bob.seesPicture();
  await isHeard(bob, 'alice');
  await expect(tile).not.toContainText('paused');
  await alice.ask('hangUp');
});

test('two members of a group share at once: the newest is large, and the others are switched to @extended', async ({
  open,
}) => {
  const alice = await openSharer(open, 'alice');
  const [bob, carol] = [await open('bob'), await open('carol')];
  await call(carol, alice, bob);
  await alice.press('screen-button');
  await expect.poll(() => tilesOf(carol)).toEqual([{ of: 'alice', isLarge: true }]);
  await bob.press('screen-button');
  const both = (large: string, small: string) => [
    { of: large, isLarge: true },
    { of: small, isLarge: false },
  ];
  await expect.poll(() => tilesOf(carol)).toEqual(both('bob', 'alice'));
  // Nobody sees the own screen.
  await expect.poll(() => tilesOf(alice)).toEqual([{ of: 'bob', isLarge: true }]);
  await expect.poll(() => tilesOf(bob)).toEqual([{ of: 'alice', isLarge: true }]);
  const pin = carol.page.getByRole('button', { name: 'Enlarge ALICE is sharing their screen' });
  await pin.focus();
  await carol.page.keyboard.press('Enter');
  await expect.poll(() => tilesOf(carol)).toEqual(both('alice', 'bob'));
  await alice.press('screen-button');
  await expect.poll(() => tilesOf(carol)).toEqual([{ of: 'bob', isLarge: true }]);
  await bob.press('hang-up-button');
  await expect.poll(() => tilesOf(carol)).toEqual([]);
  await alice.press('hang-up-button');
  await carol.is('ended: everyone-left');
  await Promise.all([alice, bob, carol].map((person) => person.releasesEverything()));
});
