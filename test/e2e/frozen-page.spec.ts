import { expect, test } from './fixtures.js';
import type { Person } from './person.js';
import { playsSound, recordPlayers } from './players.js';

/* Browsers freeze hidden pages to save power, and pause their players (page life cycle). Nothing but the page starts
   the players again. */

/** Counts the pauses of all players, also of those that are not in the document. Runs in the page. */
function countPauses(): void {
  const counts = { pauses: 0, freezes: 0 };
  Object.assign(window, { counts });
  const count = (): void => {
    counts.pauses += 1;
  };
  const { play } = HTMLMediaElement.prototype;
  const seen = new WeakSet<HTMLMediaElement>();
  HTMLMediaElement.prototype.play = function () {
    if (!seen.has(this)) this.addEventListener('pause', count);
    seen.add(this);
    return play.call(this);
  };
  document.addEventListener('freeze', () => (counts.freezes += 1));
}
const countsOf = ({ page }: Person): Promise<{ pauses: number; freezes: number }> =>
  page.evaluate(() => (window as never as { counts: { pauses: number; freezes: number } }).counts);

/** Hides the page behind another tab, freezes it, and shows it again. */
async function freeze(person: Person): Promise<void> {
  const other = await person.context.newPage();
  await other.bringToFront();
  const session = await person.context.newCDPSession(person.page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await session.detach();
  await person.page.bringToFront();
  await other.close();
  await expect.poll(() => countsOf(person)).toMatchObject({ freezes: 1 });
}

/** Half a second of silence. */
function silence(): string {
  const bytes = Buffer.alloc(44 + 4_000, 128);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8_000, 24);
  bytes.writeUInt32LE(8_000, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(4_000, 40);
  return `data:audio/wav;base64,${bytes.toString('base64')}`;
}

test('a page that was frozen in a call comes back with sound and pictures', async ({ open }) => {
  const prepare = [countPauses, recordPlayers];
  const [alice, bob] = [await open('alice'), await open('bob', { desktop: true, prepare })];
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await bob.is('active');
  await expect.poll(() => playsSound(bob.page)).toBe(true);
  const videos = bob.page.locator('ongoing-call-view video');
  await expect(videos).toHaveCount(2);
  const paused = (): Promise<boolean[]> =>
    videos.evaluateAll((all) => all.map((video) => (video as HTMLVideoElement).paused));
  await expect.poll(paused).toEqual([false, false]);

  const before = await countsOf(bob);
  await freeze(bob);
  await expect.poll(async () => (await countsOf(bob)).pauses).toBeGreaterThan(before.pauses);
  await expect.poll(() => playsSound(bob.page)).toBe(true);
  await expect.poll(paused).toEqual([false, false]);
  await bob.seesPicture();
  await alice.ask('hangUp');
  await bob.is('ended: hung-up');
});

test('a ringtone of the page rings again after the page was frozen', async ({ open }) => {
  const prepare = [countPauses, recordPlayers];
  const config = JSON.stringify({ ringtone: { incoming: silence() } });
  const [alice, bob] = [
    await open('alice'),
    await open('bob', { desktop: true, prepare, parameters: { config } }),
  ];
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  const rings = (): Promise<boolean> =>
    bob.page.evaluate(() =>
      (window as never as { players: HTMLAudioElement[] }).players.some(
        ({ loop, paused, currentTime }) => loop && !paused && currentTime > 0,
      ),
    );
  await expect.poll(rings).toBe(true);
  await freeze(bob);
  await expect.poll(async () => (await countsOf(bob)).pauses).toBe(1);
  await expect.poll(rings).toBe(true);
  await alice.ask('cancel');
  await bob.is('ended: canceled');
  await expect.poll(rings).toBe(false);
});
