/**
 * Finds a Chromium for the tests, and installs one where there is none.
 * Plain Node; Playwright is loaded when its own browser is asked for.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './dependencies.mjs';

const asRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** Switches with which a test browser has a camera and a microphone, asks nobody, and plays sound at once. */
export const browserArguments = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  // Two pages reach each other also where the machine has no network.
  '--allow-loopback-in-peer-connection',
  // Chromium's sandbox can't be used by root, as which containers run.
  ...(asRoot ? ['--no-sandbox'] : []),
];

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const usualPlaces = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
};

/**
 * Whether the program starts: one that is there may still lack a library of the system.
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) return false;
  // On Windows `--version` opens a window.
  if (process.platform === 'win32') return true;
  return spawnSync(path, ['--version', ...(asRoot ? ['--no-sandbox'] : [])]).status === 0;
}

async function playwrightsOwn() {
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath();
}

/**
 * Path of a Chromium that starts: `CHROMIUM_PATH`, Playwright's own, an installed one; undefined where there is none.
 * @returns {Promise<string | undefined>}
 * @throws {SetupError} when `CHROMIUM_PATH` names none
 */
export async function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (starts(named)) return named;
    throw new SetupError(`CHROMIUM_PATH names ${named}, and no browser starts from there.`);
  }
  return [await playwrightsOwn(), ...(usualPlaces[process.platform] ?? [])].find(starts);
}

/**
 * @param {string} command
 * @param {string[]} arguments_
 */
function run(command, arguments_) {
  const result = spawnSync(command, arguments_, {
    cwd: root,
    encoding: 'utf8',
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return {
    done: result.status === 0,
    output: `${result.stdout ?? ''}${result.stderr ?? ''}`.trim(),
  };
}

/** The words before an administrator's command: none for root, `sudo` where it asks for no password. */
function administrator() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return undefined;
  if (asRoot) return [];
  return run('sudo', ['-n', 'true']).done ? ['sudo', '-n'] : undefined;
}

/**
 * @returns {Promise<string>} path of a Chromium, installed where it was missing
 * @throws {SetupError}
 */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found !== undefined) return found;

  const attempts = [];
  console.log('Installing a browser for the tests (playwright install chromium) …');
  const playwright = join('node_modules', '@playwright', 'test', 'cli.js');
  attempts.push(run(process.execPath, [playwright, 'install', 'chromium']));
  const downloaded = await findBrowser();
  if (downloaded !== undefined) return downloaded;

  const words = administrator();
  if (words !== undefined) {
    console.log('Installing a browser for the tests (apt-get install chromium) …');
    for (const command of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      const [program = '', ...rest] = [...words, 'apt-get', ...command];
      attempts.push(run(program, rest));
    }
    const installed = await findBrowser();
    if (installed !== undefined) return installed;
  }
  for (const { done, output } of attempts) if (!done) console.error(output);
  throw new SetupError(
    'The tests need Chromium, and none was found or could be installed: install it, or name one in CHROMIUM_PATH.',
  );
}
