import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DataError } from './data-error.js';
import { openSecrets as open } from './secrets.js';

const openSecrets = (folder: string) => open(folder, { mayCreate: true });

describe('openSecrets', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'ringkit-secrets-'));
  });
  after(() => rm(root, { recursive: true }));

  it('creates the file once, readable only by the user of the server', async () => {
    const folder = await mkdtemp(join(root, 'new-'));
    const made = await openSecrets(folder);
    assert.deepEqual(await readdir(folder), ['secrets.json']);
    assert.equal((await stat(join(folder, 'secrets.json'))).mode & 0o777, 0o600);
    assert.deepEqual(await openSecrets(folder), made);
    const others = await openSecrets(await mkdtemp(join(root, 'other-')));
    assert.notEqual(others.ticketSecret, made.ticketSecret);
    assert.notEqual(others.vapid.privateKey, made.vapid.privateKey);
  });

  it('does not replace a damaged file', async () => {
    const folder = await mkdtemp(join(root, 'damaged-'));
    for (const text of ['', '{', 'null', '{}', '{"vapid":{},"ticketSecret":"AAAA"}']) {
      await writeFile(join(folder, 'secrets.json'), text);
      await assert.rejects(openSecrets(folder), (error: unknown) => {
        assert.ok(error instanceof DataError);
        assert.match(error.message, /damaged.*\.$/);
        return true;
      });
    }
  });

  it('does not create new secrets for an existing folder whose file is missing', async () => {
    const folder = await mkdtemp(join(root, 'missing-'));
    await assert.rejects(open(folder, { mayCreate: false }), (error: unknown) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, /damaged.*secrets\.json is missing.*restore.*\.$/);
      assert.ok(error.message.includes(folder));
      return true;
    });
    assert.deepEqual(await readdir(folder), []);
  });

  it('throws if the folder is not writable', async (test) => {
    if (process.getuid?.() === 0) return test.skip('root may write to read-only folders');
    const folder = await mkdtemp(join(root, 'closed-'));
    await chmod(folder, 0o500);
    await assert.rejects(openSecrets(folder), DataError);
  });
});
