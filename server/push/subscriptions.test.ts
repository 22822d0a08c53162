import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PushRegistration } from '../../src/core/protocol/push.js';
import { openDatabase } from '../data/database.js';
import { Journal } from '../data/journal.js';
import { MAX_SUBSCRIPTIONS_PER_USER } from '../limits.js';
import { Subscriptions } from './subscriptions.js';

const registration = (name: string, lang = 'en'): PushRegistration => ({
  account: 'account',
  page: 'https://example.org/',
  server: 'https://example.org',
  lang,
  missed: true,
  dialBack: false,
  endpoint: `https://push.example/${name}`,
  keys: { p256dh: 'key', auth: 'auth' },
});

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringkit-subscriptions-'));
});
after(() => rm(root, { recursive: true }));
let folders = 0;

/** Subscriptions, and the same ones as they are after a restart. */
const adapters = {
  'in memory': async () => {
    const subscriptions = new Subscriptions();
    return { subscriptions, again: async () => subscriptions };
  },
  'on disk': async () => {
    const folder = join(root, String(++folders));
    let now = 1_000_000;
    const open = async () => {
      const database = await openDatabase(folder);
      const journal = new Journal(database);
      const subscriptions = await Subscriptions.open(database, journal, () => ++now);
      return { database, subscriptions };
    };
    const { database, subscriptions } = await open();
    const again = async () => {
      await database.close();
      const next = await open();
      await next.database.close();
      return next.subscriptions;
    };
    return { subscriptions, again };
  },
};

for (const [where, create] of Object.entries(adapters)) {
  describe(`push subscriptions ${where}`, () => {
    const names = (subscriptions: Subscriptions, userID: string) =>
      subscriptions.of(userID).map(({ endpoint }) => endpoint.split('/').at(-1));

    it('belong to the user who registered them last', async () => {
      const { subscriptions, again } = await create();
      await subscriptions.register('alice', registration('shared'));
      await subscriptions.register('alice', registration('own'));
      await subscriptions.register('bob', registration('shared'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(names(store, 'alice'), ['own']);
        assert.deepEqual(names(store, 'bob'), ['shared']);
      }
    });

    it('say what was said of the page last', async () => {
      const { subscriptions, again } = await create();
      await subscriptions.register('alice', registration('a', 'en'));
      await subscriptions.register('alice', registration('a', 'de'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(store.of('alice'), [registration('a', 'de')]);
      }
    });

    it('are removed by their user alone, and forgotten by anybody who knows that they are gone', async () => {
      const { subscriptions, again } = await create();
      const known = Object.fromEntries('abcd'.split('').map((name) => [name, registration(name)]));
      for (const given of Object.values(known)) await subscriptions.register('bob', given);
      await subscriptions.remove('eve', registration('a').endpoint);
      await subscriptions.remove('bob', registration('b').endpoint);
      await subscriptions.forget(known['c']!);
      // Registered anew since it was found to be gone.
      await subscriptions.forget(registration('d'));
      await subscriptions.forget(registration('unknown'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(names(store, 'bob'), ['a', 'd']);
      }
    });

    it('are so many for a user: the one that was refreshed longest ago goes', async () => {
      const { subscriptions, again } = await create();
      const all = Array.from({ length: MAX_SUBSCRIPTIONS_PER_USER }, (_, index) => String(index));
      for (const name of all) await subscriptions.register('bob', registration(name));
      await subscriptions.register('bob', registration('0'));
      await subscriptions.register('bob', registration('new'));
      for (const store of [subscriptions, await again()]) {
        assert.deepEqual(names(store, 'bob'), [...all.slice(2), '0', 'new']);
      }
    });
  });
}
