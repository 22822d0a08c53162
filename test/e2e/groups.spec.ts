import { expect, test, type Browser } from '@playwright/test';
import { CallServerProcess } from '../support/call-server.js';
import { openBrowser, openSite, Person } from './person.js';
import type { Site } from '../package/site.js';

/*
 * Calls of more than two, each in a browser process of their own, and pages that are reloaded in a call.
 */

const NAMES = ['alice', 'bob', 'carol'] as const;

let site: Site;
let server: CallServerProcess;
let browsers: Browser[];
const people: Person[] = [];

async function open(userID: (typeof NAMES)[number]): Promise<Person> {
  const browser = browsers[NAMES.indexOf(userID)];
  if (!browser) throw new Error(userID);
  const person = await Person.open(site, userID, { signaling: server.url, browser });
  people.push(person);
  return person;
}

/** Frames are decoded on so many links at once. */
async function seesAll(person: Person, links: number): Promise<void> {
  const decoded = (): Promise<number> =>
    person.page.evaluate(async () => {
      let flowing = 0;
      for (const connection of window.probe.connections) {
        if (connection.connectionState !== 'connected') continue;
        for (const report of (await connection.getStats()).values() as Iterable<{
          type: string;
          framesDecoded?: number;
        }>)
          if (report.type === 'inbound-rtp' && (report.framesDecoded ?? 0) > 5) flowing += 1;
      }
      return flowing;
    });
  await expect.poll(decoded, { timeout: 25_000, message: `${person.userID} sees` }).toBe(links);
}

const members = (person: Person): Promise<string[]> =>
  person.page.evaluate(() => {
    const call = document.querySelector('call-invitation-provider')?.service.$call.get();
    return (call?.members ?? []).map(({ userID, state }) => `${userID} ${state}`).sort();
  });

test.beforeAll(async () => {
  site = await openSite();
  browsers = [];
  for (const _ of NAMES) browsers.push(await openBrowser());
});
test.afterAll(async () => {
  for (const browser of browsers) await browser.close();
  site.close();
});
test.beforeEach(async () => {
  server = await CallServerProcess.start();
});
test.afterEach(async () => {
  for (const person of people.splice(0)) await person.close();
  await server.stop();
});

test('three in one call: a link between each two, and it goes on for two', async () => {
  const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')];
  await alice.send(['bob', 'carol']);
  await bob.is('incoming');
  await carol.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await carol.press('accept-button');
  for (const person of [alice, bob, carol]) await seesAll(person, 2);
  expect(await alice.argumentsOf('onOutgoingCallAccepted')).toHaveLength(2);
  expect(await bob.heardStates()).toContain('carol accepted');
  await alice.press('hang-up-button');
  await alice.releasesEverything();
  for (const person of [bob, carol]) {
    await seesAll(person, 1);
    expect(await person.heardStates()).toContain('alice left');
  }
  await bob.press('hang-up-button');
  await carol.is('ended: everyone-left');
});

test('with endCallWhenInitiatorLeave the call ends for all when its initiator leaves', async () => {
  const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')];
  await alice.page.evaluate(() => {
    const provider = document.querySelector('call-invitation-provider');
    if (provider) provider.config = { endCallWhenInitiatorLeave: true };
  });
  await alice.send(['bob', 'carol']);
  await bob.is('incoming');
  await carol.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await alice.press('hang-up-button');
  await bob.is('ended: initiator-left');
  await expect.poll(() => carol.callbacks()).toContain('onIncomingCallCanceled');
});

test('somebody is invited into a running call, by whom it allows', async () => {
  const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')];
  await alice.send(['bob']);
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  const invite = (person: Person): Promise<string> =>
    person.page.evaluate(async () => {
      const provider = document.querySelector('call-invitation-provider');
      try {
        return String(await provider?.service.invite({ invitees: ['carol'] }));
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
  expect(await invite(bob)).toBe('not-allowed');
  await bob.page.evaluate(() => {
    const provider = document.querySelector('call-invitation-provider');
    if (provider) provider.config = { inCalling: { canInvitingInCalling: true } };
  });
  expect(await invite(bob)).toBe('true');
  await carol.is('incoming');
  expect(await carol.argumentsOf('onIncomingCallReceived')).toEqual([
    [
      expect.any(String),
      { userID: 'bob', userName: 'BOB' },
      'video',
      [{ userID: 'carol', userName: 'CAROL' }],
      '',
    ],
  ]);
  await carol.press('accept-button');
  for (const person of [alice, bob, carol]) await seesAll(person, 2);
  expect(await bob.argumentsOf('onOutgoingCallAccepted')).toHaveLength(1);
  expect(await members(carol)).toEqual(['alice accepted', 'bob accepted', 'carol accepted']);
});

for (const who of ['caller', 'callee'] as const) {
  test(`a page that is reloaded in a call comes back into it: the ${who}'s`, async () => {
    const [alice, bob] = [await open('alice'), await open('bob')];
    const { callID } = await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await bob.is('active');
    const [away, other] = who === 'caller' ? [alice, bob] : [bob, alice];
    await other.watch();
    await away.page.reload();
    await away.is('active', 20_000);
    await other.is('active', 20_000);
    await seesAll(away, 1);
    await seesAll(other, 1);
    expect(
      await away.page.evaluate(
        () => document.querySelector('call-invitation-provider')?.service.$call.get().callID,
      ),
    ).toBe(callID);
    // Nobody rang, and nobody was taken to have left.
    expect(await away.callbacks()).not.toContain('onIncomingCallReceived');
    expect(await other.statuses()).not.toContain('ended: connection-lost');
    const accepted = await alice.argumentsOf('onOutgoingCallAccepted');
    expect(accepted).toHaveLength(who === 'caller' ? 0 : 1);
    // The device that it was is spoken for later: that changes nothing.
    await expect.poll(() => other.status(), { timeout: 1_000 }).toBe('active');
    await away.press('hang-up-button');
    await other.is('ended: hung-up');
  });
}

test('of three tabs one rings aloud; the answer in another silences all, and nobody missed anything', async () => {
  const alice = await open('alice');
  const tabs = [await open('bob'), await open('bob'), await open('bob')];
  const [first, , third] = tabs;
  if (!first || !third) throw new Error('three tabs');
  const aloud = async (): Promise<number[]> => {
    const used = await Promise.all(tabs.map((tab) => tab.inUse()));
    return used.map(({ audio }) => audio).sort();
  };
  await alice.send(['bob']);
  for (const tab of tabs) await tab.is('incoming');
  await expect.poll(aloud).toEqual([0, 0, 1]);
  await first.page.close();
  people.splice(people.indexOf(first), 1);
  tabs.shift();
  // The call rings on, also when it was the tab that rang aloud which was closed.
  await expect.poll(aloud).toEqual([0, 1]);
  expect(await alice.status()).toBe('ringing-out');
  await third.page.bringToFront();
  await third.press('accept-button');
  await alice.is('active');
  await third.is('active');
  const [second] = tabs;
  await second?.is('ended: answered-elsewhere');
  await expect.poll(aloud).toEqual([0, 0]);
  expect(await second?.callbacks()).not.toContain('onIncomingCallCanceled');
  expect(await second?.callbacks()).not.toContain('onIncomingCallTimeout');
});
