import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { change, entryAt, historyContract, readAll } from '../../test/contract/history.js';
import { openDatabase, type Database } from '../storage/database.js';
import { Journal } from '../storage/journal.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { openDiskHistory } from './disk-history.js';
import type { History, HistoryLimits } from './history.js';

const folders: string[] = [];
const databases = new Set<Database>();
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringkit-history-'));
  folders.push(folder);
  return folder;
};
const open = async (folder: string, now?: () => number, limits?: HistoryLimits) => {
  const database = await openDatabase(folder);
  databases.add(database);
  const history = await openDiskHistory(database, new Journal(database), now, limits);
  const close = async () => {
    databases.delete(database);
    await database.close();
  };
  return { database, history, close };
};

afterEach(async () => {
  for (const database of databases) await database.close();
  databases.clear();
});
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

historyContract(
  'the history on disk',
  async (now, limits) => (await open(await newFolder(), now, limits)).history,
);

/** Reopen the database before each of the first steps of a test, then before every 50th step, to save time. */
const REOPENED = 12;

historyContract('the history on disk, reopened before each step,', async (now, limits) => {
  const folder = await newFolder();
  let current = await open(folder, now, limits);
  let steps = 0;
  return new Proxy(current.history, {
    get(_target, method: keyof History | 'then') {
      if (method === 'then') return undefined;
      return async (...args: unknown[]) => {
        if (steps++ < REOPENED || steps % 50 === 0) {
          await current.close();
          current = await open(folder, now, limits);
        }
        const { history } = current;
        return (history[method] as (...all: unknown[]) => unknown).apply(history, args);
      };
    },
  });
});

describe('the history on disk', () => {
  it('stores deletions too, and nothing of what was deleted', async () => {
    const folder = await newFolder();
    const first = await open(folder);
    const at = Date.now();
    await first.history.apply('bob', change({ entries: [entryAt(at, 'c1'), entryAt(at, 'c2')] }));
    await first.history.apply('bob', change({ deleted: [{ callID: 'c1', at }] }));
    assert.doesNotMatch(JSON.stringify(await first.database.readAll('h')), /c1.*ALICE.*c1/);
    await first.history.apply('bob', change({ deletedUntil: at }));
    const stored = JSON.stringify(await first.database.readAll('h'));
    assert.doesNotMatch(stored, /alice|ALICE|c1|c2/);
    await first.close();
    const second = await open(folder);
    await second.history.apply('bob', change({ entries: [entryAt(at, 'c2')] }));
    assert.deepEqual((await readAll(second.history)).entries, []);
  });

  it('rejects a change that cannot be written now, so that the device repeats it', async () => {
    const database = await openDatabase(await newFolder());
    databases.add(database);
    const failing = {
      write: () => Promise.reject(new Error('The disk is full.')),
      reopen: () => Promise.reject(new Error('The disk is full.')),
    };
    const journal = new Journal(failing);
    const history = await openDiskHistory(database, journal);
    const entries = [entryAt(Date.now(), 'c')];
    await assert.rejects(history.apply('bob', change({ entries })), UnavailableError);
    // Connected devices read it all the same.
    assert.deepEqual((await readAll(history)).entries, entries);
    await journal.close();
  });
});
