import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { codeBlocks, readMarkdown } from '../docs/markdown.js';
import { Consumer, root, run } from './consumer.js';
import { makeGlobal, windows } from './windows.js';

/** Packages that an application installs beside ringkit. jsdom stands for its browser. */
const packages = ['react', 'react-dom', 'scheduler', 'jsdom'];

/** The first part of a browser's page: the HTML of the server, and what the console says. */
const page = (html: string) => `
  ${windows.jsdom}
  ${makeGlobal}
  document.body.innerHTML = ${JSON.stringify(`<div id="root">${html}</div>`)};
  const faults = [];
  console.error = console.warn = (...words) => faults.push(words.join(' '));
  const { fakeCalls, whenCall } = await import('ringkit/testing');
  const calls = fakeCalls();
  const bob = calls.user('bob', 'Bob');
  await import('./client.js');
  const eventually = async (condition) => {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const found = condition();
      if (found) return found;
      if (Date.now() > deadline) throw new Error('timed out: ' + condition + ' in ' + document.body.innerHTML);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
`;

const rings = `
  const provider = await eventually(() => document.querySelector('call-invitation-provider'));
  const { service } = provider;
  await eventually(() => service.$connection.get() === 'connected');
  const button = document.querySelector('start-call-button');
  console.log(JSON.stringify([provider.config, button.callees, button.callType]));
  button.click();
  const call = await whenCall(bob, 'incoming');
  console.log(call.callType);
  await bob.decline();
  await eventually(() => document.querySelector('output').textContent.includes('Bob declined'));
  console.log(document.querySelector('output').textContent.startsWith('ended'));
`;

/** React gives an element from the HTML of a server no properties. */
const hydratesDirectly = `
import { useEffect } from 'react';
import 'ringkit/define';
import 'ringkit/types/react';
export function App() {
  useEffect(() => {
    document.title = 'hydrated';
  }, []);
  return (
    <call-invitation-provider user-id="alice" signaling="wss://calls.example.org">
      <start-call-button callees={['bob']} call-type="video">Call</start-call-button>
    </call-invitation-provider>
  );
}
`;

const end = `
  console.log(JSON.stringify(faults));
  process.exit();
`;

describe('server-rendered React', () => {
  let consumer: Consumer;
  let files: ReadonlyMap<string, string>;
  before(async () => {
    consumer = await Consumer.install('ringkit');
    for (const name of packages)
      await symlink(join(root, 'node_modules', name), consumer.installed(name));
    files = new Map(
      codeBlocks(readMarkdown('docs/guides/server-side-rendering.md')).flatMap(({ info, code }) => {
        const [, file] = /\bfile=(\S+)/.exec(info) ?? [];
        return file === undefined ? [] : [[file, code] as const];
      }),
    );
    assert.deepEqual([...files.keys()].sort(), [
      'app.tsx',
      'client.tsx',
      'in-browser.tsx',
      'server.tsx',
    ]);
  });
  after(() => consumer.remove());

  /** Writes and bundles the files of an application. Packages are loaded as they are installed. */
  async function write(
    folder: string,
    changed: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await mkdir(join(consumer.folder, folder));
    for (const [file, code] of [...files, ...Object.entries(changed)])
      await consumer.write(join(folder, file), code);
    const entryPoints = ['server.tsx', 'client.tsx'].map((file) =>
      join(consumer.folder, folder, file),
    );
    const options = {
      bundle: true,
      packages: 'external',
      format: 'esm',
      jsx: 'automatic',
    } as const;
    await build({ ...options, entryPoints, outdir: dirname(entryPoints[0]!), logLevel: 'warning' });
  }

  /** Runs a module in the folder of the application. */
  async function execute(folder: string, code: string): Promise<string> {
    await consumer.write(join(folder, 'run.js'), code);
    const { code: exit, output } = await run(
      process.execPath,
      [join(folder, 'run.js')],
      consumer.folder,
    );
    assert.equal(exit, 0, output);
    return output.trim();
  }

  const printHtml = `import { html } from './server.js'; console.log(html);`;

  it('gets all properties and handlers after hydration, as its guide writes it, without a warning', async () => {
    await write('guide');
    const html = await execute('guide', printHtml);
    assert.equal(html, '<p>Loading calls…</p>');
    const output = await execute('guide', page(html) + rings + end);
    assert.deepEqual(output.split('\n'), [
      '[{"invitationTimeoutSeconds":45},[{"userID":"bob","userName":"Bob"}],"video"]',
      'video',
      'true',
      '[]',
    ]);
  });

  it('loses properties of elements that are hydrated directly, and reports it when the button is pressed', async () => {
    await write('direct', { 'app.tsx': hydratesDirectly });
    const html = await execute('direct', printHtml);
    assert.equal(
      html,
      '<call-invitation-provider user-id="alice" signaling="wss://calls.example.org"><start-call-button call-type="video">Call</start-call-button></call-invitation-provider>',
    );
    const presses = `
      await eventually(() => document.title === 'hydrated');
      const button = document.querySelector('start-call-button');
      await eventually(() => button.service);
      console.log(button.callees, faults.length);
      button.click();
      await eventually(() => faults.length > 0);
      console.log(faults.splice(0).join().split('.')[0]);
      let heard;
      document.querySelector('call-invitation-provider').addEventListener('error', ({ error }) => (heard = error));
      button.click();
      console.log((await eventually(() => heard)).code);`;
    assert.deepEqual((await execute('direct', page(html) + presses + end)).split('\n'), [
      'null 0',
      'ringkit: <call-invitation-provider>: <start-call-button> has no callees',
      'invalid-argument',
      '[]',
    ]);
  });
});
