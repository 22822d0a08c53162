/**
 * Sees to it that the packages of the lock are installed. Plain Node: it runs before anything is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The words of whatever was thrown.
 * @param {unknown} error
 */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** A failure that one sentence explains: shown without a stack. */
export class SetupError extends Error {}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage */

/**
 * Packages of one lock file by their folder, or undefined where there is no such file.
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch (error) {
    if (!existsSync(join(root, file))) return undefined;
    throw new SetupError(`${file} can't be read: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * Whether node_modules holds what the lock says. npm writes down there what it has installed, as its last step, so
 * a broken-off installation counts as missing, and one by hand (`npm ci`, `npm install`) as done.
 */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (installed === undefined) return false;
  return Object.entries(packagesOf('package-lock.json') ?? {}).every(([folder, wanted]) => {
    if (folder === '') return true;
    const present = installed[folder];
    // Optional packages are those of other platforms, for the most part.
    if (present === undefined) return wanted.optional === true || wanted.devOptional === true;
    return present.version === wanted.version && present.integrity === wanted.integrity;
  });
}

/** Ends the process with one sentence where Node is older than the packages need. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `ringkit needs Node 20.19 or newer, and this is ${process.versions.node}: install a newer one.`,
  );
}

/** Runs `npm ci` unless it has been done for this lock. @throws {SetupError} */
export function ensureDependencies() {
  if (isInstalled()) return;
  // npm would empty the folder that it leads to, which is somebody else's.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new SetupError('node_modules is a link, and does not hold what the lock says.');
  }
  console.log('Installing the dependencies (npm ci) …');
  // The npm that called us, where one did: it need not be on the path.
  const npm = process.env.npm_execpath;
  const arguments_ = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = npm?.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [npm, ...arguments_], { cwd: root, encoding: 'utf8' })
    : spawnSync('npm', arguments_, {
        cwd: root,
        encoding: 'utf8',
        shell: process.platform === 'win32',
      });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  throw new SetupError(
    result.error === undefined
      ? `The dependencies could not be installed: npm ci ended with code ${String(result.status)} (its words are above).`
      : `The dependencies could not be installed: npm can't be run (${result.error.message}).`,
  );
}

/**
 * Runs the body of a script; a {@link SetupError} is printed as its one sentence.
 * @param {() => Promise<void>} body
 */
export async function runScript(body) {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}
