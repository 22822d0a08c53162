import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IceServer } from '../../server/auth/turn.js';

const PROGRAMS = ['turnserver', 'turnutils_uclient'];
const missing = PROGRAMS.filter((program) => spawnSync('which', [program]).status !== 0);

/** Why tests that need a TURN server are skipped; `false` if one is installed. */
export const withoutTurn: string | false =
  missing.length > 0 && `there is no ${missing.join(' and no ')}`;

/** Maximum time until it answers, in ms, and maximum number of starts. */
const START_MS = 30_000;
const ATTEMPTS = 3;
class NotStarted extends Error {}

/** A real coturn server on loopback, at a free port. */
export class TurnRelay {
  /** The TURN options of `createCallServer`. */
  readonly options: { readonly urls: readonly string[]; readonly secret: string };
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess;

  private constructor(port: number, secret: string, folder: string, child: ChildProcess) {
    this.options = { urls: [`turn:127.0.0.1:${String(port)}`], secret };
    this.port = port;
    this.#folder = folder;
    this.#child = child;
  }

  static async start(secret = 'shared with the relay'): Promise<TurnRelay> {
    // Another process may take its port, or the next one, meanwhile. Then it is started again at another port.
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      try {
        return await TurnRelay.#startOnce(secret);
      } catch (error) {
        if (!(error instanceof NotStarted)) throw error;
      }
    }
    return TurnRelay.#startOnce(secret);
  }

  static async #startOnce(secret: string): Promise<TurnRelay> {
    const folder = await mkdtemp(join(tmpdir(), 'ringkit-turn-'));
    const port = await freePort();
    const relay = new TurnRelay(port, secret, folder, launch(port, secret, folder));
    if (await answersAt(port)) return relay;
    await relay.stop();
    throw new NotStarted();
  }

  /** Whether it relays for a client with these credentials. */
  async relaysFor({ username, credential }: IceServer): Promise<boolean> {
    const client = spawn('turnutils_uclient', [
      ...['-y', '-n', '3', '-u', username, '-w', credential],
      ...['-p', String(this.port), '-e', '127.0.0.1', '127.0.0.1'],
    ]);
    client.stdout.resume();
    client.stderr.resume();
    const [code] = (await once(client, 'close')) as [number | null];
    return code === 0;
  }

  /** Ends it like a crash. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'close');
  }

  /** Starts it again at the same port after `kill()`. */
  async startAgain(): Promise<void> {
    this.#child = launch(this.port, this.options.secret, this.#folder);
    if (!(await answersAt(this.port))) throw new NotStarted();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }
}

function launch(port: number, secret: string, folder: string): ChildProcess {
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', '--use-auth-secret'],
      ...[`--listening-port=${String(port)}`, `--static-auth-secret=${secret}`, '--realm=test'],
      ...['--allow-loopback-peers', '--no-cli', '--no-tls', '--no-dtls', '--log-file=stdout'],
      ...[`--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'db')}`],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  child.once('exit', () => process.off('exit', endWithParent));
  return child;
}

/** Sends a STUN binding request (RFC 8489). @returns false if no server answers */
async function answersAt(port: number): Promise<boolean> {
  const request = Buffer.alloc(20);
  request.writeUInt16BE(1, 0);
  request.writeUInt32BE(0x2112a442, 4);
  const socket = createSocket('udp4');
  const asking = setInterval(() => socket.send(request, port, '127.0.0.1'), 20);
  socket.on('error', () => {});
  try {
    await once(socket, 'message', { signal: AbortSignal.timeout(START_MS) });
    return true;
  } catch {
    return false;
  } finally {
    clearInterval(asking);
    socket.close();
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
