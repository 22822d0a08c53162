import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/* Displayed times, while the clock of a page is changed or differs from the server's. */

interface Clocks {
  /** Sets the wall clock of the page forward or back, in ms. */
  setClock(ms: number): void;
}

/**
 * Replaces the wall clock of a page with one that the test can set. It starts ahead by the URL parameter `ahead`, in
 * ms.
 */
function movableClock(): void {
  const RealDate = Date;
  let ahead = Number(new URLSearchParams(location.search).get('ahead'));
  const now = (): number => RealDate.now() + ahead;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [number]) => (args.length ? new target(...args) : new target(now())),
    get: (target, name, receiver) =>
      name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown),
  });
  (window as unknown as Clocks).setClock = (ms) => {
    ahead += ms;
  };
}

/** Makes the monotonic clock of a page three hours late, as after system sleep. */
function hasSlept(): void {
  const real = performance.now.bind(performance);
  performance.now = () => real() - 3 * 3_600_000;
}

const HOUR = 3_600_000;

const setClock = (person: Person, ms: number): Promise<void> =>
  person.page.evaluate((value) => (window as unknown as Clocks).setClock(value), ms);

/** The displayed duration, in seconds. */
async function seconds(person: Person): Promise<number> {
  const text = await person.page.locator('ongoing-call-view [role=timer]').textContent();
  return (text ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Waits until the displayed duration increases. */
async function waitForIncrease(person: Person): Promise<void> {
  const before = await seconds(person);
  await expect.poll(() => seconds(person)).toBeGreaterThan(before + 1);
  expect(await seconds(person)).toBeLessThan(before + HOUR / 1_000);
}

test('the duration of a call keeps increasing while the wall clock is set forward and back', async ({
  open,
}) => {
  const alice = await open('alice', { prepare: movableClock });
  const bob = await open('bob');
  for (const ms of [3 * HOUR, -7 * HOUR]) {
    await alice.send(['bob'], { callType: 'voice' });
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await waitForIncrease(alice);
    await setClock(alice, ms);
    await waitForIncrease(alice);
    const startedAt = await alice.page.evaluate(() => {
      const { service } = document.querySelector('call-invitation-provider')!;
      return Date.now() - (service.$call.get().startedAt ?? 0) - (service.callDuration() ?? 0);
    });
    // A wall-clock time of that moment, which does not change.
    expect(Math.abs(startedAt - ms)).toBeLessThan(1_000);
    const before = await seconds(alice);
    await alice.press('hang-up-button');
    await alice.is('ended: hung-up');
    expect(await seconds(alice)).toBeLessThan(before + HOUR / 1_000);
    await alice.is('idle');
    await bob.is('idle');
  }
});

for (const [what, prepare, ahead] of [
  ['is two hours ahead', movableClock, 2 * HOUR],
  ['has slept for three hours @extended', hasSlept, 0],
] as const) {
  test(`a recently missed call has the correct time on a device that ${what}`, async ({ open }) => {
    const alice = await open('alice');
    // One call while the user is offline, who receives it from the server; one that the device notices itself.
    const away = await alice.send(['bob'], { timeoutSeconds: 1 });
    await alice.is('ended: unreachable');
    await alice.is('idle');
    const bob = await open('bob', { prepare, parameters: { list: '', ahead: `${ahead}` } });
    await expect.poll(async () => (await bob.missedCalls()).length).toBe(1);
    // Another caller, because calls of one person and day share a row.
    const carol = await open('carol');
    const here = await carol.send(['bob'], { timeoutSeconds: 1 });
    await expect.poll(async () => (await bob.missedCalls()).length).toBe(2);
    expect((await bob.missedCalls()).map(({ callID }) => callID)).toEqual([
      here.callID,
      away.callID,
    ]);
    const now = await bob.page.evaluate(() => Date.now());
    for (const { at } of await bob.missedCalls()) {
      expect(Math.abs(now - at)).toBeLessThan(HOUR);
    }
    const times = await bob.page.locator('missed-call-list time').allTextContents();
    expect(times).toHaveLength(2);
    for (const text of times) expect(text).toMatch(/^now$|seconds? ago$|minutes? ago$/);
  });
}
