import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { connected, launchBrowser } from '../support/browser.js';
import { root, run } from './consumer.js';

describe('npm publish --dry-run', () => {
  for (const [name, parameters, needed] of [
    ['ringkit', [], ['dist/ringkit.js', 'dist/ringkit.global.js', 'dist/ringkit-worker.js']],
    ['ringkit-server', ['--workspace', 'ringkit-server'], ['dist/server/cli.js', 'LICENSE']],
  ] as const) {
    it(`accepts ${name}, publicly and with provenance`, async () => {
      const publish = ['publish', '--dry-run', '--json', '--ignore-scripts', ...parameters];
      const { code, output } = await run('npm', publish, root);
      assert.equal(code, 0, output);
      for (const file of needed) assert.ok(output.includes(`"${file}"`), file);
      assert.doesNotMatch(output, /auto-corrected|errors corrected/, 'npm has to correct nothing');
      const folder = name === 'ringkit' ? root : join(root, 'server');
      const read = await readFile(join(folder, 'package.json'), 'utf8');
      const { publishConfig } = JSON.parse(read) as { publishConfig: unknown };
      assert.deepEqual(publishConfig, { access: 'public', provenance: true });
    });
  }
});

/** A server of files, as a content delivery network is: another origin, with CORS. */
class Files {
  readonly requested: string[] = [];
  /** Changes the content of files that match. */
  alter: RegExp | undefined;
  readonly #server: Server;

  constructor(read: (path: string) => Promise<string>) {
    this.#server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://files').pathname;
      this.requested.push(path);
      read(path).then(
        (text) => {
          response.setHeader('access-control-allow-origin', '*');
          const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
          response.setHeader('content-type', `${type}; charset=utf-8`);
          response.end(this.alter?.test(path) ? `${text}\n//` : text);
        },
        () => response.writeHead(404).end(),
      );
    });
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('the script builds from a content delivery network', () => {
  const base = '/npm/ringkit@0.1.0/dist/';
  let browser: Browser;
  let network: Files;
  let host: Files;
  let site: string;
  const pages = new Map<string, string>([['/favicon.ico', '']]);
  /** The tags that the command prints: the classic script; the import map with the module; the service worker. */
  let tags: { readonly classic: string; readonly module: string; readonly worker: string };
  before(async () => {
    browser = await launchBrowser();
    network = new Files((path) => readFile(join(root, 'dist', path.slice(base.length)), 'utf8'));
    host = new Files(async (path) => pages.get(path) ?? Promise.reject(new Error(path)));
    site = await host.open();
    const address = `${await network.open()}${base}`;
    const { code, output } = await run(process.execPath, ['scripts/integrity.mjs', address], root);
    assert.equal(code, 0, output);
    const [classic = '', module = '', worker = ''] = output.split(/\n\n/);
    tags = { classic, module, worker };
  });
  after(async () => {
    await browser.close();
    network.close();
    host.close();
  });

  const show = async (path: string, head: string): Promise<Page> => {
    const body =
      '<call-invitation-provider user-id="alice"></call-invitation-provider><call-history></call-history>';
    pages.set(path, `<!doctype html><html lang="pl"><title>A page</title>${head}${body}</html>`);
    const page = await browser.newPage();
    await page.goto(`${site}${path}`);
    return page;
  };

  it('work by one tag, as a classic script', async () => {
    await connected(await show('/classic', tags.classic));
  });

  it('work as a module, whose parts and languages come from there with their hashes', async () => {
    network.requested.length = 0;
    const page = await show('/module', tags.module);
    await connected(page);
    await page.waitForFunction(() =>
      document.querySelector('call-history')?.shadowRoot?.textContent.includes('Połączenia'),
    );
    const parts = network.requested.filter((path) => path.includes('/dist/ringkit/'));
    // Other parts may still be loading.
    for (const needed of [/\/local-[^/]+\.js$/, /\/pl-[^/]+\.js$/]) {
      assert.ok(
        parts.some((part) => needed.test(part)),
        `${needed} is not in ${parts.join()}`,
      );
    }
    for (const part of parts) assert.ok(tags.module.includes(part), part);
  });

  it('do not run if a file was changed', async () => {
    for (const [name, tag, altered] of [
      ['/changed-classic', tags.classic, /ringkit\.global\.js$/],
      ['/changed-module', tags.module, /ringkit\.js$/],
    ] as const) {
      network.alter = altered;
      try {
        const page = await show(name, tag);
        await page.waitForLoadState('networkidle');
        const isDefined = () => customElements.get('call-invitation-provider') !== undefined;
        assert.equal(await page.evaluate(isDefined), false, name);
      } finally {
        network.alter = undefined;
      }
    }
  });

  it('have a service worker that a file of the page imports', async () => {
    const [, line = ''] = /(importScripts\(.*?\);)/.exec(tags.worker) ?? [];
    pages.set('/worker.js', line);
    const page = await show('/with-worker', '');
    const state = await page.evaluate(async () => {
      await navigator.serviceWorker.register('/worker.js');
      return (await navigator.serviceWorker.ready).active !== null;
    });
    assert.equal(state, true);
  });
});
