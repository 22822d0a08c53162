import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './dependencies.mjs';

/** Where development pages find the service worker. */
export const WORKER_PATH = '/ringkit-worker.js';

/** The service worker as one classic script, from its source. */
export async function bundleWorker() {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/service-worker/worker.ts')],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * Serves the worker beside the pages of a development server: Vite's own modules are none that every browser takes
 * for a worker.
 * @returns {import('vite').Plugin}
 */
export const ringkitWorker = () => ({
  name: 'ringkit-worker',
  configureServer({ middlewares }) {
    middlewares.use(WORKER_PATH, (_request, response, next) => {
      bundleWorker().then((code) => {
        response.setHeader('content-type', 'text/javascript');
        response.setHeader('cache-control', 'no-cache');
        response.end(code);
      }, next);
    });
  },
});
