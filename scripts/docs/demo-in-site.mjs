import { copyFileSync, createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../dependencies.mjs';
import { shownSizes } from './shown-sizes.mjs';
import { bundleWorker, ringkitWorker, WORKER_PATH } from '../worker-plugin.mjs';

/** The folder of the demo on the site. */
const FOLDER = 'try/';

/**
 * Tells the pages of the demo that no signalling server serves them, and gives them the service worker.
 * @returns {import('vite').Plugin}
 */
const withoutServer = () => ({
  name: 'ringkit-demo-without-server',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { name: 'signaling', content: 'local:' }, injectTo: 'head-prepend' },
  ],
  async generateBundle() {
    const source = await bundleWorker();
    this.emitFile({ type: 'asset', fileName: WORKER_PATH.slice(1), source });
  },
});

/** The Vite of the repository, which is newer than that of VitePress. */
const vite = () => import('vite');

/** Pages of the demo on the site. */
const pages = [
  'index.html',
  'demo/phone.html',
  'demo/group.html',
  'demo/playground.html',
  'demo/stage.html',
].filter((page) => existsSync(join(root, page)));

/** The icon of the demo is that of the site. */
const icon = join(root, 'demo/icon.svg');

/** @param {string} outDir @param {string} base */
async function buildDemo(outDir, base) {
  const { build } = await vite();
  await build({
    root,
    base,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [withoutServer(), shownSizes()],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: {
        input: pages.map((page) => join(root, page)),
        // The pages load all elements at once, which the script builds do not.
        checks: { ineffectiveDynamicImport: false },
      },
    },
  });
}

/**
 * A plugin of VitePress that puts the demo and the playground into the site, without their signalling server.
 * @param {{ base: string }} options
 */
export const demoInSite = ({ base }) => {
  const folder = `${base}${FOLDER}`;
  let ssr = false;
  let outDir = '';
  return {
    name: 'ringkit-demo-in-site',
    /** @param {{ build: { ssr: unknown, outDir: string } }} config */
    configResolved(config) {
      ssr = Boolean(config.build.ssr);
      outDir = config.build.outDir;
    },
    /** @param {{ middlewares: import('vite').Connect.Server, httpServer: import('node:http').Server | null }} server */
    async configureServer({ middlewares, httpServer }) {
      const { createServer } = await vite();
      const demo = await createServer({
        root,
        base: folder,
        configFile: false,
        publicDir: false,
        cacheDir: '.cache/docs-demo',
        logLevel: 'warn',
        appType: 'mpa',
        plugins: [withoutServer(), shownSizes(), ringkitWorker(`${folder}${WORKER_PATH.slice(1)}`)],
        optimizeDeps: { entries: pages },
        server: { middlewareMode: true, hmr: false, ws: false },
      });
      httpServer?.once('close', () => void demo.close());
      middlewares.use((request, response, next) => {
        if (request.url === `${base}icon.svg`) {
          response.setHeader('content-type', 'image/svg+xml');
          createReadStream(icon).pipe(response);
        } else if (request.url?.startsWith(folder)) demo.middlewares(request, response, next);
        else next();
      });
    },
    async closeBundle() {
      if (ssr) return;
      copyFileSync(icon, join(outDir, 'icon.svg'));
      await buildDemo(join(outDir, FOLDER), folder);
    },
  };
};
