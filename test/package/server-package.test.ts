import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkSourceMaps, unknownFiles } from './checks.js';
import { compile, compilers, nameOf } from './compiler.js';
import { Consumer, run } from './consumer.js';
import { checkFootprint } from './readme.js';

/** Maximum number of packages that the server installs. An increase must be intended. */
const MOST_PACKAGES = 90;
const MOST_MEGABYTES = 40;

const start = `
  const server = await createCallServer({ authenticate: authenticateDemo, port: 0 });
  const { status } = await fetch(new URL('/healthz', server.url));
  console.log(status, (await server.users()).length);
  await server.close();
`;

const typedUse = `
import { createServer } from 'node:http';
import {
  authenticateDemo, authenticateJwt, createCallServer, DataError, lineLogger, MemoryInbox,
  type Authenticate, type Bus, type CallServer, type CallServerOptions, type Inbox, type Limits, type Presence,
} from 'ringkit-server';

const authenticate: Authenticate = authenticateDemo;
const options: CallServerOptions = { authenticate, server: createServer(), limits: { devicesPerUser: 3 } };
export const server: Promise<CallServer> = createCallServer(options);
// @ts-expect-error -- a port is a number
export const wrong: CallServerOptions = { authenticate, port: '8787' };
export const error: Error = new DataError('');
export type Used = [Bus, Inbox, Limits, Presence];
export const used = [authenticateJwt, lineLogger, MemoryInbox];
`;

let consumer: Consumer;
before(async () => {
  consumer = await Consumer.install('ringkit-server');
});
after(() => consumer.remove());

describe('the packed package of the server', () => {
  it('contains exactly the published files', async () => {
    const folder = consumer.installed('ringkit-server');
    const known =
      /^(package\.json|LICENSE|README\.md|bin\/ringkit-server\.js|dist\/(server|src\/core\/protocol)\/.+(?<!\.test)\.(js|d\.ts)(\.map)?|dist\/source\/(server|src\/core\/protocol)\/.+(?<!\.test)\.ts)$/;
    assert.deepEqual(await unknownFiles(folder, known), []);
    for (const wanted of ['LICENSE', 'README.md']) await access(join(folder, wanted));
  });

  it('has source maps whose sources exist', () =>
    checkSourceMaps(consumer.installed('ringkit-server')));

  it('has only known dependencies, and none of the elements', async (test) => {
    const { packages, megabytes } = await consumer.footprint();
    test.diagnostic(
      `ringkit-server: ${String(packages.length)} packages, ${megabytes.toFixed(1)} MB: ${packages.join(', ')}`,
    );
    const unwanted = ['ringkit', 'lit', 'nanostores', 'simple-peer', 'socket.io-client'];
    assert.deepEqual(
      packages.filter((name) => unwanted.includes(name)),
      [],
    );
    assert.ok(packages.length <= MOST_PACKAGES, `${String(packages.length)} packages`);
    assert.ok(megabytes <= MOST_MEGABYTES, `${String(megabytes)} MB`);
    checkFootprint('ringkit-server', { packages, megabytes });
  });

  it('serves when imported by the name of the package, without output of its own', async () => {
    const text = `import { authenticateDemo, createCallServer } from 'ringkit-server';${start}`;
    const outcome = await consumer.runModule('serve.mjs', text);
    assert.deepEqual(outcome, { code: 0, output: '200 0\n' });
  });

  it('can be loaded by CommonJS', async () => {
    const text = `
      const { authenticateDemo, createCallServer } = require('ringkit-server');
      (async () => {${start}})();
    `;
    const outcome = await consumer.runModule('serve.cjs', text);
    assert.deepEqual(outcome, { code: 0, output: '200 0\n' });
  });

  it('has a command with help text', async () => {
    const words = ['--no-install', 'ringkit-server', '--help'];
    const { code, output } = await run('npx', words, consumer.folder);
    assert.equal(code, 0, output);
    assert.match(output, /--demo/);
    assert.match(output, /--port/);
  });

  for (const compiler of compilers) {
    it(`has types that resolve by ${nameOf(compiler)}, libraries checked`, () =>
      compile(consumer, compiler, typedUse, ['ES2023']));
  }
});

// After the tests of the server alone, because it adds the elements to the same project.
describe('both packages in one project', () => {
  before(() => consumer.add('ringkit'));

  it('export the same server under both names', async () => {
    const { output } = await consumer.runModule(
      'same.mjs',
      `import * as former from 'ringkit/server';
       import * as server from 'ringkit-server';
       const names = Object.keys(server);
       console.log(Object.keys(former).join() === names.join(), names.every((name) => former[name] === server[name]));`,
    );
    assert.equal(output, 'true true\n');
  });

  for (const compiler of compilers) {
    it(`have types that resolve by ${nameOf(compiler)}, libraries checked`, () =>
      compile(
        consumer,
        compiler,
        `${typedUse.replace("'ringkit-server'", "'ringkit/server'")}
         export { createCallInvitationService } from 'ringkit/core';
         import { createCallServer as server2 } from 'ringkit-server';
         export const same: typeof createCallServer = server2;`,
        ['ES2023', 'DOM', 'DOM.Iterable'],
      ));
  }
});
