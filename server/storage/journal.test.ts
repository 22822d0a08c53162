import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import type { Logger } from '../observability/logger.js';
import { UnavailableError } from './unavailable-error.js';
import { Journal } from './journal.js';

/** A database whose writes finish when the test decides, and whose `reopen` fails with `state.fault`, if set. */
function fakeDatabase() {
  const writes: { keys: string[]; end: (error?: Error) => void }[] = [];
  const state = { opened: 0, fault: undefined as Error | undefined };
  const database = {
    write: (changes: ReadonlyMap<string, unknown>) =>
      new Promise<void>((resolve, reject) => {
        const keys = [...changes].map(
          ([key, value]) => `${value === undefined ? 'del' : 'put'} ${key}`,
        );
        writes.push({ keys, end: (error) => (error ? reject(error) : resolve()) });
      }),
    reopen: async () => {
      state.opened += 1;
      if (state.fault) throw state.fault;
    },
  };
  return { writes, database, state };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the journal', () => {
  it('commits immediately when nothing was recorded', async () => {
    const { database, writes } = fakeDatabase();
    await new Journal(database).commit();
    assert.equal(writes.length, 0);
  });

  it('writes changes that are recorded during a write in one batch', async () => {
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

  it('waits in commit() for a write in progress', async () => {
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

  /** A journal whose first write has failed. */
  async function failing() {
    const { database, writes, state } = fakeDatabase();
    const clock = createFakeClock();
    const warnings: string[] = [];
    const logger: Logger = {
      debug() {},
      info() {},
      warn: (message, details) => void warnings.push(`${message} ${JSON.stringify(details)}`),
    };
    const journal = new Journal(database, { clock, logger });
    journal.record('a', 'old');
    journal.record('b', 'x');
    const first = assert.rejects(journal.commit(), UnavailableError);
    await settle();
    journal.record('a', 'new');
    const second = assert.rejects(journal.commit(), UnavailableError);
    writes[0]?.end(new Error('the disk is full'));
    await Promise.all([first, second]);
    return { journal, database, writes, state, clock, warnings };
  }

  it('logs a failure once, and writes nothing until the database has been reopened', async () => {
    const { journal, writes, state, clock, warnings } = await failing();
    assert.equal(journal.isWritable, false);
    assert.match(warnings.join(), /^the data folder cannot be written.*the disk is full/);
    journal.record('c', 'x');
    await assert.rejects(journal.commit(), UnavailableError);
    assert.equal(journal.unwritten, 3);
    assert.deepEqual([writes.length, state.opened], [1, 0]);
    await clock.advance(1_000);
    assert.deepEqual(writes[1]?.keys, ['put a', 'put b', 'put c']);
    assert.equal(journal.isWritable, false);
    journal.record('d', 'x');
    writes[1].end();
    await settle();
    assert.equal(journal.isWritable, true);
    assert.match(warnings[1] ?? '', /is writable again.*"seconds":1,"changes":3/);
    // The changes recorded during that write are written next.
    assert.deepEqual(writes[2]?.keys, ['put d']);
    writes[2].end();
    await journal.commit();
    assert.deepEqual([writes.length, warnings.length, journal.unwritten], [3, 2, 0]);
  });

  it('retries with pauses that grow up to 10 seconds', async () => {
    const { journal, writes, state, clock, warnings } = await failing();
    state.fault = new Error('still full');
    const tries: number[] = [];
    const start = clock.now();
    for (let seconds = 1; seconds <= 40; seconds += 1) {
      const before = state.opened;
      await clock.advance(1_000);
      if (state.opened > before) tries.push((clock.now() - start) / 1_000);
    }
    assert.deepEqual(tries, [1, 3, 7, 15, 25, 35]);
    assert.equal(warnings.length, 1);
    state.fault = undefined;
    await clock.advance(5_000);
    writes[1]?.end();
    await settle();
    assert.equal(journal.isWritable, true);
    assert.equal(clock.timers, 0);
  });

  it('drops the oldest changes beyond a limit of 100,000', async () => {
    const { journal } = await failing();
    for (let index = 0; index < 100_001; index += 1) journal.record(`key-${String(index)}`, 'x');
    assert.equal(journal.unwritten, 100_000);
  });

  it('makes one last attempt to write in close(), and never rejects', async () => {
    const unrecovered = await failing();
    unrecovered.state.fault = new Error('still full');
    await unrecovered.journal.close();
    assert.equal(unrecovered.clock.timers, 0);
    assert.match(unrecovered.warnings[1] ?? '', /could not be written.*"changes":2.*still full/);

    const recovered = await failing();
    const closed = recovered.journal.close();
    await settle();
    assert.deepEqual(recovered.writes[1]?.keys, ['put a', 'put b']);
    recovered.writes[1].end();
    await closed;
    assert.equal(recovered.warnings.length, 1);

    const { database, writes } = fakeDatabase();
    const journal = new Journal(database);
    journal.record('a', 'x');
    const written = journal.close();
    await settle();
    writes[0]?.end(new Error('the disk is full'));
    await written;
  });
});
