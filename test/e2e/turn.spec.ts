import { Turn, type IceServer } from '../../server/auth/turn.js';
import { withoutTurn } from '../support/turn-relay.js';
import type { Person } from './person.js';
import { expect } from './fixtures.js';
import { testThroughRelay as test } from './relay.js';

/** Calls through a real TURN server. */
test.skip(withoutTurn !== false, withoutTurn || '');

/** Hides the addresses of this page. The given servers are used in addition to those of the server. */
const hide = ({ page }: Person, iceServers: readonly IceServer[] = []): Promise<void> =>
  page.evaluate((servers) => {
    const provider = document.querySelector('call-invitation-provider')!;
    provider.iceTransportPolicy = 'relay';
    provider.iceServers = servers as RTCIceServer[];
  }, iceServers);

/** Candidate types at both ends of the selected pairs of a page, as far as known: `relay relay`. */
const ways = ({ page }: Person): Promise<string[]> =>
  page.evaluate(async () => {
    const found: string[] = [];
    for (const connection of window.probe.connections) {
      const reports = (await connection.getStats()) as unknown as Map<
        string,
        Record<string, unknown>
      >;
      for (const transport of reports.values()) {
        if (transport['type'] !== 'transport') continue;
        const pair = reports.get(transport['selectedCandidatePairId'] as string);
        const ends = [pair?.['localCandidateId'], pair?.['remoteCandidateId']];
        const types = ends.map((id) => reports.get(id as string)?.['candidateType']);
        found.push(types.join(' '));
      }
    }
    return found;
  });

test('users who hide their addresses connect through the relay, with the credentials of the server', async ({
  open,
}) => {
  const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
  await hide(alice);
  await hide(bob);
  await alice.send(['bob']);
  await bob.is('incoming');
  await bob.press('accept-button');
  for (const person of [alice, bob]) {
    await person.is('active');
    await person.seesPicture();
    expect(await ways(person)).toEqual(['relay relay']);
    const handed = await person.page.evaluate(() => window.probe.configurations);
    expect(JSON.stringify(handed)).toContain(`:${person.userID}"`);
  }
  await alice.press('hang-up-button');
  for (const person of [alice, bob]) await person.is('ended: hung-up');
});

test.describe('a server that hands out no credentials', () => {
  test.use({ serverOptions: {} });

  test('expired credentials get no relay @extended', async ({ open, relay }) => {
    const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
    const anHourAgo = new Turn({ ...relay.options, ttlMs: 60_000 }, () => Date.now() - 3_600_000);
    for (const person of [alice, bob]) await hide(person, anHourAgo.serversFor(person.userID));
    await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('accept-button');
    for (const person of [alice, bob]) {
      const gathered = () =>
        person.page.evaluate(() =>
          window.probe.connections.map(({ iceGatheringState }) => iceGatheringState),
        );
      await expect.poll(gathered).toEqual(['complete']);
      expect(await person.page.evaluate(() => window.probe.candidates.count)).toBe(0);
      await person.is('connecting');
    }
    await alice.press('hang-up-button');
    for (const person of [alice, bob]) await person.is('ended: hung-up');
    // The same relay works with valid credentials.
    const now = new Turn(relay.options);
    for (const person of [alice, bob]) await hide(person, now.serversFor(person.userID));
    await bob.send(['alice']);
    await alice.is('incoming');
    await alice.press('accept-button');
    for (const person of [alice, bob]) await person.seesPicture();
  });
});
