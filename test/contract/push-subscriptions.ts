import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_SUBSCRIPTIONS_PER_USER } from '../../server/limits/limits.js';
import type { PushSubscriptions } from '../../server/push/subscriptions.js';
import type { PushRegistration } from '../../src/core/protocol/push.js';

/*
 * What every place for push subscriptions must do.
 */

export const registration = (name: string, lang = 'en'): PushRegistration => ({
  account: 'account',
  page: 'https://example.org/',
  server: 'https://example.org',
  lang,
  missed: true,
  dialBack: false,
  endpoint: `https://push.example/${name}`,
  keys: { p256dh: 'key', auth: 'auth' },
});

/** Subscriptions that nobody has registered yet. */
export interface SubscriptionsStage {
  readonly subscriptions: PushSubscriptions;
  /** The same ones as they are after a restart; what was there before it is not used any more. */
  readonly again: () => Promise<PushSubscriptions>;
}

export function subscriptionsContract(
  name: string,
  create: () => Promise<SubscriptionsStage>,
): void {
  describe(`${name} as PushSubscriptions`, () => {
    const names = async (subscriptions: PushSubscriptions, userID: string) =>
      (await subscriptions.of(userID)).map(({ endpoint }) => endpoint.split('/').at(-1));

    it('belong to the user who registered them last', async () => {
      const { subscriptions, again } = await create();
      await subscriptions.register('alice', registration('shared'));
      await subscriptions.register('alice', registration('own'));
      await subscriptions.register('bob', registration('shared'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(await names(store, 'alice'), ['own']);
        assert.deepEqual(await names(store, 'bob'), ['shared']);
      }
    });

    it('say what was said of the page last', async () => {
      const { subscriptions, again } = await create();
      await subscriptions.register('alice', registration('a', 'en'));
      await subscriptions.register('alice', registration('a', 'de'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(await store.of('alice'), [registration('a', 'de')]);
      }
    });

    it('are removed by their user alone, and forgotten by anybody who knows that they are gone', async () => {
      const { subscriptions, again } = await create();
      const known = Object.fromEntries('abcd'.split('').map((name) => [name, registration(name)]));
      for (const given of Object.values(known)) await subscriptions.register('bob', given);
      await subscriptions.remove('eve', registration('a').endpoint);
      await subscriptions.remove('bob', registration('b').endpoint);
      await subscriptions.forget(known['c'] as PushRegistration);
      // Registered anew since it was found to be gone.
      await subscriptions.forget(registration('d'));
      await subscriptions.forget(registration('unknown'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(await names(store, 'bob'), ['a', 'd']);
      }
    });

    it('are so many for a user: the one that was refreshed longest ago goes', async () => {
      const { subscriptions, again } = await create();
      const all = Array.from({ length: MAX_SUBSCRIPTIONS_PER_USER }, (_, index) => String(index));
      for (const name of all) await subscriptions.register('bob', registration(name));
      await subscriptions.register('bob', registration('0'));
      await subscriptions.register('bob', registration('new'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(await names(store, 'bob'), [...all.slice(2), '0', 'new']);
      }
    });
  });
}
