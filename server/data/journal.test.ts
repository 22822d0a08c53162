import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Journal, type Database } from './journal.js';

/** A database whose writes end when the test says so. */
function fakeDatabase() {
  const writes: { keys: string[]; end: (error?: Error) => void }[] = [];
  const batch = (operations: readonly { type: string; key: string }[]) =>
    new Promise<void>((resolve, reject) => {
      const keys = operations.map(({ type, key }) => `${type} ${key}`);
      writes.push({ keys, end: (error) => (error ? reject(error) : resolve()) });
    });
  return { writes, database: { batch } as unknown as Pick<Database, 'batch'> };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the journal', () => {
  it('has nothing to wait for when nothing was recorded', async () => {
    const { database, writes } = fakeDatabase();
    await new Journal(database).commit();
    assert.equal(writes.length, 0);
  });

  it('writes together what comes while a write is under way', async () => {
    const { database, writes } = fakeDatabase();
    const journal = new Journal(database);
    const done: string[] = [];
    const commit = (key: string, value?: string) => {
      journal.record(key, value);
      void journal.commit().then(() => done.push(key));
    };
    commit('a', 'x');
    await settle();
    commit('b', 'x');
    commit('c');
    commit('b', 'y');
    void journal.commit().then(() => done.push('all'));
    await settle();
    assert.deepEqual(
      writes.map(({ keys }) => keys),
      [['put a']],
    );
    writes[0]?.end();
    await settle();
    assert.deepEqual(done, ['a']);
    assert.deepEqual(writes[1]?.keys, ['put b', 'del c']);
    writes[1].end();
    await settle();
    assert.deepEqual(done.sort(), ['a', 'all', 'b', 'b', 'c']);
  });

  it('lets one who found what is being written wait for it', async () => {
    const { database, writes } = fakeDatabase();
    const journal = new Journal(database);
    journal.record('a', 'x');
    void journal.commit();
    await settle();
    let done = false;
    void journal.commit().then(() => (done = true));
    await settle();
    assert.equal(done, false);
    writes[0]?.end();
    await settle();
    assert.equal(done, true);
    assert.equal(writes.length, 1);
  });

  it('says what could not be written, and writes it the next time', async () => {
    const { database, writes } = fakeDatabase();
    const journal = new Journal(database);
    journal.record('a', 'old');
    journal.record('b', 'x');
    const failed = assert.rejects(journal.commit(), /full/);
    await settle();
    journal.record('a', 'new');
    const second = journal.commit();
    writes[0]?.end(new Error('the disk is full'));
    await failed;
    await settle();
    assert.deepEqual(writes[1]?.keys, ['put a', 'put b']);
    writes[1].end();
    await second;
    await journal.commit();
    assert.equal(writes.length, 2);
  });
});
