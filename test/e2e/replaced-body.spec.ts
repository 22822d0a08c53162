import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/* Routers that replace the body of the page during a call (Astro's ClientRouter, Turbo, htmx). */

/** Replaces the body by one with a new provider, as a router does with the HTML of the next page; Turbo shows a cached copy first. */
async function visitNextPage({ page, signaling, userID }: Person, times = 1): Promise<void> {
  await page.evaluate(
    async ([address, user, count]) => {
      for (let visit = 1; visit <= count; visit++) {
        const body = document.createElement('body');
        const provider = document.createElement('call-invitation-provider');
        provider.setAttribute('user-id', user);
        provider.setAttribute('user-name', user.toUpperCase());
        provider.setAttribute('signaling', address);
        provider.id = 'next';
        body.append(provider);
        document.body.replaceWith(body);
        // It has signed in by then.
        await provider.updateComplete;
      }
    },
    [signaling, userID, times] as const,
  );
}

for (const who of ['caller', 'callee'] as const) {
  const tag = who === 'callee' ? ' @extended' : '';
  test(`a call goes on when a router replaces the body of the page: the ${who}'s${tag}`, async ({
    open,
  }) => {
    const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
    const { callID } = await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await bob.is('active');
    const [away, other] = who === 'caller' ? [alice, bob] : [bob, alice];
    const old = await away.page.evaluateHandle(() =>
      document.querySelector('call-invitation-provider')!,
    );
    // A call can be active before both devices are open.
    await expect.poll(() => away.inUse()).toMatchObject({ tracks: 2 });
    const before = await away.page.evaluate(() => window.probe.tracks.length);

    await visitNextPage(away);
    await away.is('active');
    await away.receives('frames', 1);
    await other.receives('frames', 1);
    const ids = () =>
      document.querySelector('call-invitation-provider')!.service.$call.get().callID;
    expect(await away.page.evaluate(ids)).toBe(callID);
    expect(await old.evaluate(({ service }) => service.$call.get().status)).toBe('idle');
    // One link, and one microphone and camera: those of the new provider.
    for (const person of [away, other])
      await expect.poll(() => person.inUse()).toMatchObject({ tracks: 2, connections: 1 });
    expect(
      await away.page.evaluate(
        (count) => window.probe.tracks.slice(0, count).map(({ readyState }) => readyState),
        before,
      ),
    ).toEqual(['ended', 'ended']);
    expect(await other.endings()).toEqual([]);
    expect(await away.callbacks()).not.toContain('onError');

    await away.press('hang-up-button');
    await other.is('ended: hung-up');
    await away.releasesEverything();
    await other.releasesEverything();
  });
}

test('a call goes on when the body is replaced again before the call has returned @extended', async ({
  open,
}) => {
  const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await visitNextPage(bob, 2);
  await bob.is('active');
  await bob.receives('sound', 1);
  await alice.receives('sound', 1);
  expect(await alice.endings()).toEqual([]);
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
});

test('an incoming call rings on in the new provider, an outgoing one is cancelled @extended', async ({
  open,
}) => {
  const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await visitNextPage(bob);
  await bob.is('incoming');
  await alice.is('ringing-out');
  await visitNextPage(alice);
  // Statuses are recorded for the first provider of a page only, and an end is shown for two seconds.
  await expect.poll(() => bob.status()).toMatch(/^(ended: canceled|idle)$/);
  await alice.is('idle');
});
