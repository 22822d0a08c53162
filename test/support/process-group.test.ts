import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ProcessGroup } from './process-group.js';

const skip = process.platform === 'win32' && 'this system has no process groups';

describe('a process group', { skip }, () => {
  let server: Server;
  before(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  const sockets: Socket[] = [];
  after(() => {
    // Ends other programs that still run after a failure.
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const inTime = () => ({ signal: AbortSignal.timeout(8_000) });
  /** Code of a program that starts another one, which runs for as long as it is connected to the server. */
  const startsOther = () => {
    const { port } = server.address() as AddressInfo;
    const other = `require('node:net').connect(${String(port)}, '127.0.0.1');`;
    return `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(other)}], { stdio: 'inherit' });`;
  };
  /** Waits until the other program is connected. @returns when it has ended */
  const otherProgram = async () => {
    const [socket] = (await once(server, 'connection', inTime())) as [Socket];
    sockets.push(socket.on('error', () => {}).resume());
    return { ended: once(socket, 'close', inTime()) };
  };

  it('ends the programs that its first program has started, also after that one has ended', async () => {
    const connected = otherProgram();
    const first = `${startsOther()} process.exit();`;
    const group = new ProcessGroup(process.execPath, ['-e', first]);
    const other = await connected;
    await group.exited;
    assert.equal(group.isRunning, false);
    await group.end();
    await other.ended;
  });

  it('can be ended after all of its programs have ended', async () => {
    const group = new ProcessGroup(process.execPath, ['-e', 'console.log(1); process.exit(3);']);
    assert.equal(await group.ended, 3);
    assert.equal(group.output, '1\n');
    assert.equal(group.isRunning, false);
    await group.end();
    await group.end();
  });

  it('throws if its program cannot be started', () => {
    assert.throws(() => new ProcessGroup('/nowhere/program', []), /cannot be started/);
  });

  it('ends with the process that has started it', async () => {
    const connected = otherProgram();
    const url = new URL('process-group.ts', import.meta.url).href;
    const starts = `
      import { ProcessGroup } from ${JSON.stringify(url)};
      new ProcessGroup(process.execPath, ['-e', ${JSON.stringify(startsOther())}]);
      process.stdin.once('end', () => process.exit()).resume();`;
    const options = ['--import', 'tsx', '--input-type=module', '-e', starts];
    const starter = spawn(process.execPath, options, { stdio: ['pipe', 'inherit', 'inherit'] });
    const other = await connected;
    starter.stdin.end();
    await other.ended;
  });
});
