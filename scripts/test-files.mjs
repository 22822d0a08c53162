/**
 * Assigns each test file to a runner. A test that matches none of the patterns below runs in Node, so none is forgotten.
 * (Node 20 has no globs, so this module lists the files.)
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './dependencies.mjs';

/** Tests that need a browser page (@web/test-runner). */
const inBrowser =
  /^src\/(components\/.*|core\/(tabs|media(?!\/(codec-attributes|device-problem|facing|link-(channel|negotiation|progress|remote|statistics)|outgoing-signals|remembered-device|remote-screen|send-control-timer|send-policy|speech-detector|verification\/)))\/.*|core\/(transports\/local|storage\/browser-storage)|define\/.*|standalone\/.*)\.test\.ts$/;

/** Tests of the packed packages, which need a build. */
const ofPackage = /^test\/package\/.*\.test\.ts$/;

/** Tests of the documentation site, which they build. */
const ofSite = /^test\/site\/.*\.test\.ts$/;

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
 * Tests that take more than about two seconds: they start processes, wait for real time-outs, or run thousands of random
 * cases. All other tests in Node are the unit tests of `npm run check`.
 */
const slow =
  /^(test\/(attacks|deploy|docs|simulation)\/.*|load\/run|src\/core\/(machine\/authority\.property|transports\/server)|server\/(cli|cli-options|auth\/(tokens|turn)|calls\/.*|gateway\/(flood|gateway\.property|sign-in)|history\/disk-history|inbox\/((disk-|memory-)?inbox|exhaustion|inbox-budget\.property)|limits\/abuse|routing\/(busy-devices|call-histories|history-devices|lost-devices|returning-devices|strangers|user-preferences)|storage\/(database|full-disk|write-behind-queue)|[^/]+\/redis-.*))\.test\.ts$/;

export const browserTests = () => tests().filter((file) => inBrowser.test(file));
export const packageTests = () => tests().filter((file) => ofPackage.test(file));
export const siteTests = () => tests().filter((file) => ofSite.test(file));
const nodeTests = () =>
  tests().filter((file) => ![inBrowser, ofPackage, ofSite].some((kind) => kind.test(file)));

export const unitTests = () => nodeTests().filter((file) => !slow.test(file));
export const slowTests = () => nodeTests().filter((file) => slow.test(file));

/** Playwright tests are named `*.spec.ts`, so that no other runner runs them. */
export const pageTests = () =>
  ['test/e2e', 'test/frameworks'].flatMap(filesUnder).filter((file) => file.endsWith('.spec.ts'));
