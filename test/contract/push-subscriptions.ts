import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_SUBSCRIPTIONS_PER_USER } from '../../server/limits/limits.js';
import type { PushSubscriptions } from '../../server/push/subscriptions.js';
import type { PushRegistration } from '../../src/core/protocol/push.js';

/*
 * The contract of every store of push subscriptions.
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

/** An empty store of subscriptions. */
export interface SubscriptionsStage {
  readonly subscriptions: PushSubscriptions;
  /** Reopens the store, as after a restart. The previous object is not used any more. */
  readonly again: () => Promise<PushSubscriptions>;
}

export function subscriptionsContract(
  name: string,
  create: () => Promise<SubscriptionsStage>,
): void {
  describe(`${name} as PushSubscriptions`, () => {
    const names = async (subscriptions: PushSubscriptions, userID: string) =>
      (await subscriptions.of(userID)).map(({ endpoint }) => endpoint.split('/').at(-1));

    it('assigns an endpoint to the user who registered it last', async () => {
      const { subscriptions, again } = await create();
      await subscriptions.register('alice', registration('shared'));
      await subscriptions.register('alice', registration('own'));
      await subscriptions.register('bob', registration('shared'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(await names(store, 'alice'), ['own']);
        assert.deepEqual(await names(store, 'bob'), ['shared']);
      }
    });

    it('returns the latest page data', async () => {
      const { subscriptions, again } = await create();
      await subscriptions.register('alice', registration('a', 'en'));
      await subscriptions.register('alice', registration('a', 'de'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(await store.of('alice'), [registration('a', 'de')]);
      }
    });

    it('removes a subscription only for its own user, and forgets one that has gone', async () => {
      const { subscriptions, again } = await create();
      const known = Object.fromEntries('abcd'.split('').map((name) => [name, registration(name)]));
      for (const given of Object.values(known)) await subscriptions.register('bob', given);
      await subscriptions.remove('eve', registration('a').endpoint);
      await subscriptions.remove('bob', registration('b').endpoint);
      await subscriptions.forget(known['c'] as PushRegistration);
      // This endpoint was registered again, with another object.
      await subscriptions.forget(registration('d'));
      await subscriptions.forget(registration('unknown'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(await names(store, 'bob'), ['a', 'd']);
      }
    });

    it('limits the subscriptions of a user, and removes the least recently registered', async () => {
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
