import { TurnRelay } from '../support/turn-relay.js';
import { test as base } from './fixtures.js';

/** Tests with a real TURN server, which the signalling server does not know. */
export const testBesideRelay = base.extend<object, { relay: TurnRelay }>({
  relay: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted
    async ({}, use) => {
      const relay = await TurnRelay.start();
      await use(relay);
      await relay.stop();
    },
    { scope: 'worker' },
  ],
});

/** Tests with a real TURN server, which the signalling server offers to its users. */
export const testThroughRelay = testBesideRelay.extend({
  serverOptions: async ({ relay }, use) => use({ turn: relay.options }),
});
