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
async function second(open: Open): Promise<readonly [alice: Person, bob: Person, carol: Person]> {
  const [alice, bob, carol] = await Promise.all([open('alice'), open('bob'), open('carol')]);
  await bob.configure({ callWaiting: true });
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  for (const page of [alice, bob]) await page.is('active');
  await alice.receives('sound', 1);
  await carol.send(['bob'], { callType: 'voice' });
  await expect.poll(() => waiting(bob)).toBe('carol');
  return [alice, bob, carol];
}

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

test('a second call is answered and the first one ends', async ({ open }) => {
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
