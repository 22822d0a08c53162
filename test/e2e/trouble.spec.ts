import { withoutTurn } from '../support/turn-relay.js';
import { expect, test, type Open } from './fixtures.js';
import { testThroughRelay } from './relay.js';
import type { Person } from './person.js';
import { hasRestartedOnline, recordRestarts, restartCount } from './restarts.js';

/* Networks that change, are lost and come back during a call. */

async function inACall(
  open: Open,
  prepare: readonly (() => void)[] = [],
  ready: (person: Person) => Promise<void> = async () => {},
): Promise<[Person, Person]> {
  const options = { prepare: [recordRestarts, ...prepare] };
  const people = [await open('alice', options), await open('bob', options)] as [Person, Person];
  const [alice, bob] = people;
  for (const person of people) await ready(person);
  await alice.send(['bob']);
  await bob.is('incoming');
  await bob.press('accept-button');
  for (const person of people) {
    await person.is('active');
    await person.seesPicture();
  }
  return people;
}

const connections = ({ page }: Person): Promise<Record<string, string | undefined>> =>
  page.evaluate(() => {
    const { service } = document.querySelector('call-invitation-provider')!;
    const { members } = service.$call.get();
    return Object.fromEntries(members.map(({ userID, connection }) => [userID, connection]));
  });

interface Ending {
  /** Resolves when the call has ended, with the time since it was reconnecting, in ms. */
  lostAfter: Promise<number>;
}

/** Measures in the page, because a poll may notice a state late. */
const watchEnd = ({ page }: Person): Promise<void> =>
  page.evaluate(() => {
    const { $call } = document.querySelector('call-invitation-provider')!.service;
    const lostAfter = new Promise<number>((resolve) => {
      let since: number | undefined;
      const stop = $call.listen(({ status }) => {
        if (status === 'reconnecting') since ??= performance.now();
        else if (since !== undefined) {
          stop();
          resolve(performance.now() - since);
        }
      });
    });
    Object.assign(window, { lostAfter } satisfies Ending);
  });

const lostAfter = ({ page }: Person): Promise<number> =>
  page.evaluate(() => (window as unknown as Ending).lostAfter);

const view = ({ page }: Person) => page.locator('ongoing-call-view');

/** Checks that the call went on, over the same connections. */
async function wentOn(...people: readonly Person[]): Promise<void> {
  for (const person of people) {
    await person.is('active');
    await person.seesPicture();
    expect(await person.page.evaluate(() => window.probe.connections.length)).toBe(1);
    expect(await person.statuses(), person.userID).not.toContain('reconnecting');
  }
}

for (const [index, who] of [
  'the caller, who answers restarts',
  'the callee, who offers them',
].entries())
  test(`the network of ${who} comes back: both connections are restored`, async ({ open }) => {
    const people = await inACall(open);
    const person = people[index]!;
    const before = await restartCount(people[1 - index]!);
    await person.context.setOffline(true);
    await expect.poll(() => person.connection()).not.toBe('connected');
    await person.context.setOffline(false);
    // No link was down, so the restart follows from `online` alone. Unit tests prove that it waits for no timer.
    await expect.poll(() => hasRestartedOnline(person)).toBe(true);
    expect(await person.connection()).toBe('connected');
    await expect.poll(() => restartCount(people[1 - index]!)).toBeGreaterThan(before);
    await wentOn(...people);
    expect(await connections(person)).toEqual({ alice: 'good', bob: 'good' });
  });

test('the networks of both come back at once: both restart, and the call goes on @extended', async ({
  open,
}) => {
  const people = await inACall(open);
  for (const { context } of people) await context.setOffline(true);
  for (const person of people) await expect.poll(() => person.connection()).not.toBe('connected');
  await Promise.all(people.map(({ context }) => context.setOffline(false)));
  for (const person of people) await expect.poll(() => hasRestartedOnline(person)).toBe(true);
  await wentOn(...people);
});

test('a device that was asleep restores both connections at once', async ({ open }) => {
  const [alice, bob] = await inACall(open, [
    // Sleep: the time of day goes on, the monotonic clock does not.
    () => {
      const { now } = Date;
      let slept = 0;
      Date.now = () => now() + slept;
      Object.assign(window, { sleep: (ms: number) => (slept += ms) });
    },
  ]);
  const log: string[] = [];
  await alice.page.exposeFunction('noteConnection', (state: string) => log.push(state));
  await alice.page.evaluate(() => {
    const { service } = document.querySelector('call-invitation-provider')!;
    const { noteConnection, sleep } = window as never as {
      noteConnection: (state: string) => void;
      sleep: (ms: number) => void;
    };
    service.$connection.listen(noteConnection);
    sleep(60_000);
  });
  await expect.poll(() => restartCount(alice)).toBeGreaterThan(0);
  // Without a ping for longer than the limit of the server, the connection counts as dead.
  await expect.poll(() => log).toEqual(['offline', 'connected']);
  await wentOn(alice, bob);
});

test.describe('through a relay', () => {
  test.skip(withoutTurn !== false, withoutTurn || '');

  const onlyRelay = ({ page }: Person): Promise<void> =>
    page.evaluate(() => {
      document.querySelector('call-invitation-provider')!.iceTransportPolicy = 'relay';
    });

  testThroughRelay(
    'a relay that crashes and is started again interrupts the call @extended',
    async ({ open, relay }) => {
      const people = await inACall(open, [], onlyRelay);
      await relay.kill();
      for (const person of people) await person.is('reconnecting');
      await relay.startAgain();
      for (const person of people) {
        await person.is('active');
        await person.seesPicture();
      }
    },
  );

  testThroughRelay(
    'after thirty seconds without a route the call is lost, the end with the problem is named, and can call again @extended',
    async ({ open, relay }) => {
      const [alice, bob] = await inACall(open, [], onlyRelay);
      await watchEnd(alice);
      await alice.context.setOffline(true);
      await relay.kill();
      for (const person of [alice, bob]) await person.is('reconnecting');
      await expect(view(alice)).toContainText('Your connection was lost. Reconnecting…');
      expect(await connections(alice)).toEqual({ alice: 'lost', bob: 'good' });
      await expect(view(bob)).toContainText(/alice’s connection was lost. Reconnecting…/i);
      expect(await connections(bob)).toEqual({ alice: 'lost', bob: 'good' });

      await alice.is('ended: connection-lost', 90_000);
      expect(await lostAfter(alice)).toBeGreaterThan(25_000);
      await bob.is('ended: connection-lost', 90_000);
      const again = alice.page.locator('[part~="call-again-button"]');
      await expect(again).toBeDisabled();
      await alice.is('idle');
      await expect(view(alice)).toContainText('Connection lost');

      await relay.startAgain();
      await alice.context.setOffline(false);
      await expect(again).toBeEnabled();
      await again.click();
      await bob.is('incoming');
      await expect(bob.page.locator('[part~="call-again-button"]')).toHaveCount(0);
      await bob.press('accept-button');
      for (const person of [alice, bob]) {
        await person.is('active');
        await person.seesPicture();
      }
      await expect(again).toHaveCount(0);
    },
  );
});
