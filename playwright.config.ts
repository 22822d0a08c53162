import { availableParallelism } from 'node:os';
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import type { House } from './test/e2e/stage.js';
import { browserArguments, findBrowser } from './scripts/browser.mjs';

const executablePath = await findBrowser();

const groups = 'e2e/group*.spec.ts';

const use: PlaywrightTestConfig<object, House>['use'] = {
  browserName: 'chromium',
  permissions: ['camera', 'microphone'],
  launchOptions: {
    args: browserArguments,
    ...(executablePath === undefined ? {} : { executablePath }),
  },
  // A video would need Playwright's own ffmpeg.
  video: 'off',
  trace: 'retain-on-failure',
  screenshot: 'only-on-failure',
};

/** Whole calls in real browsers. Each test starts the servers that it needs, on free ports, and ends them. */
export default defineConfig<object, House>({
  testDir: 'test',
  testMatch: ['e2e/**/*.spec.ts', 'frameworks/**/*.spec.ts'],
  outputDir: 'test-results',
  // A file at a time on each core: its tests share a server and browsers. Beyond four, pages that call each other starve.
  workers: Math.min(availableParallelism(), 4),
  retries: 0,
  forbidOnly: true,
  // Of a whole test, however busy the machine is: each condition that it waits for has a shorter one of its own.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  projects: [
    // Calls of up to four people, with twelve streams of pictures: one such call at a time.
    { name: 'groups', testMatch: groups, workers: 1, use },
    { name: 'others', testIgnore: groups, use },
    // The core of it once more with the classic script: everything else loads the module, as most pages do.
    {
      name: 'classic script',
      testMatch: 'e2e/{calls,local}.spec.ts',
      use: { ...use, build: 'ringkit.global.js' },
    },
  ],
});
