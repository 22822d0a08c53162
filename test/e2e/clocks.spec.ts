import type { Person } from './person.js';
import { expect, test } from './stage.js';

/*
 * Times that are shown, while the clocks of a page are set, or differ from the server's.
 */

interface Clocks {
  /** Sets the page's time of day forward, in ms, or back. */
  setClock(ms: number): void;
}

/** Makes the time of day of a page one that the test sets: ahead by `ahead` of the page's address, in ms, at first. */
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

/** A page whose monotonic clock has stood still for three hours, as in a computer that has slept. */
function hasSlept(): void {
  const real = performance.now.bind(performance);
  performance.now = () => real() - 3 * 3_600_000;
}

const HOUR = 3_600_000;

const setClock = (person: Person, ms: number): Promise<void> =>
  person.page.evaluate((value) => (window as unknown as Clocks).setClock(value), ms);

/** The duration on the screen, in seconds. */
async function seconds(person: Person): Promise<number> {
  const text = await person.page.locator('ongoing-call-view [role=timer]').textContent();
  return (text ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** The duration goes on from what it was, second by second. */
async function goesOn(person: Person): Promise<void> {
  const before = await seconds(person);
  await expect.poll(() => seconds(person)).toBeGreaterThan(before + 1);
  expect(await seconds(person)).toBeLessThan(before + 20);
}

test('the duration of a call goes on while the time of day is set forward and back', async ({
  open,
}) => {
  const alice = await open('alice', { prepare: movableClock });
  const bob = await open('bob');
  for (const ms of [3 * HOUR, -7 * HOUR]) {
    await alice.send(['bob'], { callType: 'voice' });
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await goesOn(alice);
    await setClock(alice, ms);
    await goesOn(alice);
    const startedAt = await alice.page.evaluate(() => {
      const { service } = document.querySelector('call-invitation-provider')!;
      return Date.now() - (service.$call.get().startedAt ?? 0) - (service.callDuration() ?? 0);
    });
    // A moment of the time of day as it was then: it does not follow.
    expect(Math.abs(startedAt - ms)).toBeLessThan(1_000);
    const before = await seconds(alice);
    await alice.press('hang-up-button');
    await alice.is('ended: hung-up');
    expect(await seconds(alice)).toBeLessThan(before + 20);
    await alice.is('idle');
    await bob.is('idle');
  }
});

for (const [what, prepare, ahead] of [
  ['is two hours ahead', movableClock, 2 * HOUR],
  ['has slept for three hours', hasSlept, 0],
] as const) {
  test(`a call missed just now reads so on a device that ${what}`, async ({ open }) => {
    const alice = await open('alice');
    // One while nobody is there, who hears of it from the server; one that the device notices itself.
    const away = await alice.send(['bob'], { timeoutSeconds: 1 });
    await alice.is('ended: unreachable');
    await alice.is('idle');
    const bob = await open('bob', { prepare, parameters: { list: '', ahead: `${ahead}` } });
    await expect.poll(async () => (await bob.missedCalls()).length).toBe(1);
    const here = await alice.send(['bob'], { timeoutSeconds: 1 });
    await expect.poll(async () => (await bob.missedCalls()).length, { timeout: 30_000 }).toBe(2);
    expect((await bob.missedCalls()).map(({ callID }) => callID)).toEqual([
      here.callID,
      away.callID,
    ]);
    const now = await bob.page.evaluate(() => Date.now());
    for (const { at } of await bob.missedCalls()) {
      expect(at).toBeGreaterThan(now - 60_000);
      expect(at).toBeLessThan(now + 3_000);
    }
    const times = await bob.page.locator('missed-call-list time').allTextContents();
    expect(times).toHaveLength(2);
    for (const text of times) expect(text).toMatch(/^now$|seconds? ago|^1 minute ago$/);
  });
}
