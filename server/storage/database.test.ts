import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Level } from 'level';
import { DataError } from './data-error.js';
import { openDatabase, type Database } from './database.js';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringkit-data-'));
});
after(() => rm(root, { recursive: true }));

/** Expects a single sentence that names the folder. */
const rejectsToOpen = (folder: string, why: RegExp) =>
  assert.rejects(openDatabase(folder), (error: unknown) => {
    assert.ok(error instanceof DataError, String(error));
    assert.match(error.message, /^[^\n]+\.$/);
    assert.match(error.message, why);
    assert.ok(error.message.includes(folder));
    return true;
  });
const put = (database: Database, key: string, value: unknown) =>
  database.write(new Map([[key, value]]));

describe('a data folder', () => {
  it('is created if it is missing, and can be reopened', async () => {
    const folder = join(root, 'new', 'deep');
    const first = await openDatabase(folder);
    assert.equal(first.isNew, true);
    await first.write(new Map<string, unknown>(Object.entries({ 'a!1': { some: 'value' }, b: 1 })));
    await first.write(new Map([['b', undefined]]));
    await first.close();
    const second = await openDatabase(folder);
    assert.equal(second.isNew, false);
    assert.deepEqual(await second.readAll('a'), [{ some: 'value' }]);
    await second.close();
  });

  it('can be used by only one server at a time', async () => {
    const folder = join(root, 'locked');
    const first = await openDatabase(folder);
    await rejectsToOpen(folder, /in use/);
    await first.close();
    await (await openDatabase(folder)).close();
  });

  it('is rejected if it is a file', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    await rejectsToOpen(file, /not a folder/);
    await rejectsToOpen(join(file, 'below'), /not a folder/);
  });

  it('is rejected if another version wrote it', async () => {
    const folder = join(root, 'version');
    await (await openDatabase(folder)).close();
    const level = new Level(join(folder, 'database'));
    await level.put('format', '3');
    await level.close();
    await rejectsToOpen(folder, /another version/);
  });

  it('of an earlier version is rejected with instructions, after which it can be used', async () => {
    const folder = join(root, 'earlier');
    // The first format has no summary and no sequence file.
    const level = new Level(join(folder, 'database'));
    await level.batch([
      { type: 'put', key: 'format', value: '1' },
      { type: 'put', key: 'a!1', value: '{"some":"value"}' },
    ]);
    await level.close();
    await rejectsToOpen(folder, /earlier version .* delete the folder database in it/);
    await rm(join(folder, 'database'), { recursive: true });
    const database = await openDatabase(folder);
    assert.equal(database.isNew, true);
    await database.close();
  });

  it('opens after a first start that was interrupted at any point', async () => {
    const counted = join(root, 'broken-off-late');
    await (await openDatabase(counted)).close();
    await rm(join(counted, 'sequence'));
    await (await openDatabase(counted)).close();
    const folder = join(root, 'broken-off-early');
    await (await openDatabase(folder)).close();
    await rm(join(folder, 'sequence'));
    for (const name of await readdir(join(folder, 'database'))) {
      if (/CURRENT|\.log$/.test(name)) await rm(join(folder, 'database', name));
    }
    const database = await openDatabase(folder);
    assert.equal(database.isNew, true);
    await database.close();
  });

  it('continues after it was reopened, whether the last batch was written or not', async () => {
    const folder = join(root, 'again');
    const database = await openDatabase(folder);
    await put(database, 'a!1', 1);
    await database.reopen();
    await put(database, 'a!1', 2);
    await put(database, 'a!2', 3);
    await database.reopen();
    assert.deepEqual(await database.readAll('a'), [2, 3]);
    await database.close();
    // A closed database rejects writes; after it is reopened, the earlier records are still known.
    await assert.rejects(put(database, 'a!1', 4));
    await database.reopen();
    await put(database, 'a!1', 5);
    await database.close();
    const next = await openDatabase(folder);
    assert.deepEqual(await next.readAll('a'), [5, 3]);
    await next.close();
  });

  it('is not written to after it was replaced', async () => {
    const folder = join(root, 'exchanged');
    const database = await openDatabase(folder);
    await put(database, 'a!1', 1);
    await database.close();
    await rm(folder, { recursive: true });
    await (await openDatabase(folder)).close();
    await assert.rejects(database.reopen(), /not the one that this server has written/);
    await database.close();
  });
});

describe('a damaged data folder', () => {
  const RECORDS = 100;
  const change = async (
    folder: string,
    name: RegExp,
    edit: (bytes: Buffer) => Buffer | undefined,
  ) => {
    const place = join(folder, 'database');
    const found = (await readdir(place)).filter((file) => name.test(file));
    assert.ok(found.length > 0, String(name));
    for (const file of found) {
      const edited = edit(await readFile(join(place, file)));
      if (edited) await writeFile(join(place, file), edited);
      else await rm(join(place, file));
    }
  };
  const flip = (at: number) => (bytes: Buffer) => {
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 0x40;
    return bytes;
  };
  /** Writes records and closes the database. @param inTable whether LevelDB has moved the records from its log to a table */
  const written = async (name: string, inTable = false) => {
    const folder = join(root, name);
    const database = await openDatabase(folder);
    for (let index = 0; index < RECORDS; index += 1) {
      await put(database, `a!${String(index)}`, { text: `record ${String(index)} `.repeat(20) });
    }
    await database.close();
    // LevelDB moves its log into a table when it opens.
    if (inTable) await (await openDatabase(folder)).close();
    return folder;
  };
  const DAMAGED = /is damaged \([^)]+\): restore it .* or move it away/;

  it('is rejected if any byte of its log has changed, also on the next attempt', async () => {
    const folder = await written('log');
    const copy = join(root, 'log-copy');
    const [log = ''] = (await readdir(join(folder, 'database'))).filter((file) =>
      /\.log$/.test(file),
    );
    const { length } = await readFile(join(folder, 'database', log));
    for (let at = 0; at < length; at += 997) {
      await cp(folder, copy, { recursive: true });
      await change(copy, /\.log$/, flip(at));
      await rejectsToOpen(copy, DAMAGED);
      await rejectsToOpen(copy, DAMAGED);
      await rm(copy, { recursive: true });
    }
    await change(folder, /\.log$/, flip(-1));
    await rejectsToOpen(folder, /its last change is missing/);
  });

  it('is rejected if bytes of a table have changed, unless the records are intact', async () => {
    const folder = await written('table', true);
    const copy = join(root, 'table-copy');
    let refused = 0;
    for (let at = 5; at < 3_000; at += 101) {
      await cp(folder, copy, { recursive: true });
      await change(copy, /\.ldb$/, flip(at));
      try {
        const database = await openDatabase(copy);
        const records = await database.readAll('a');
        assert.ok(records.every((record) => /record \d+ /.test(JSON.stringify(record))));
        assert.equal(records.length, RECORDS);
        await database.close();
      } catch (error) {
        assert.match(String(error), DAMAGED);
        refused += 1;
      }
      await rm(copy, { recursive: true });
    }
    assert.ok(refused > 10, String(refused));
    await change(folder, /\.ldb$/, (bytes) => bytes.subarray(0, 100));
    await rejectsToOpen(folder, DAMAGED);
  });

  for (const [name, file, inTable] of [
    ['the file CURRENT', /^CURRENT$/, false],
    ['its manifest', /^MANIFEST/, false],
    ['its log', /\.log$/, false],
    ['its tables', /\.ldb$/, true],
    ['everything in its database', /./, true],
  ] as const) {
    it(`is rejected if ${name} is missing, and no other file is deleted`, async () => {
      const folder = await written(name.replaceAll(' ', '-'), inTable);
      await change(folder, file, () => undefined);
      await rejectsToOpen(folder, DAMAGED);
      const left = await readdir(join(folder, 'database'));
      if (!inTable && name !== 'its log') assert.ok(left.some((one) => /\.log$/.test(one)));
    });
  }

  it('is rejected if its log is truncated between two changes', async () => {
    const folder = await written('cut');
    const older = join(root, 'older');
    await cp(folder, older, { recursive: true });
    const database = await openDatabase(folder);
    await put(database, 'a!new', 1);
    await database.close();
    await rm(join(folder, 'database'), { recursive: true });
    await cp(join(older, 'database'), join(folder, 'database'), { recursive: true });
    await rejectsToOpen(folder, /its last change is missing/);
  });

  it('is rejected if the sequence file is missing or invalid', async () => {
    const folder = await written('sequence');
    await writeFile(join(folder, 'sequence'), 'many');
    await rejectsToOpen(folder, /sequence is damaged/);
    await rm(join(folder, 'sequence'));
    await rejectsToOpen(folder, /sequence is missing/);
  });

  it('is rejected if CURRENT is invalid', async () => {
    const folder = await written('nonsense');
    await writeFile(join(folder, 'database', 'CURRENT'), 'nonsense');
    await rejectsToOpen(folder, DAMAGED);
    await writeFile(join(folder, 'database', 'CURRENT'), 'MANIFEST-999999\n');
    await rejectsToOpen(folder, DAMAGED);
  });

  it('opens if the last change is incomplete, as after a crash', async () => {
    const folder = await written('crash');
    await change(folder, /\.log$/, (bytes) => bytes.subarray(0, -3));
    // The sequence file is written after the change.
    await writeFile(join(folder, 'sequence'), `${String(RECORDS - 1).padStart(16, '0')}\n`);
    const database = await openDatabase(folder);
    assert.equal((await database.readAll('a')).length, RECORDS - 1);
    await database.close();
  });
});
