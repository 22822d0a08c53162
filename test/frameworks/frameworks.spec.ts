import type { AddressInfo } from 'node:net';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { createServer, type ViteDevServer } from 'vite';
import config from './vite.config.js';

let server: ViteDevServer;
let base: string;

test.beforeAll(async () => {
  server = await createServer({ ...config, configFile: false });
  await server.listen();
  const { port } = server.httpServer?.address() as AddressInfo;
  base = `http://127.0.0.1:${port}/test/frameworks`;
});

test.afterAll(() => server.close());

/** Opens the page of a user. Console errors and exceptions are added to `faults`. */
async function open(
  context: BrowserContext,
  framework: string,
  [user, peer]: readonly [string, string],
  faults: string[],
): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`${user}: ${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${user}: ${message.text()}`);
  });
  await page.goto(`${base}/${framework}.html?user=${user}&peer=${peer}`);
  await page.waitForFunction(
    () =>
      document.querySelector('call-invitation-provider')?.service.$connection.get() === 'connected',
  );
  return page;
}

/** The provider's `config` with its type, which distinguishes it from text. */
const configOf = (page: Page): Promise<readonly [string, unknown]> =>
  page.evaluate(() => {
    const provider = document.querySelector('call-invitation-provider');
    return [typeof provider?.config, provider?.config] as const;
  });

const heardBy = (page: Page): Promise<string[]> => page.locator('ol li').allTextContents();

for (const framework of ['react', 'vue', 'svelte']) {
  test(`${framework} sets properties, rings, and receives each event once`, async ({ context }) => {
    const faults: string[] = [];
    const alice = await open(context, framework, ['alice', 'bob'], faults);
    const bob = await open(context, framework, ['bob', 'alice'], faults);
    for (const page of [alice, bob]) {
      expect(await configOf(page)).toEqual([
        'object',
        { invitationTimeoutSeconds: 45, ringtone: { incoming: false, outgoing: false } },
      ]);
    }

    await alice.getByRole('button', { name: 'Ring bob' }).click();
    await bob.getByRole('button', { name: 'Accept' }).click();
    for (const page of [alice, bob]) {
      await expect(page.getByText('call-state-changed: active')).toHaveCount(1);
    }
    await alice.getByRole('button', { name: 'Hang up' }).click();
    for (const page of [alice, bob]) {
      await expect(page.getByText('call-state-changed: idle')).toHaveCount(1);
    }

    expect(await heardBy(alice)).toEqual([
      'call-state-changed: calling',
      'call-state-changed: ringing-out',
      'outgoing-call-accepted: bob',
      'call-state-changed: connecting',
      'call-state-changed: active',
      'call-state-changed: ended',
      'call-state-changed: idle',
    ]);
    expect(await heardBy(bob)).toEqual([
      'onIncomingCallReceived: alice',
      'incoming-call-received: alice',
      'call-state-changed: incoming',
      'incoming-call-accept-button-pressed',
      'call-state-changed: connecting',
      'call-state-changed: active',
      'call-state-changed: ended',
      'call-state-changed: idle',
    ]);
    expect(faults).toEqual([]);
  });
}
