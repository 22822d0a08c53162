/**
 * Installs the packages of package-lock.json if they are missing. Needs only Node, because it runs before the installation.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The message of any thrown value.
 * @param {unknown} error
 */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** A failure that its message explains. It is shown without a stack. */
export class SetupError extends Error {}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage */

/**
 * Packages of a lock file by their folder, or undefined if the file does not exist.
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
 * Whether node_modules matches the lock file. npm writes `.package-lock.json` as its last step, so an interrupted
 * installation counts as missing, and a manual one (`npm ci`, `npm install`) as complete.
 */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (installed === undefined) return false;
  return Object.entries(packagesOf('package-lock.json') ?? {}).every(([folder, wanted]) => {
    if (folder === '') return true;
    const present = installed[folder];
    // Most optional packages are for other platforms.
    if (present === undefined) return wanted.optional === true || wanted.devOptional === true;
    return present.version === wanted.version && present.integrity === wanted.integrity;
  });
}

/** @throws {SetupError} if Node is too old for the packages */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`ringkit needs Node 20.19 or newer. This is ${process.versions.node}.`);
}

/** Runs `npm ci` unless the packages of the lock file are installed. @throws {SetupError} */
export function ensureDependencies() {
  if (isInstalled()) return;
  // npm would empty the folder that the link leads to.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new SetupError(
      'node_modules is a link, and its contents do not match package-lock.json.',
    );
  }
  console.log('Installing the dependencies (npm ci) …');
  // Prefers the npm that started this script, since npm may not be on the path.
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
      ? `The dependencies could not be installed: npm ci ended with code ${String(result.status)}. Its output is above.`
      : `The dependencies could not be installed: npm can't be run (${result.error.message}).`,
  );
}

/**
 * Runs the body of a script. Of a {@link SetupError}, only the message is printed.
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
