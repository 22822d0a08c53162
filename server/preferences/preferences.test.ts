import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { preferencesContract } from '../../test/contract/preferences.js';
import { useRedis } from '../../test/support/redis-fixture.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { openDatabase } from '../storage/database.js';
import { Journal } from '../storage/journal.js';
import { MemoryPreferences } from './memory-preferences.js';
import { RedisPreferences } from './redis-preferences.js';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringkit-preferences-'));
});
after(() => rm(root, { recursive: true }));
let folders = 0;

preferencesContract('preferences in memory', async () => {
  const preferences = new MemoryPreferences();
  return { preferences, again: async () => preferences };
});

preferencesContract('preferences on disk', async () => {
  const folder = join(root, String(++folders));
  const open = async () => {
    const database = await openDatabase(folder);
    const preferences = await MemoryPreferences.open(database, new Journal(database));
    return { database, preferences };
  };
  let last = await open();
  const again = async () => {
    await last.database.close();
    last = await open();
    return last.preferences;
  };
  after(() => last.database.close());
  return { preferences: last.preferences, again };
});

describe('over Redis', { skip: withoutRedis }, () => {
  const { newFixture } = useRedis();

  preferencesContract('preferences', async () => {
    const fixture = newFixture();
    const open = async () => new RedisPreferences(await fixture.store());
    return { preferences: await open(), again: open };
  });
});
