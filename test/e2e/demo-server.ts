import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from '@playwright/test';
import type Axe from 'axe-core';
import { build, createServer, preview, type PreviewServer, type ViteDevServer } from 'vite';
import { pages } from '../../scripts/docs/demo-in-site.mjs';
import { bundleWorker, WORKER_PATH } from '../../scripts/worker-plugin.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Pages and signalling of the demo, from one server. */
export interface Demo {
  readonly base: string;
  close(): Promise<void>;
}

const baseOf = ({ httpServer }: ViteDevServer | PreviewServer): string => {
  const { port } = httpServer?.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
};

/** The demo as `npm start` serves it. A page loads each source file by itself, which takes seconds of CPU time. */
export async function startDevelopmentDemo(): Promise<Demo> {
  const server = await createServer({
    root,
    cacheDir: 'node_modules/.vite-e2e',
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await server.listen();
  return { base: baseOf(server), close: () => server.close() };
}

/** The same pages and the same signalling server, with each page in a few files. */
export async function startDemo(): Promise<Demo> {
  const folder = await mkdtemp(join(root, 'node_modules/.demo-e2e-'));
  await build({
    root,
    publicDir: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'ringkit-worker-in-build',
        async generateBundle() {
          const source = await bundleWorker();
          this.emitFile({ type: 'asset', fileName: WORKER_PATH.slice(1), source });
        },
      },
    ],
    build: {
      outDir: folder,
      target: 'es2022',
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: {
        input: pages.map((page) => join(root, page)),
        checks: { ineffectiveDynamicImport: false },
      },
    },
  });
  const server = await preview({
    root,
    logLevel: 'warn',
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0 },
  });
  return {
    base: baseOf(server),
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What axe finds in this document, without its frames. */
export async function faultsOf(page: Page | Frame): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof Axe };
    const { violations } = await axe.run(document, { iframes: false });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
    );
  });
}
