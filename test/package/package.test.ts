import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import ts from 'typescript';
import { checkPositions, checkSourceMaps, unknownFiles } from './checks.js';
import { compile, compilers, nameOf } from './compiler.js';
import { Consumer, filesOf, root } from './consumer.js';
import { checkFootprint } from './readme.js';

const entryPoints = [
  'ringkit',
  'ringkit/define',
  'ringkit/define/all',
  'ringkit/define/call-history',
  'ringkit/define/call-invitation-provider',
  'ringkit/define/incoming-call-dialog',
  'ringkit/define/invite-to-call-button',
  'ringkit/define/missed-call-list',
  'ringkit/define/call-settings',
  'ringkit/define/ongoing-call-view',
  'ringkit/define/outgoing-call-dialog',
  'ringkit/define/start-call-button',
  'ringkit/core',
  'ringkit/testing',
  'ringkit/types/preact',
  'ringkit/types/react',
  'ringkit/types/solid',
  'ringkit/types/svelte',
  'ringkit/types/vue',
  'ringkit/effects/background',
  'ringkit/effects/noise',
  'ringkit/transports/local',
  'ringkit/transports/memory',
  'ringkit/transports/server',
];

/** Entry points that run only in a service worker, or need another package. */
const others = ['ringkit/service-worker', 'ringkit/server'];

/** Maximum number of packages that an application installs with the elements. An increase must be intended. */
const MOST_PACKAGES = 32;
const MOST_MEGABYTES = 20;

/** Two users and a call between them, with only the published modules. */
const callInNode = `
import { createCallInvitationService } from 'ringkit/core';
import { createMemoryNetwork } from 'ringkit/transports/memory';

const network = createMemoryNetwork();
const received = [];
const bob = createCallInvitationService({
  user: { userID: 'bob', userName: 'Bob' },
  transport: network.transport(),
  invitationEvents: {
    onIncomingCallReceived(callID, caller, callType) {
      received.push(caller.userName + ' ' + callType);
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
console.log(received.join());
alice.destroy();
bob.destroy();
`;

const typedUse = `
import { CallError, IncomingCallDialog, type CallSnapshot } from 'ringkit';
import { CallInvitationProvider } from 'ringkit/define/call-invitation-provider';
import 'ringkit/define';
import { createCallInvitationService, type InvitationEvents } from 'ringkit/core';
import { blurBackground, replaceBackground } from 'ringkit/effects/background';
import { suppressNoise } from 'ringkit/effects/noise';
import { createLocalTransport } from 'ringkit/transports/local';
import { createMemoryNetwork } from 'ringkit/transports/memory';
import { createServerTransport } from 'ringkit/transports/server';

const provider = document.createElement('call-invitation-provider');
const typed: CallInvitationProvider = provider;
const invitationEvents: InvitationEvents = {
  onIncomingCallReceived: (callID, caller, callType) => [callID.length, caller.userName, callType === 'video'],
};
typed.invitationEvents = invitationEvents;
const assets = '/effects/';
typed.config = {
  media: {
    processVideo: (track, { signal, fail }) => {
      signal.addEventListener('abort', () => fail(new Error(track.kind)));
      return track;
    },
    effects: [
      blurBackground({ assets, radius: 20 }),
      replaceBackground({ assets, image: '/office.jpg', enabled: true }),
      suppressNoise({ assets, label: 'Quiet' }),
      { name: 'none', kind: 'audio', process: (track) => track },
    ],
  },
};
const call: CallSnapshot = typed.service.$call.get();
provider.addEventListener('call-accept', (event) => event.callID.length);
// @ts-expect-error -- there is no such status
const wrong: boolean = call.status === 'sleeping';
export const use = [
  wrong, CallError, IncomingCallDialog, createCallInvitationService, createLocalTransport,
  createMemoryNetwork, createServerTransport,
];
`;

/** Whether a module has `this` where it is undefined: outside of functions and classes. */
function usesTopLevelThis(code: string): boolean {
  const source = ts.createSourceFile('module.js', code, ts.ScriptTarget.Latest);
  const isIn = (node: ts.Node): boolean =>
    node.kind === ts.SyntaxKind.ThisKeyword ||
    ((!ts.isFunctionLike(node) || ts.isArrowFunction(node)) &&
      !ts.isClassLike(node) &&
      ts.forEachChild(node, isIn) === true);
  return isIn(source);
}

describe('the packed package of the elements', () => {
  let consumer: Consumer;
  before(async () => {
    consumer = await Consumer.install('ringkit');
  });
  after(() => consumer.remove());

  it('contains exactly the published files', async () => {
    const folder = consumer.installed('ringkit');
    const known =
      /^(package\.json|LICENSE|README\.md|dist\/((custom-elements|vscode\.(html|css)-custom-data|web-types)\.json|THIRD-PARTY-LICENSES\.md|ringkit(\.global|-worker)?\.js(\.map)?|ringkit\/[\w.-]+\.js(\.map)?|src\/.+(?<!\.test)\.(js|d\.ts)(\.map)?)|src\/.+(?<!\.test)\.ts|src\/components\/shared\/lucide\/LICENSE|docs\/(?!reference)(?:[\w-]+\/)?[\w-]+\.md)$/;
    assert.deepEqual(await unknownFiles(folder, known), []);
    for (const wanted of [
      'LICENSE',
      'src/components/shared/lucide/LICENSE',
      'dist/ringkit.js',
      'dist/ringkit.global.js',
      'dist/ringkit-worker.js',
    ]) {
      await access(join(folder, wanted));
    }
  });

  it('has source maps whose sources exist', () => checkSourceMaps(consumer.installed('ringkit')));

  for (const script of ['ringkit.js', 'ringkit.global.js', 'ringkit-worker.js']) {
    it(`has a source map of ${script} with correct positions`, () =>
      checkPositions(join(consumer.installed('ringkit'), 'dist', script)));
  }

  it('has modules without `this` outside of functions, of which Rollup warns', async () => {
    const folder = join(consumer.installed('ringkit'), 'dist/src');
    const modules = (await filesOf(folder)).filter((file) => file.endsWith('.js'));
    const found: string[] = [];
    for (const file of modules) {
      if (usesTopLevelThis(await readFile(join(folder, file), 'utf8'))) found.push(file);
    }
    assert.ok(modules.length > 100);
    assert.deepEqual(found, []);
    assert.equal(usesTopLevelThis('var a = (this && this.a) || 1;'), true);
  });

  it('contains the licences of everything that its scripts include', async () => {
    const file = join(consumer.installed('ringkit'), 'dist/THIRD-PARTY-LICENSES.md');
    const text = await readFile(file, 'utf8');
    for (const name of [
      'lit',
      'nanostores',
      'simple-peer',
      'socket.io-client',
      'idb-keyval',
      'lucide',
    ]) {
      assert.match(text, new RegExp(`^## ${name} `, 'm'));
    }
  });

  it('has few dependencies, and none of Node servers', async (test) => {
    const { packages, megabytes } = await consumer.footprint();
    test.diagnostic(
      `ringkit: ${String(packages.length)} packages, ${megabytes.toFixed(1)} MB: ${packages.join(', ')}`,
    );
    const server = JSON.parse(await readFile(join(root, 'server/package.json'), 'utf8')) as {
      dependencies: Readonly<Record<string, string>>;
    };
    const unwanted = [...Object.keys(server.dependencies), 'ringkit-server', 'lucide'];
    assert.deepEqual(
      packages.filter((name) => unwanted.includes(name)),
      [],
    );
    assert.ok(packages.length <= MOST_PACKAGES, `${String(packages.length)} packages`);
    assert.ok(megabytes <= MOST_MEGABYTES, `${String(megabytes)} MB`);
    checkFootprint('ringkit', { packages, megabytes });
  });

  for (const entryPoint of entryPoints) {
    it(`${entryPoint} can be imported in Node without output`, async () => {
      const outcome = await consumer.runModule('import.mjs', `await import('${entryPoint}');`);
      assert.deepEqual(outcome, { code: 0, output: '' });
    });
  }

  it('exports nothing beyond the list above', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    const modules = Object.keys(exports).filter((name) => !/\*|\.json$/.test(name));
    assert.deepEqual(
      modules.map((name) => name.replace('.', 'ringkit')).sort(),
      [...entryPoints, ...others].filter((name) => !/^ringkit\/(define|types)\//.test(name)).sort(),
    );
  });

  it('defines the elements only by ringkit/define', async () => {
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

  it('names the missing package if ringkit/server is imported without the server', async () => {
    const { code, output } = await consumer.runModule('alone.mjs', `import 'ringkit/server';`);
    assert.equal(code, 1);
    assert.match(
      output,
      /ringkit\/server needs the package ringkit-server, which is not installed/,
    );
  });

  for (const compiler of compilers) {
    it(`has types that resolve by ${nameOf(compiler)}, libraries checked`, () =>
      compile(consumer, compiler, typedUse, ['ES2023', 'DOM', 'DOM.Iterable']));
  }

  it('names the module of each element, for editors', async () => {
    const folder = consumer.installed('ringkit');
    const text = await readFile(join(folder, 'dist/custom-elements.json'), 'utf8');
    const { modules } = JSON.parse(text) as {
      modules: { path: string; declarations?: { tagName?: string; customElement?: boolean }[] }[];
    };
    const tags = modules.flatMap(({ declarations = [] }) =>
      declarations.flatMap(({ tagName }) => tagName ?? []),
    );
    assert.deepEqual(tags.sort(), [
      'call-history',
      'call-invitation-provider',
      'call-settings',
      'incoming-call-dialog',
      'invite-to-call-button',
      'missed-call-list',
      'ongoing-call-view',
      'outgoing-call-dialog',
      'start-call-button',
    ]);
    for (const { path } of modules) {
      await access(join(folder, path));
    }
  });

  it('has data with which editors complete tags, attributes and values', async () => {
    const folder = consumer.installed('ringkit');
    const read = async (file: string): Promise<unknown> =>
      JSON.parse(await readFile(join(folder, file), 'utf8'));
    const { tags } = (await read('dist/vscode.html-custom-data.json')) as {
      tags: { name: string; attributes: { name: string; values: { name: string }[] }[] }[];
    };
    assert.equal(tags.length, 9);
    const button = tags.find(({ name }) => name === 'start-call-button');
    const callType = button?.attributes.find(({ name }) => name === 'call-type');
    assert.deepEqual(callType?.values, [{ name: 'voice' }, { name: 'video' }]);
    const { properties } = (await read('dist/vscode.css-custom-data.json')) as {
      properties: { name: string }[];
    };
    assert.ok(properties.some(({ name }) => name === '--call-accept'));
    const described = (await read('package.json')) as { 'web-types': string };
    const { name, contributions } = (await read(described['web-types'])) as {
      name: string;
      contributions: { html: { elements: { name: string }[] } };
    };
    assert.equal(name, 'ringkit');
    assert.equal(contributions.html.elements.length, 9);
  });
});
