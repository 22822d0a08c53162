import assert from 'node:assert/strict';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Consumer, root, run } from './consumer.js';

const entryPoints = [
  'ringkit',
  'ringkit/define',
  'ringkit/define/all',
  'ringkit/define/call-invitation-provider',
  'ringkit/define/incoming-call-dialog',
  'ringkit/define/invite-to-call-button',
  'ringkit/define/missed-call-list',
  'ringkit/define/ongoing-call-view',
  'ringkit/define/outgoing-call-dialog',
  'ringkit/define/start-call-button',
  'ringkit/core',
  'ringkit/transports/local',
  'ringkit/transports/memory',
  'ringkit/transports/server',
  'ringkit/server',
];

/** What runs in a service worker alone. */
const forWorkers = 'ringkit/service-worker';

/** Two users and a call between them, with nothing but the published modules. */
const callInNode = `
import { createCallInvitationService } from 'ringkit/core';
import { createMemoryNetwork } from 'ringkit/transports/memory';

const network = createMemoryNetwork();
const heard = [];
const bob = createCallInvitationService({
  user: { userID: 'bob', userName: 'Bob' },
  transport: network.transport(),
  invitationEvents: {
    onIncomingCallReceived(callID, caller, callType) {
      heard.push(caller.userName + ' ' + callType);
      void bob.accept();
    },
  },
});
const alice = createCallInvitationService({
  user: { userID: 'alice', userName: 'Alice' },
  transport: network.transport(),
});
const active = new Promise((resolve) => {
  alice.$call.subscribe((call) => { if (call.status === 'active') resolve(); });
});
await alice.send({ invitees: ['bob'], callType: 'video' });
await active;
console.log(heard.join());
alice.destroy();
bob.destroy();
`;

const typedUse = `
import { CallError, IncomingCallDialog, type CallSnapshot } from 'ringkit';
import { CallInvitationProvider } from 'ringkit/define/call-invitation-provider';
import 'ringkit/define';
import { createCallInvitationService, type InvitationEvents } from 'ringkit/core';
import { createLocalTransport } from 'ringkit/transports/local';
import { createMemoryNetwork } from 'ringkit/transports/memory';
import { createServerTransport } from 'ringkit/transports/server';
import * as server from 'ringkit/server';

const provider = document.createElement('call-invitation-provider');
const typed: CallInvitationProvider = provider;
const invitationEvents: InvitationEvents = {
  onIncomingCallReceived: (callID, caller, callType) => [callID.length, caller.userName, callType === 'video'],
};
typed.invitationEvents = invitationEvents;
const call: CallSnapshot = typed.service.$call.get();
provider.addEventListener('call-accept', (event) => event.callID.length);
// @ts-expect-error -- there is no such status
const wrong: boolean = call.status === 'sleeping';
export const use = [
  wrong, CallError, IncomingCallDialog, createCallInvitationService, createLocalTransport,
  createMemoryNetwork, createServerTransport, server,
];
`;

describe('the packed package', () => {
  let consumer: Consumer;
  before(async () => {
    consumer = await Consumer.install();
  });
  after(() => consumer.remove());

  it('holds what is published and nothing else', async () => {
    const folder = join(consumer.folder, 'node_modules/ringkit');
    const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    const known =
      /^(package\.json|LICENSE|README\.md|dist\/(custom-elements\.json|ringkit(\.global|-worker)?\.js|ringkit\/[\w.-]+\.js|(src|server)\/.+(?<!\.test)\.(js|d\.ts)))$/;
    assert.deepEqual(
      files.filter((file) => !known.test(file)),
      [],
    );
    for (const wanted of [
      'LICENSE',
      'dist/ringkit.js',
      'dist/ringkit.global.js',
      'dist/ringkit-worker.js',
    ]) {
      assert.ok(files.includes(wanted), `${wanted} is missing`);
    }
  });

  for (const entryPoint of entryPoints) {
    it(`${entryPoint} can be imported in Node, and says nothing`, async () => {
      const outcome = await consumer.runModule('import.mjs', `await import('${entryPoint}');`);
      assert.deepEqual(outcome, { code: 0, output: '' });
    });
  }

  it('exports nothing that the list above does not name', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    const modules = Object.keys(exports).filter((name) => !/\*|\.json$/.test(name));
    assert.deepEqual(
      modules.map((name) => name.replace('.', 'ringkit')).sort(),
      [...entryPoints, forWorkers].filter((name) => !name.startsWith('ringkit/define/')).sort(),
    );
  });

  it('registers the elements by ringkit/define alone', async () => {
    const tags = ['call-invitation-provider', 'incoming-call-dialog', 'start-call-button'];
    const { output } = await consumer.runModule(
      'define.mjs',
      `await import('ringkit');
       const before = ${JSON.stringify(tags)}.filter((tag) => customElements.get(tag));
       await import('ringkit/define');
       const after = ${JSON.stringify(tags)}.filter((tag) => customElements.get(tag));
       console.log(before.length, after.length);`,
    );
    assert.equal(output, '0 3\n');
  });

  it('calls from one Node service to another', async () => {
    const outcome = await consumer.runModule('call.mjs', callInNode);
    assert.deepEqual(outcome, { code: 0, output: 'Alice video\n' });
  });

  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    it(`has types that resolve by ${moduleResolution}, libraries checked`, async () => {
      await consumer.write('use.ts', typedUse);
      await consumer.write(
        'tsconfig.json',
        JSON.stringify({
          compilerOptions: {
            module,
            moduleResolution,
            target: 'es2022',
            lib: ['ES2023', 'DOM', 'DOM.Iterable'],
            strict: true,
            skipLibCheck: false,
            noEmit: true,
            types: ['node'],
            typeRoots: [join(root, 'node_modules/@types')],
          },
          files: ['use.ts'],
        }),
      );
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      assert.deepEqual(await run(process.execPath, [tsc, '-p', '.'], consumer.folder), {
        code: 0,
        output: '',
      });
    });
  }

  it('tells editors where each element comes from', async () => {
    const text = await readFile(
      join(consumer.folder, 'node_modules/ringkit/dist/custom-elements.json'),
      'utf8',
    );
    const { modules } = JSON.parse(text) as {
      modules: { path: string; declarations?: { tagName?: string; customElement?: boolean }[] }[];
    };
    const tags = modules.flatMap(({ declarations = [] }) =>
      declarations.flatMap(({ tagName }) => tagName ?? []),
    );
    assert.deepEqual(tags.sort(), [
      'call-invitation-provider',
      'incoming-call-dialog',
      'invite-to-call-button',
      'missed-call-list',
      'ongoing-call-view',
      'outgoing-call-dialog',
      'start-call-button',
    ]);
    for (const { path } of modules) {
      await access(join(consumer.folder, 'node_modules/ringkit', path));
    }
  });

  it('brings the server as a command that explains itself', async () => {
    const { code, output } = await run(
      'npx',
      ['--no-install', 'ringkit-server', '--help'],
      consumer.folder,
    );
    assert.equal(code, 0, output);
    assert.match(output, /--demo/);
    assert.match(output, /--port/);
  });
});
