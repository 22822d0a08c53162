import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from '@playwright/test';
import type Axe from 'axe-core';
import { createServer, type ViteDevServer } from 'vite';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The demo as `npm start` serves it: pages and signalling from one server. */
export async function startDemo(): Promise<{ server: ViteDevServer; base: string }> {
  const server = await createServer({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    cacheDir: 'node_modules/.vite-e2e',
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await server.listen();
  const { port } = server.httpServer?.address() as AddressInfo;
  return { server, base: `http://127.0.0.1:${port}` };
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
