import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { Command, SENTENCE, ServerCommand } from '../test/support/command.js';
import { invite, WireClient } from '../test/support/wire-client.js';

describe('ringkit-server', () => {
  afterEach(() => Command.endAll());

  it('does not start when no authentication is configured', async () => {
    const command = new ServerCommand('--port', '0');
    assert.equal(await command.ended(), 2);
    assert.match(command.stderr, SENTENCE);
    assert.match(command.stderr, /--demo/);
    assert.equal(command.stdout, '');
  });

  it('explains invalid arguments in one sentence', async () => {
    const wrong = [
      ['--demo', '--port', 'http'],
      ['--demo', '--port', '65536'],
      ['--demo', '--wrong'],
      ['--demo', '--data-dir', ''],
      ['--demo', '--data-dir'],
      ['--demo', '--data-dir', 'folder', '--redis', 'redis://127.0.0.1'],
    ];
    for (const args of wrong) {
      const command = new ServerCommand(...args);
      assert.equal(await command.ended(), 2, args.join(' '));
      assert.match(command.stderr, SENTENCE);
    }
  });

  it('prints its usage with --help', async () => {
    const command = new ServerCommand('--help');
    assert.equal(await command.ended(), 0);
    assert.match(command.stdout, /--demo/);
    assert.equal(command.stderr, '');
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`warns in demo mode, listens on loopback, and stops cleanly on ${signal}`, async () => {
      const command = new ServerCommand('--demo', '--port', '0');
      const url = await command.listening();
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
      await command.prints('stderr', /DEMO MODE/);
      const client = await WireClient.ready(url, 'alice-1');
      const closed = client.once('disconnect');
      const ended = command.ended();
      command.kill(signal);
      assert.equal(await ended, 0);
      assert.equal(await closed, 'transport close');
    });
  }

  it('listens on all IPv4 addresses with --host without a value', async () => {
    const command = new ServerCommand('--demo', '--port', '0', '--host');
    assert.match(await command.listening(), /^http:\/\/0\.0\.0\.0:\d+\/$/);
    command.kill('SIGTERM');
    assert.equal(await command.ended(), 0);
  });

  it('stores its data in --data-dir, and prints a note when it stores nothing', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'ringkit-cli-')), 'data');
    const inMemory = new ServerCommand('--demo', '--port', '0');
    await inMemory.listening();
    assert.match(inMemory.stdout, /^All data is in memory[^\n]*--data-dir[^\n]*\n/);
    const args = ['--demo', '--port', '0', '--data-dir', folder];
    const keyOf = async (command: ServerCommand) => {
      const client = await WireClient.ready(await command.listening(), 'alice-1');
      const answer: unknown = await client.socket.emitWithAck('push-key');
      client.close();
      return answer;
    };
    const first = new ServerCommand(...args);
    const key = await keyOf(first);
    assert.doesNotMatch(first.stdout, /memory/);
    const second = new ServerCommand(...args);
    assert.equal(await second.ended(), 1);
    const [sentence] = second.stderr.split('\n').slice(-2);
    assert.equal(
      sentence,
      `ringkit-server: The data folder ${folder} is in use by another server.`,
    );
    first.kill('SIGTERM');
    assert.equal(await first.ended(), 0);
    assert.deepEqual(await keyOf(new ServerCommand(...args)), key);
    Command.endAll();
    await rm(dirname(folder), { recursive: true });
  });

  it('explains in one sentence how the data folder is damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringkit-cli-'));
    const args = ['--demo', '--port', '0', '--data-dir', folder];
    const server = new ServerCommand(...args);
    const alice = await WireClient.ready(await server.listening(), 'alice-1');
    for (const callee of ['bob', 'carol']) await alice.send(invite(callee, [callee]));
    server.kill('SIGTERM');
    assert.equal(await server.ended(), 0);
    const databaseFolder = join(folder, 'database');
    const [log = ''] = (await readdir(databaseFolder)).filter((name) => name.endsWith('.log'));
    const bytes = await readFile(join(databaseFolder, log));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
    await writeFile(join(databaseFolder, log), bytes);
    const startError = async () => {
      const command = new ServerCommand(...args);
      assert.equal(await command.ended(), 1);
      assert.equal(command.stdout, '');
      return command.stderr.split('\n').slice(-2)[0];
    };
    const sentence = (why: string) =>
      `ringkit-server: The data folder ${folder} is damaged (${why}): restore it from a backup, or move it away and start with an empty one.`;
    assert.equal(await startError(), sentence('its last change is missing'));
    await rm(join(databaseFolder, 'CURRENT'));
    assert.equal(await startError(), sentence('the file CURRENT of its database is missing'));
    await rm(folder, { recursive: true });
  });

  it('explains an invalid --vapid-subject in one sentence', async () => {
    const command = new ServerCommand('--demo', '--port', '0', '--vapid-subject', 'nobody');
    assert.equal(await command.ended(), 2);
    assert.match(command.stderr, /ringkit-server: The VAPID subject must be [^\n]*"nobody"\.\n$/);
  });

  it('explains in one sentence why Redis cannot be used, without its password', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as AddressInfo;
    unused.close();
    await once(unused, 'close');
    const url = `redis://:secret@127.0.0.1:${String(port)}`;
    for (const [given, why] of [
      [url, /ECONNREFUSED/],
      ['127.0.0.1', /redis:\/\//],
    ] as const) {
      const command = new ServerCommand('--demo', '--port', '0', '--redis', given);
      assert.equal(await command.ended(), 1);
      const [sentence = ''] = command.stderr.split('\n').slice(-2);
      assert.match(`${sentence}\n`, SENTENCE);
      assert.match(sentence, why);
      assert.doesNotMatch(command.stderr, /secret/);
    }
  });

  it('explains in one sentence that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const command = new ServerCommand('--demo', '--port', String(port));
    assert.equal(await command.ended(), 1);
    other.close();
    const [sentence] = command.stderr.split('\n').slice(-2);
    assert.equal(
      sentence,
      `ringkit-server: Port ${String(port)} is in use: choose another one with --port.`,
    );
  });
});
