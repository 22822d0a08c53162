import { copyFileSync, createReadStream } from 'node:fs';
import { join } from 'node:path';
import { root } from '../dependencies.mjs';
import { shownFacts } from './shown-facts.mjs';
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

/** Pages of the demo. */
export const pages = [
  'index.html',
  'demo/phone.html',
  'demo/group.html',
  'demo/playground.html',
  'demo/stage.html',
];

/** The icon of the demo is that of the site. */
const icon = join(root, 'demo/icon.svg');

/**
 * Writes the demo and the playground, without their signalling server, into the built site. Hook `buildEnd` of VitePress.
 * @param {{ outDir: string, site: { base: string } }} config
 */
export async function buildDemo({ outDir, site: { base } }) {
  copyFileSync(icon, join(outDir, 'icon.svg'));
  const { build } = await vite();
  await build({
    root,
    base: `${base}${FOLDER}`,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [withoutServer(), shownFacts()],
    build: {
      outDir: join(outDir, FOLDER),
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
 * A plugin of Vite that serves them while VitePress serves the site.
 * @param {{ base: string }} options
 */
export const serveDemo = ({ base }) => {
  const folder = `${base}${FOLDER}`;
  return {
    name: 'ringkit-demo-in-site',
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
        plugins: [withoutServer(), shownFacts(), ringkitWorker(`${folder}${WORKER_PATH.slice(1)}`)],
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
  };
};
