/**
 * Finds a Chromium for the tests, and installs one if there is none.
 * Needs only Node; Playwright is loaded only to find its own browser.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './dependencies.mjs';

const asRoot = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * Features that are off. Recent versions of Chromium load two pages for suggestions in the address bar with each window, which
 * takes most of the CPU time of opening it. The last of several `--disable-features` counts, so the list contains those
 * that Playwright turns off.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
  'SpareRendererForSitePerProcess',
];

/** Switches that give a test browser a fake camera and microphone without prompts, and let it play sound immediately. */
export const browserArguments = [
  `--disable-features=${disabledFeatures.join(',')}`,
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  // Lets two pages connect on a machine without a network.
  '--allow-loopback-in-peer-connection',
  // Chromium's sandbox does not work for root, the usual user in containers.
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
 * Browsers of which this process knows that they start.
 * @type {Set<string>}
 */
const startable = new Set();

/**
 * Whether the program starts. An installed browser may lack a system library.
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) return false;
  if (startable.has(path)) return true;
  // On Windows, `--version` would open a window.
  if (process.platform === 'win32') return true;
  const { status } = spawnSync(path, ['--version', ...(asRoot ? ['--no-sandbox'] : [])]);
  if (status === 0) startable.add(path);
  return status === 0;
}

async function playwrightsOwn() {
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath();
}

/**
 * Path of a Chromium that starts: `CHROMIUM_PATH`, Playwright's own, or an installed one; undefined if there is none.
 * @returns {Promise<string | undefined>}
 * @throws {SetupError} if the browser in `CHROMIUM_PATH` does not start
 */
export async function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (starts(named)) return named;
    throw new SetupError(`CHROMIUM_PATH is ${named}, and no browser starts from that path.`);
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

/** The prefix of a command that needs root: empty for root, `sudo` if it needs no password; otherwise undefined. */
function administrator() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return undefined;
  if (asRoot) return [];
  return run('sudo', ['-n', 'true']).done ? ['sudo', '-n'] : undefined;
}

/**
 * @returns {Promise<string>} path of a Chromium, which is installed if necessary
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

  const prefix = administrator();
  if (prefix !== undefined) {
    console.log('Installing a browser for the tests (apt-get install chromium) …');
    for (const command of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      const [program = '', ...rest] = [...prefix, 'apt-get', ...command];
      attempts.push(run(program, rest));
    }
    const installed = await findBrowser();
    if (installed !== undefined) return installed;
  }
  for (const { done, output } of attempts) if (!done) console.error(output);
  throw new SetupError(
    'The tests need Chromium. None was found, and the installation failed. Install it, or set CHROMIUM_PATH.',
  );
}
