import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { subscriptionsContract } from '../../test/contract/push-subscriptions.js';
import { openDatabase } from '../storage/database.js';
import { Journal } from '../storage/journal.js';
import { Subscriptions } from './subscriptions.js';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringkit-subscriptions-'));
});
after(() => rm(root, { recursive: true }));
let folders = 0;

subscriptionsContract('subscriptions in memory', async () => {
  const subscriptions = new Subscriptions();
  return { subscriptions, again: async () => subscriptions };
});

subscriptionsContract('subscriptions on disk', async () => {
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
});
