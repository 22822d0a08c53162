import { accept, hangUp, miss, openNotified, runDefaultAction } from './missed.js';
import { expect, test } from './fixtures.js';

/* The configured effects of clicks on missed calls. */

const aliceUser = { userID: 'alice', userName: 'ALICE' };
const bobUser = { userID: 'bob', userName: 'BOB' };

test(
  'with dial-back, a click calls back; without it, a click only notifies the page',
  { tag: '@long' },
  async ({ open }) => {
    const [alice, bob] = await Promise.all([
      openNotified(open, 'alice', { config: { missedCall: { enableDialBack: false } } }),
      openNotified(open, 'bob', { config: { missedCall: { enableDialBack: true } } }),
    ]);
    const [[fromBob = ''], [fromAlice = '']] = [
      await miss(bob, [alice], 1, { customData: 'first' }),
      await miss(alice, [bob], 1, { customData: 'second' }),
    ];
    await alice.notices.are(`missed ${fromBob}`);
    await bob.notices.are(`missed ${fromAlice}`);
    expect((await alice.notices.shown())[0]?.actions).toEqual([]);
    expect((await bob.notices.shown())[0]?.actions).toEqual(['call-back']);
    await expect(alice.page.locator('[part~="dial-back-button"]')).toHaveCount(0);

    expect(await alice.notices.click(fromBob)).toEqual([]);
    const clicked = [fromBob, bobUser, 'video', [aliceUser], 'first'];
    const clicks = () => alice.argumentsOf('onIncomingMissedCallClicked');
    await expect.poll(clicks).toEqual([clicked]);
    await runDefaultAction(alice);
    await alice.page.locator('missed-call-list li button.what').click();
    await expect.poll(clicks).toEqual([clicked, clicked]);
    expect(await alice.callbacks()).not.toContain('onIncomingMissedCallDialBackFailed');

    // Anything sent before would have arrived before this.
    expect(await bob.argumentsOf('onIncomingCallReceived')).toHaveLength(1);
    expect(await bob.notices.click(fromAlice, 'call-back')).toEqual([]);
    await accept(bob, alice);
    await Promise.all([alice.seesPicture(), bob.seesPicture()]);
    expect(await bob.argumentsOf('onIncomingCallReceived')).toHaveLength(1);
    await hangUp(bob, alice);

    expect(await alice.ask('dialBack', fromBob)).toBe(true);
    await accept(alice, bob);
    expect((await bob.argumentsOf('onIncomingCallReceived')).at(-1)).toEqual([
      ...[expect.any(String), aliceUser, 'video', [bobUser], 'first'],
    ]);
  },
);

test('a page that handles clicks itself runs the default action, once', async ({ open }) => {
  const alice = await open('alice');
  const bob = await openNotified(open, 'bob', { parameters: { clicked: 'own' } });
  const [callID = ''] = await miss(alice, [bob]);
  await bob.notices.are(`missed ${callID}`);
  expect(await bob.notices.click(callID)).toEqual([]);
  await expect
    .poll(() => bob.argumentsOf('onIncomingMissedCallClicked'))
    .toEqual([[callID, aliceUser, 'video', [bobUser], '']]);
  expect(await bob.statuses()).not.toContain('calling');
  await Promise.all([runDefaultAction(bob), runDefaultAction(bob)]);
  await accept(bob, alice);
  await hangUp(alice, bob);
  await runDefaultAction(bob);

  await bob.close();
  const careful = await openNotified(open, 'bob', { parameters: { clicked: 'prevented' } });
  await careful.press('dial-back-button');
  await expect.poll(() => careful.argumentsOf('onIncomingMissedCallClicked')).toHaveLength(1);
  expect(await careful.ask('clickMissedCall', callID)).toBe(true);
  expect(await careful.statuses()).toEqual(['idle']);
  await runDefaultAction(careful);
  await accept(careful, alice);
  expect(await alice.argumentsOf('onIncomingCallReceived')).toHaveLength(2);
});

test('an unanswered call back ends like any call; one that cannot be placed is reported as failed, once @extended', async ({
  open,
  server,
}) => {
  const alice = await open('alice');
  const bob = await openNotified(open, 'bob', {
    config: { missedCall: { timeoutSeconds: 3 } },
  });
  const [callID = ''] = await miss(alice, [bob]);
  await bob.press('dial-back-button');
  await expect.poll(() => alice.argumentsOf('onIncomingCallReceived')).toHaveLength(1);
  await bob.is('ended: timeout');
  expect(await bob.argumentsOf('onOutgoingCallTimeout')).toEqual([
    [expect.any(String), [aliceUser], true],
  ]);
  expect(await bob.callbacks()).not.toContain('onIncomingMissedCallDialBackFailed');

  expect(await bob.ask('dialBack', 'another')).toBe('call-over');
  expect(await bob.argumentsOf('onIncomingMissedCallDialBackFailed')).toHaveLength(1);
  await server.kill();
  await expect.poll(() => bob.connection()).not.toBe('connected');
  await bob.is('idle');
  expect(await bob.ask('dialBack', callID)).toBe('not-connected');
  expect(await bob.argumentsOf('onIncomingMissedCallDialBackFailed')).toHaveLength(2);
});
