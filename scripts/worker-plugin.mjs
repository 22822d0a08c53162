import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './dependencies.mjs';

/** The path of the service worker on the development server. */
export const WORKER_PATH = '/ringkit-worker.js';

/** Bundles the service worker into one classic script. */
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
 * Serves the service worker on a development server as a classic script, because not every browser accepts Vite's modules
 * as a service worker.
 * @param {string} [path] of the script on the server
 * @returns {import('vite').Plugin}
 */
export const ringkitWorker = (path = WORKER_PATH) => ({
  name: 'ringkit-worker',
  configureServer({ middlewares }) {
    middlewares.use(path, (_request, response, next) => {
      bundleWorker().then((code) => {
        response.setHeader('content-type', 'text/javascript');
        response.setHeader('cache-control', 'no-cache');
        response.end(code);
      }, next);
    });
  },
});
