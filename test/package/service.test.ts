import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from './consumer.js';

/* Runs the unit tests of the service and its stores against the script builds, so that a script tag provides the
   same behaviour as the sources. */

/** Tests that create services with the harness, which reads RINGKIT_BUILD. */
async function serviceTests(): Promise<string[]> {
  const files = ['service', 'missed-calls'].map(async (folder) => {
    const path = join(root, 'src/core', folder);
    const tests = (await readdir(path)).filter((file) => file.endsWith('.test.ts'));
    return tests.map((file) => join(path, file));
  });
  const uses = async (file: string) =>
    /support\/(service|missed-calls)-harness\.js/.test(await readFile(file, 'utf8'));
  const all = (await Promise.all(files)).flat();
  const used = await Promise.all(all.map(uses));
  return all.filter((_file, index) => used[index]);
}

/** Runs all files in one process, like the step `unit`. */
function run(build: string, files: readonly string[]): Promise<string> {
  // A separate runner, whose tests the runner of this test does not count.
  const { NODE_TEST_CONTEXT: _ignored, ...env } = process.env;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--test-reporter=tap', 'scripts/import-tests.mjs', ...files],
    { cwd: root, env: { ...env, RINGKIT_BUILD: build }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}

describe('the unit tests of the service', () => {
  for (const build of ['ringkit.js', 'ringkit.global.js']) {
    it(`pass with the code of ${build}`, async () => {
      const output = await run(build, await serviceTests());
      const count = (name: string) =>
        Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output)?.[1]);
      const failures = output.split('\n').filter((line) => /^\s*not ok/.test(line));
      assert.deepEqual(failures, []);
      assert.equal(count('fail'), 0);
      assert.ok(count('pass') > 100, output.slice(-500));
    });
  }
});
