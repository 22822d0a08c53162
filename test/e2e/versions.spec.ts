import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { root } from '../package/consumer.js';
import type { Site } from '../package/site.js';
import { firstOutput } from '../support/first-output.js';
import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/* The builds of the first release with the present ones: see docs/versions.md. */

const fixtures = new URL('../fixtures/first-release/', import.meta.url);
const readFixture = async (name: string): Promise<string> =>
  String(await promisify(brotliDecompress)(await readFile(new URL(`${name}.br`, fixtures))));

/** Adds a page with the elements of the first release. @returns its path */
async function addOldPage(site: Site): Promise<string> {
  site.put('/first-release.js', await readFixture('ringkit.global.js'));
  const page = await (await fetch(site.address('/late'))).text();
  site.put('/old', page.replace('<body>', '<script src="/first-release.js" defer></script><body>'));
  return '/old';
}

/** The server of the first release, in the folder of the repository because it imports packages. */
async function startOldServer() {
  const folder = join(root, '.cache/first-release');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `server-${process.pid}.mjs`);
  await writeFile(file, await readFixture('server.mjs'));
  const child = spawn(process.execPath, [file, '--demo', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    url: await firstOutput(child, /http:\S+/),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(file);
    },
  };
}

/** The caller calls, the callee accepts, both see and hear each other, and the caller hangs up. */
async function talk(caller: Person, callee: Person): Promise<void> {
  const { unreachable } = await caller.send([callee.userID]);
  expect(unreachable).toEqual([]);
  await callee.is('incoming');
  await callee.press('accept-button');
  for (const person of [caller, callee]) {
    await person.is('active');
    await person.seesPicture();
  }
  await caller.press('hang-up-button');
  await callee.is('ended: hung-up');
  for (const person of [caller, callee]) await person.is('idle');
}

test('elements of the first release and present ones call each other through the present server', async ({
  open,
  site,
}) => {
  const path = await addOldPage(site);
  const [old, present] = await Promise.all([open('old', { path }), open('present')]);
  expect(await old.page.evaluate(() => document.scripts.length)).toBeGreaterThan(1);
  await talk(old, present);
  await talk(present, old);
});

test('elements of the first release call each other through the present server @extended', async ({
  open,
  site,
}) => {
  const path = await addOldPage(site);
  await talk(...(await Promise.all([open('alice', { path }), open('bob', { path })])));
});

test('present elements call each other through the server of the first release @extended', async ({
  open,
}) => {
  const server = await startOldServer();
  try {
    const signaling = server.url;
    await talk(...(await Promise.all([open('alice', { signaling }), open('bob', { signaling })])));
  } finally {
    await server.stop();
  }
});
