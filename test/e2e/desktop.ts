import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser } from '@playwright/test';
import { browserArguments, findBrowser } from '../../scripts/browser.mjs';

const PERMISSIONS = ['notifications', 'camera', 'microphone'];

/** A browser with windows and its own profile. */
export interface Desktop {
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * Starts a browser in which only the front tab is visible and notifications are allowed. A browser that Playwright
 * starts reports every page as visible.
 * @param env environment variables, added to those of the tests
 */
export async function openDesktop(env: Readonly<Record<string, string>> = {}): Promise<Desktop> {
  const profile = await mkdtemp(join(tmpdir(), 'ringkit-profile-'));
  const program = (await findBrowser()) ?? chromium.executablePath();
  const child = spawn(
    program,
    [
      ...browserArguments,
      '--use-fake-device-for-media-stream=fps=5',
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--force-prefers-reduced-motion',
      '--window-size=1280,800',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--password-store=basic',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } },
  );
  const end = (): boolean => child.kill('SIGKILL');
  process.once('exit', end);
  const browser = await chromium.connectOverCDP(await addressOf(child), {
    isLocal: true,
    noDefaults: true,
  });
  await browser.contexts()[0]?.grantPermissions(PERMISSIONS);
  return {
    browser,
    async close() {
      const gone = once(child, 'exit');
      await browser.close();
      end();
      await gone;
      process.off('exit', end);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The address of its debugging port, which it prints at its start. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('The browser has no output.');
  const output: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
    // Reads and discards later output, so that the pipe does not fill up.
    if (address !== undefined) {
      child.stderr.resume();
      return address;
    }
    output.push(line);
  }
  throw new Error(`The browser has not started: ${output.join('\n')}`);
}
