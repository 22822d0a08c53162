import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { signingKey } from '../../test/support/tokens.js';
import { authenticateJwt } from './jwt.js';
import { lineLogger } from '../observability/logger.js';

const START = 1_800_000_000_000;

type Key = Awaited<ReturnType<typeof signingKey>>;

describe('keys of tokens in a file', () => {
  let folder: string;
  let file: string;
  let older: Key;
  let newer: Key;
  let now: number;
  let log: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringkit-keys-'));
    file = join(folder, 'keys.json');
    [older, newer] = [await signingKey('older'), await signingKey('newer')];
    now = START;
    log = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (...keys: readonly Key[]) =>
    writeFile(file, JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  const open = () => {
    const logger = lineLogger((line) => log.push(line.split(' ').slice(1).join(' ')));
    return authenticateJwt({ jwks: file, logger }, () => now);
  };
  const setUp = async () => {
    await write(older);
    const authenticate = await open();
    return {
      /** Whether a token that is signed with this key is taken. */
      takes: async (key: Key) => {
        const token = await key.tokenFor('alice', START);
        return (await authenticate({ userID: 'alice', userName: '', token })).ok;
      },
    };
  };

  it('are exchanged while they are in use: a new key is known at once', async () => {
    const { takes } = await setUp();
    assert.equal(await takes(older), true);
    assert.equal(await takes(newer), false);
    await write(older, newer);
    assert.deepEqual(await Promise.all([takes(newer), takes(older), takes(newer)]), [
      true,
      true,
      true,
    ]);
    assert.equal(log.filter((line) => line.startsWith('info')).length, 1, String(log));
  });

  it('are not good any more when they were taken out, after five seconds at most', async () => {
    const { takes } = await setUp();
    const other = join(folder, 'other.json');
    await writeFile(other, JSON.stringify({ keys: [newer.jwk] }));
    await rename(other, file);
    assert.equal(await takes(older), true, 'it was looked at just now');
    now += 5_000;
    assert.equal(await takes(older), false);
    assert.equal(await takes(newer), true);
  });

  it('are those read last while the file is damaged or missing, and of others nobody can tell', async () => {
    const { takes } = await setUp();
    const spoilings = [
      () => writeFile(file, '{"keys": [{"kid": "hid'),
      () => writeFile(file, '{"keys": 7}'),
      () => rm(file),
    ];
    for (const spoil of spoilings) {
      await spoil();
      now += 5_000;
      assert.equal(await takes(older), true);
      await assert.rejects(takes(newer), /can not be read/);
      await assert.rejects(takes(newer), /can not be read/);
    }
    assert.equal(log.length, spoilings.length, 'each is said once');
    for (const line of log) assert.match(line, /^warn the keys of the tokens can not be read/);
    assert.doesNotMatch(String(log), /hid/);
    await write(newer);
    assert.equal(await takes(newer), true);
    assert.equal(await takes(older), false);
  });
});
