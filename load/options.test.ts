import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LoadError } from './load-error.js';
import { readOptions } from './options.js';

const read = (text: string) => readOptions(text.split(' ').filter(Boolean));
const enough = '--users 400 --calls-per-second 5';

describe('readOptions', () => {
  it('has defaults for all options except users and calls', () => {
    assert.deepEqual(read(enough), {
      users: 400,
      callsPerSecond: 5,
      seconds: 60,
      nodes: [],
      tokenSecret: undefined,
      seed: 1,
      pace: 1,
      workers: 1,
    });
    assert.equal(read('--users 5001 --calls-per-second 5')?.workers, 3);
    assert.equal(read('--help'), undefined);
  });

  it('accepts only servers on this machine', () => {
    const near = 'http://localhost:1,ws://127.0.0.2:2/calls,https://[::1]:3';
    assert.deepEqual(read(`${enough} --nodes ${near}`)?.nodes, [
      'http://localhost:1/',
      'ws://127.0.0.2:2/calls',
      'https://[::1]:3/',
    ]);
    const far = ['http://example.org', 'http://10.0.0.1:8787', 'http://127.0.0.1.example.org'];
    for (const node of [...far, 'http://128.0.0.1', 'http://localhost@example.org']) {
      assert.throws(() => read(`${enough} --nodes http://127.0.0.1,${node}`), /on this machine/);
    }
  });

  it('rejects invalid options with one sentence', () => {
    const bad = {
      '': /--users is missing/,
      '--users 40': /--calls-per-second is missing/,
      '--users many --calls-per-second 1': /--users must be a whole number/,
      '--users 40.5 --calls-per-second 1': /--users must be a whole number/,
      '--users 40 --calls-per-second 0': /--calls-per-second must be a number/,
      '--users 40 --calls-per-second 5': /5 calls per second need about \d+ users, not 40/,
      '--users 40 --calls-per-second 0.1 --workers 20': /too few for 20 workers/,
      [`${enough} --seconds -1`]: /argument/,
      [`${enough} --seconds=0`]: /--seconds must be a number/,
      [`${enough} --nodes nonsense`]: /--nodes must be URLs/,
      [`${enough} --nodes ftp://127.0.0.1`]: /--nodes must be URLs/,
      [`${enough} --token-secret short`]: /--token-secret must have at least 32 bytes/,
      [`${enough} --surprise`]: /--surprise/,
      [`${enough} more`]: /more/,
    };
    for (const [text, why] of Object.entries(bad)) {
      assert.throws(
        () => read(text),
        (error: unknown) => {
          assert.ok(error instanceof LoadError, text);
          assert.match(error.message, why);
          assert.match(error.message, /^[^\n]+\.$/);
          return true;
        },
      );
    }
  });
});
