/**
 * Runs test files of node:test in this process, one after the other. Starting a process for each file, and loading the sources
 * again, takes several times longer than short tests themselves. So these tests must not leave anything behind, like a changed
 * global variable or an open server.
 *
 * node --import tsx scripts/import-tests.mjs file …
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) {
  // The suites of test/contract contain the tests of several files.
  if (!/from '(node:test|.*\/test\/contract\/.*)'/.test(readFileSync(file, 'utf8'))) {
    throw new Error(`${file} contains no test.`);
  }
  await import(pathToFileURL(resolve(file)).href);
}
