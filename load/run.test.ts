import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CallServerProcess } from '../test/support/call-server.js';
import { Command } from '../test/support/command.js';
import { TOKEN_SECRET } from '../test/support/tokens.js';

const program = fileURLToPath(new URL('run.ts', import.meta.url));
const start = (...args: readonly string[]) => new Command('--import', 'tsx', program, ...args);
// Enough users for all calls at once, on a machine on which none of them ends in time.
const few = ['--users', '120', '--calls-per-second', '20', '--seconds', '1.5', '--pace', '20'];
/** The lines about the usage of the server, which is only known on Linux. */
const usage =
  process.platform === 'linux'
    ? [
        /^server, memory: .* with 120 connections, .* per 1,000 connections$/m,
        /^server, CPU: [\d.]+ % of one core while calling/m,
      ]
    : [/^server: memory and CPU are unknown/m];

describe('npm run load', () => {
  let server: CallServerProcess | undefined;
  afterEach(async () => {
    Command.endAll();
    await server?.stop();
    server = undefined;
  });

  it('starts a server, performs the planned calls, and reports latencies and usage', async () => {
    const load = start(...few, '--workers', '2', '--token-secret', TOKEN_SECRET);
    assert.equal(await load.ended(), 0, load.stdout + load.stderr);
    const { stdout } = load;
    for (const latency of ['send\\(\\) to ringing', 'accept\\(\\) to both in', 'set-up']) {
      assert.match(stdout, new RegExp(`^${latency}.*( +[\\d.]+ ms){3} +[1-9]\\d*$`, 'm'));
    }
    const [, planned, met] = /^all +(\d+) +(\d+)$/m.exec(stdout) ?? [];
    assert.ok(Number(planned) > 10);
    assert.equal(met, planned);
    assert.match(stdout, /^errors: none$/m);
    for (const line of usage) assert.match(stdout, line);
    assert.match(stdout, /^generator: event loop delay [\d.]+ ms .* 2 processes$/m);
  });

  it('uses the given servers, and fails if calls have other outcomes than planned', async () => {
    server = await CallServerProcess.start({
      // Enough for one hello.
      limits: { messages: { points: 1, seconds: 60 } },
    });
    const load = start(...few, '--nodes', server.url);
    assert.equal(await load.ended(), 1, load.stdout + load.stderr);
    assert.match(load.stdout, /^answered +\d+ +0 +rate-limited [1-9]/m);
    assert.match(load.stdout, /^errors: rate-limited [1-9]\d*$/m);
    assert.match(load.stdout, /^server, memory: [\d.]+ MB before anybody signed in/m);
  });

  it('stops everything that it has started when it is interrupted', async () => {
    const load = start('--users', '40', '--calls-per-second', '1', '--seconds', '600');
    await load.prints('stdout', /signed in 40 users/);
    load.kill('SIGINT');
    assert.equal(await load.ended(), 130);
    assert.equal(load.stderr, 'Interrupted.\n');
  });

  it('explains in one sentence why there is nothing to measure', async () => {
    const bad = start('--users', '40', '--calls-per-second', '1', '--seconds', 'long');
    assert.equal(await bad.ended(), 2);
    assert.match(bad.stderr, /^--seconds [^\n]+\.\n$/);
    server = await CallServerProcess.start({ jwt: { secret: TOKEN_SECRET } });
    const nobody = start(...few, '--nodes', server.url);
    assert.equal(await nobody.ended(), 2);
    assert.match(nobody.stderr, /^Signing in failed: [^\n]+ its token\.\n$/);
  });
});
