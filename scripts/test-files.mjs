/**
 * Which runner takes which test. A test that nothing below names runs in Node, so that none is forgotten.
 * (Node 20 has no globs: the lists are made here.)
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './dependencies.mjs';

/** What needs a browser's page: @web/test-runner. */
const inBrowser =
  /^src\/(components\/.*|core\/(tabs|media)\/.*|core\/(transports\/local|storage\/browser-storage)|define\/.*|standalone\/.*)\.test\.ts$/;
/** Tests of the packed package, which need a build. */
const ofPackage = /^test\/package\/.*\.test\.ts$/;

/** @param {string} folder */
function filesUnder(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

const tests = () =>
  ['src', 'server', 'demo', 'test', 'bench', 'load', 'scripts']
    .flatMap(filesUnder)
    .filter((file) => /\.test\.(ts|mjs)$/.test(file));

/**
 * What takes more than about two seconds: it starts processes, waits for real time-outs, or runs thousands of random cases.
 * The quick ones are the unit tests of `npm run check`.
 */
const slow =
  /^(test\/(attacks|docs|simulation)\/.*|load\/run|src\/core\/(machine\/authority\.property|transports\/server)|server\/(cli|cli-options|auth\/(tokens|turn)|calls\/.*|gateway\/(flood|gateway\.property|sign-in)|inbox\/((disk-|memory-)?inbox|exhaustion|inbox-budget\.property)|limits\/abuse|routing\/(lost-devices|strangers)|storage\/(database|full-disk|write-behind-queue)|[^/]+\/redis-.*))\.test\.ts$/;

export const browserTests = () => tests().filter((file) => inBrowser.test(file));
export const packageTests = () => tests().filter((file) => ofPackage.test(file));
const nodeTests = () => tests().filter((file) => !inBrowser.test(file) && !ofPackage.test(file));

export const unitTests = () => nodeTests().filter((file) => !slow.test(file));
export const slowTests = () => nodeTests().filter((file) => slow.test(file));

/** Playwright's are named otherwise, so that no other runner takes them. */
export const pageTests = () =>
  ['test/e2e', 'test/frameworks'].flatMap(filesUnder).filter((file) => file.endsWith('.spec.ts'));
