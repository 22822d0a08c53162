import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { CallInvitationService } from '../../src/index.js';
import { authenticateDemo, createCallServer } from '../../server/index.js';
import { connected, launchBrowser } from '../support/browser.js';
import { root } from './consumer.js';
import { Site } from './site.js';

type Provider = HTMLElement & { readonly service: CallInvitationService };

/** Pages that permit little: scripts only with a nonce, or no origin. */
describe('the script builds', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** Opens a page, and waits until its user is connected. */
  async function open(context: BrowserContext, address: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(address);
    await connected(page);
    return page;
  }

  /** Two pages talk, and the called one hangs up, without a fault. */
  async function callEachOther(addressOf: (user: string) => string): Promise<void> {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    const output: string[] = [];
    context.on('console', (message) => output.push(message.text()));
    context.on('weberror', (error) => output.push(error.error().message));
    const alice = await open(context, addressOf('alice'));
    const bob = await open(context, addressOf('bob'));
    await alice.getByRole('button', { name: 'Call Bob' }).click();
    await bob.getByRole('button', { name: 'Accept', exact: true }).click();
    await alice.locator('ongoing-call-view').getByRole('button', { name: 'Hang up' }).waitFor();
    await bob.locator('ongoing-call-view').getByRole('button', { name: 'Hang up' }).click();
    await alice.waitForFunction(() => {
      const provider = document.querySelector<Provider>('call-invitation-provider');
      return provider?.service.$call.get().status !== 'active';
    });
    assert.deepEqual(output, []);
    await context.close();
  }

  const page = (script: string, attributes: string): string =>
    `<!doctype html><html lang="en"><title>A page</title>${script}
    <call-invitation-provider ${attributes}></call-invitation-provider>
    <start-call-button callees="bob" call-type="video">Call Bob</start-call-button></html>`;

  for (const sources of ["'nonce-secret'", "'nonce-secret' 'strict-dynamic'"]) {
    for (const script of [
      'type="module" src="/somewhere/else/ringkit.js"',
      'src="/somewhere/else/ringkit.global.js"',
    ]) {
      it(`work with script-src ${sources}: <script ${script}>`, async () => {
        const site = new Site("'self'", sources);
        await site.open();
        try {
          site.put('/favicon.ico', '');
          for (const user of ['alice', 'bob'])
            site.put(
              `/${user}`,
              page(`<script nonce="secret" ${script}></script>`, `user-id="${user}"`),
            );
          await callEachOther((user) => site.address(`/${user}`));
        } finally {
          site.close();
        }
      });
    }
  }

  it('work in a page that is a file, with a server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringkit-file-'));
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      // Chromium sends the first, Firefox and Safari the second.
      origins: ['file://', 'null'],
    });
    try {
      await copyFile(join(root, 'dist/ringkit.global.js'), join(folder, 'ringkit.global.js'));
      for (const user of ['alice', 'bob']) {
        const attributes = `user-id="${user}" signaling="${server.url}"`;
        const text = page('<script src="ringkit.global.js"></script>', attributes);
        await writeFile(join(folder, `${user}.html`), text);
      }
      await callEachOther((user) => pathToFileURL(join(folder, `${user}.html`)).href);
    } finally {
      await server.close();
      await rm(folder, { recursive: true });
    }
  });
});
