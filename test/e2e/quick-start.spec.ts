import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { firstOutput } from '../support/first-output.js';
import { freePort } from '../support/free-port.js';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/dependencies.mjs';
import { codeBlocks, readMarkdown } from '../docs/markdown.js';
import { expect, test as base } from './fixtures.js';

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const test = base.extend<{ address: string }>({
  address: async ({ browserName: _ }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'ringkit-quick-start-'));
    for (const { info, code } of codeBlocks(readMarkdown('docs/quick-start.md'))) {
      const [, file] = /\bfile=(\S+)/.exec(info) ?? [];
      if (file) writeFileSync(join(folder, file), code);
    }
    // As `npm install` leaves them.
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/ringkit'));
    symlinkSync(join(root, 'server'), join(folder, 'node_modules/ringkit-server'));
    const child = spawn(process.execPath, ['server.mjs'], {
      cwd: folder,
      env: { ...process.env, PORT: String(await freePort()) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await use(await firstOutput(child, /http:\S+/));
    await stop(child);
    rmSync(folder, { recursive: true });
  },
});

test('two people call each other with the pasted files', async ({ address, browser }) => {
  const faults: string[] = [];
  // A request that is no path of the page ends nothing.
  expect((await fetch(new URL('/ringkit/http://', address))).status).toBe(404);
  const open = async (user: string) => {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(`${user}: ${String(error)}`));
    await page.goto(`${address}?${user}`);
    return page;
  };
  const alice = await open('alice');
  const bob = await open('bob');
  await expect(bob.getByRole('heading', { name: 'You are Bob' })).toBeVisible();
  await alice.getByRole('button', { name: 'Call Bob' }).click();
  await bob.getByRole('button', { name: 'Accept', exact: true }).click();
  for (const page of [alice, bob]) {
    await expect
      .poll(() =>
        page
          .locator('ongoing-call-view video:not([aria-label="You"])')
          .evaluate((video: HTMLVideoElement) => video.videoWidth),
      )
      .toBeGreaterThan(0);
  }
  await bob.getByRole('button', { name: 'Hang up' }).click();
  await expect(alice.getByRole('button', { name: 'Call Bob' })).toBeEnabled();
  for (const page of [alice, bob]) await page.context().close();
  expect(faults).toEqual([]);
});
