import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DataError, openDatabase } from './database.js';

describe('a data folder', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'ringkit-data-'));
  });
  after(() => rm(root, { recursive: true }));

  /** One sentence that names the folder. */
  const refuses = (folder: string, why: RegExp) =>
    assert.rejects(openDatabase(folder), (error: unknown) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, /^[^\n]+\.$/);
      assert.match(error.message, why);
      assert.ok(error.message.includes(folder));
      return true;
    });

  it('is made when it is missing, and opens again', async () => {
    const folder = join(root, 'new', 'deep');
    const first = await openDatabase(folder);
    await first.put('key', { some: 'value' });
    await first.close();
    const second = await openDatabase(folder);
    assert.deepEqual(await second.get('key'), { some: 'value' });
    await second.close();
  });

  it('is used by one server at a time', async () => {
    const folder = join(root, 'locked');
    const first = await openDatabase(folder);
    await refuses(folder, /in use/);
    await first.close();
    await (await openDatabase(folder)).close();
  });

  it('is refused when it is damaged', async () => {
    const folder = join(root, 'damaged');
    await (await openDatabase(folder)).close();
    await writeFile(join(folder, 'database', 'CURRENT'), 'nonsense');
    await refuses(folder, /damaged/);
  });

  it('is refused when it is a file', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    await refuses(file, /no folder/);
    await refuses(join(file, 'below'), /no folder/);
  });

  it('is left alone when another version wrote it', async () => {
    const folder = join(root, 'version');
    const database = await openDatabase(folder);
    await database.put('format', 2);
    await database.close();
    await refuses(folder, /another version/);
  });
});
