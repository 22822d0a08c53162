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

describe('a JSON Web Key Set in a file', () => {
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
      /** Whether a token that is signed with this key is accepted. */
      accepts: async (key: Key) => {
        const token = await key.tokenFor('alice', START);
        return (await authenticate({ userID: 'alice', userName: '', token })).ok;
      },
    };
  };

  it('is read again when a token names an unknown key, so that a new key works immediately', async () => {
    const { accepts } = await setUp();
    assert.equal(await accepts(older), true);
    assert.equal(await accepts(newer), false);
    await write(older, newer);
    assert.deepEqual(await Promise.all([accepts(newer), accepts(older), accepts(newer)]), [
      true,
      true,
      true,
    ]);
    assert.equal(log.filter((line) => line.startsWith('info')).length, 1, String(log));
  });

  it('is checked for changes every 5 seconds, so that a removed key stops working', async () => {
    const { accepts } = await setUp();
    const other = join(folder, 'other.json');
    await writeFile(other, JSON.stringify({ keys: [newer.jwk] }));
    await rename(other, file);
    assert.equal(await accepts(older), true, 'the file was checked less than 5 seconds ago');
    now += 5_000;
    assert.equal(await accepts(older), false);
    assert.equal(await accepts(newer), true);
  });

  it('keeps its last keys while the file is damaged or missing; unknown keys then cause an error', async () => {
    const { accepts } = await setUp();
    const faults = [
      () => writeFile(file, '{"keys": [{"kid": "hid'),
      () => writeFile(file, '{"keys": 7}'),
      () => rm(file),
    ];
    for (const causeFault of faults) {
      await causeFault();
      now += 5_000;
      assert.equal(await accepts(older), true);
      await assert.rejects(accepts(newer), /Cannot read/);
      await assert.rejects(accepts(newer), /Cannot read/);
    }
    assert.equal(log.length, faults.length, 'each fault is logged once');
    for (const line of log) assert.match(line, /^warn cannot read the file with the JWT keys/);
    assert.doesNotMatch(String(log), /hid/);
    await write(newer);
    assert.equal(await accepts(newer), true);
    assert.equal(await accepts(older), false);
  });
});
