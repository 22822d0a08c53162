import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { iconFiles, iconFolder } from './icons.mjs';

it('the icons of the elements match the installed Lucide version (otherwise run: npm run icons)', async () => {
  const wanted = await iconFiles();
  assert.deepEqual((await readdir(iconFolder)).sort(), [...wanted.keys()].sort());
  for (const [file, text] of wanted) {
    assert.equal(await readFile(join(iconFolder, file), 'utf8'), text, file);
  }
});
