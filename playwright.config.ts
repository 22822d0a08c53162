import { availableParallelism } from 'node:os';
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import type { WorkerFixtures } from './test/e2e/fixtures.js';
import { browserArguments, findBrowser } from './scripts/browser.mjs';

const executablePath = await findBrowser();

const groups = 'e2e/group*.spec.ts';

const use: PlaywrightTestConfig<object, WorkerFixtures>['use'] = {
  browserName: 'chromium',
  permissions: ['camera', 'microphone'],
  // An animated page takes half a core without a GPU.
  contextOptions: { reducedMotion: 'reduce' },
  launchOptions: {
    // A low frame rate: pages with four phones encode and decode twelve video streams.
    args: [...browserArguments, '--use-fake-device-for-media-stream=fps=5'],
    ...(executablePath === undefined ? {} : { executablePath }),
  },
  // Videos need Playwright's own ffmpeg.
  video: 'off',
  // Recording takes 7 % of the CPU time. A test that fails prints what happened on its pages (`Person.summary`).
  // `--trace on` records everything.
  trace: 'off',
  screenshot: 'only-on-failure',
};

/** End-to-end tests in real browsers. Each test starts the servers that it needs, on free ports, and stops them. */
export default defineConfig<object, WorkerFixtures>({
  testDir: 'test',
  testMatch: ['e2e/**/*.spec.ts', 'frameworks/**/*.spec.ts'],
  outputDir: 'test-results',
  // One file at a time on each core, because the tests of a file share a server and browsers. With more than four
  // workers, pages that call each other get too little CPU.
  workers: Math.min(availableParallelism(), 4),
  retries: 0,
  forbidOnly: true,
  // The limit for a whole test, even on a busy machine. The conditions that it waits for have shorter limits.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  projects: [
    // Calls of up to four users with twelve video streams: one such call at a time.
    { name: 'groups', testMatch: groups, workers: 1, use },
    { name: 'others', testIgnore: groups, use },
    // Runs the tests of the main path again with the classic script: media, each dialog, and the transport between tabs.
    // All others use the module, as most pages do. The tests of the packages run those of the service with both.
    {
      name: 'classic script',
      testMatch: 'e2e/{calls,local}.spec.ts',
      grep: /@core/,
      use: { ...use, build: 'ringkit.global.js' },
    },
  ],
});
