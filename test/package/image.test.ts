import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { useClients } from '../support/clients.js';
import {
  ignoreRules,
  instructionsOf,
  parseDockerfile,
  readText,
  StageFolder,
  type Stage,
} from '../support/container-image.js';
import { TOKEN_SECRET, tokenFor } from '../support/tokens.js';
import { root } from './consumer.js';

const [build, packages, image] = parseDockerfile(readText(join(root, 'deploy/Dockerfile'))) as [
  Stage,
  Stage,
  Stage,
];
const commandOf = (stage: Stage, name: string): string[] =>
  JSON.parse(instructionsOf(stage, name).at(-1)?.text.replace(/^CMD /, '') ?? '[]') as string[];
/** The user of the image, if this test may run programs as another user. */
const [uid = 0, gid = 0] = instructionsOf(image, 'USER')[0]?.text.split(':').map(Number) ?? [];
const asUser = process.getuid?.() === 0 ? { uid, gid } : {};

describe('the steps of the Dockerfile, in a clean folder', () => {
  const clients = useClients();
  let folder: string;
  let made: StageFolder;
  let server: ChildProcess | undefined;
  let output = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ringkit-image-'));
    chmodSync(folder, 0o755);
    const context = { folder: root, isIgnored: ignoreRules(readText(join(root, '.dockerignore'))) };
    const stageFolder = (name: string): StageFolder => {
      mkdirSync(join(folder, name));
      return new StageFolder(join(folder, name));
    };
    // The first stage installs all tools. Its result is what `npm run build` has just written.
    assert.match(instructionsOf(build, 'RUN').at(-1)?.text ?? '', /^node scripts\/build\.mjs/);
    const built = stageFolder('build');
    cpSync(join(root, 'server/dist'), built.path('/build/server/dist'), { recursive: true });
    const installed = stageFolder('packages');
    installed.build(packages, context);
    made = stageFolder('image');
    made.build(
      image,
      context,
      new Map([
        ['build', built],
        ['packages', installed],
      ]),
    );
  });
  after(async () => {
    if (server?.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true });
  });

  const inImage = (path: string): string => (path.startsWith('/') ? made.path(path) : path);
  const env = (port: number) => ({
    PATH: process.env['PATH'],
    NODE_ENV: 'production',
    RINGKIT_HOST: '127.0.0.1',
    RINGKIT_PORT: String(port),
    RINGKIT_JWT_SECRET: TOKEN_SECRET,
  });
  const checkHealth = (port: number): number | null => {
    const [program = '', ...parameters] = commandOf(image, 'HEALTHCHECK');
    return spawnSync(program, parameters, { ...asUser, env: env(port), cwd: made.path('/') })
      .status;
  };

  it('install the packages of the server, and no tools', () => {
    const names = readdirSync(made.path('/app/node_modules'));
    assert.ok(names.includes('socket.io') && names.includes('ioredis'));
    for (const tool of ['typescript', 'vite', 'lit', '@playwright', 'ringkit-server', 'react']) {
      assert.ok(!names.includes(tool), tool);
    }
    assert.deepEqual(readdirSync(made.path('/app')).sort(), ['LICENSE', 'node_modules', 'server']);
    assert.deepEqual(
      readdirSync(made.path('/app/server'))
        .filter((name) => name !== 'node_modules')
        .sort(),
      ['bin', 'dist', 'package.json'],
    );
  });

  it('start as an unprivileged user who may write only to /data', async () => {
    if (asUser.uid !== undefined) chownSync(made.path('/data'), uid, gid);
    const [program = '', ...parameters] = commandOf(image, 'ENTRYPOINT').map(inImage);
    server = spawn(program, [...parameters, '--data-dir', made.path('/data')], {
      ...asUser,
      env: env(0),
      cwd: made.path('/app'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [server.stdout, server.stderr]) {
      stream?.on('data', (text) => (output += String(text)));
    }
    while (!/listens on \S+\n/.test(output)) {
      assert.equal(server.exitCode, null, output);
      await Promise.race([once(server.stdout!, 'data'), once(server, 'exit')]);
    }
    assert.ok(existsSync(made.path('/data/secrets.json')));
    if (asUser.uid === undefined) return;
    for (const path of ['/', '/app', '/app/server/dist', '/app/node_modules']) {
      const { status } = spawnSync('touch', [join(made.path(path), 'written')], asUser);
      assert.notEqual(status, 0, path);
    }
  });

  it('answer the health check, accept a user, and end on SIGTERM', async () => {
    const [, url = ''] = /listens on (\S+)\n/.exec(output) ?? [];
    const port = Number(new URL(url).port);
    assert.equal(checkHealth(port), 0);
    const token = await tokenFor('alice', 60);
    await clients.ready(url, 'alice-1', { token });
    const ended = once(server!, 'exit');
    server?.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null], output);
    assert.equal(checkHealth(port), 1, 'the health check fails without a server');
  });
});
