import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { browserArguments, findBrowser } from './scripts/browser.mjs';
import { browserTestPages } from './scripts/browser-test-pages.mjs';
import { resultReporter } from './scripts/web-test-reporter.mjs';

/**
 * Adapts packages that browsers can not load unchanged.
 * @type {import('@web/test-runner').TestRunnerPlugin}
 */
const foreignModules = {
  name: 'ringkit:foreign-modules',
  resolveImport({ source }) {
    // The other builds of socket.io-client import CommonJS packages.
    if (source !== 'socket.io-client') return undefined;
    return '/node_modules/socket.io-client/dist/socket.io.esm.min.js';
  },
  transform({ path, body }) {
    if (typeof body !== 'string') return undefined;
    // Wraps a CommonJS script in a module.
    if (path.endsWith('/simple-peer/simplepeer.min.js')) {
      return `const module = { exports: {} };\nconst { exports } = module;\n${body}\nexport default module.exports;\n`;
    }
    // nanostores reads `process.env.NODE_ENV`, which browsers do not have.
    if (path.includes('/nanostores/')) {
      return body.replaceAll('process.env.NODE_ENV', '"test"');
    }
    return undefined;
  },
};

/**
 * Makes a failed assertion about an object of the browser (an element, a stream) reach the reporter: such an object can
 * not be cloned, and the test runner then waits for the result until its limit.
 * @type {import('@web/test-runner').TestRunnerPlugin}
 */
const reportableFailures = {
  name: 'ringkit:reportable-failures',
  transform({ path, body }) {
    if (path !== '/__web-dev-server__web-socket.js' || typeof body !== 'string') return undefined;
    const clone = 'structuredClone(obj)';
    if (!body.includes(clone)) throw new Error(`The test runner does not use ${clone} any more.`);
    const text = (/** @type {string} */ key, /** @type {unknown} */ value) =>
      key === 'actual' || key === 'expected' ? String(value) : value;
    return body.replace(
      clone,
      `(() => {
        try { return ${clone}; } catch { return JSON.parse(JSON.stringify(obj, ${text.toString()})); }
      })()`,
    );
  },
};

const executablePath = await findBrowser();

/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  files: browserTestPages(),
  nodeResolve: true,
  concurrency: 2,
  browsers: [
    playwrightLauncher({
      product: 'chromium',
      launchOptions: {
        args: browserArguments,
        ...(executablePath === undefined ? {} : { executablePath }),
      },
    }),
  ],
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    }),
    foreignModules,
    reportableFailures,
  ],
  // No limit measures speed: each is only reached by a test that waits for something that does not happen.
  testFramework: { config: { timeout: 60_000 } },
  testsFinishTimeout: 600_000,
  reporters: [defaultReporter({ reportTestProgress: false }), resultReporter()],
};
