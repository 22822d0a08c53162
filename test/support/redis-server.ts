import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { freePort } from './free-port.js';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const PROGRAM = 'redis-server';

/** Why tests that need Redis are skipped; `false` if it is installed. */
export const withoutRedis: string | false = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, PROGRAM)))
  ? false
  : `${PROGRAM} is not installed`;

/** A real Redis on loopback, at a free port, with its own folder. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #keeps: boolean;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string, keeps: boolean) {
    this.url = `redis://127.0.0.1:${String(port)}`;
    this.#port = port;
    this.#folder = folder;
    this.#keeps = keeps;
  }

  /** @param keeps whether it still has its data after `kill()` */
  static async start({ keeps = false } = {}): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'ringkit-redis-'));
    const server = new RedisServer(await freePort(), folder, keeps);
    await server.startAgain();
    return server;
  }

  /** Ends the process like a crash. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Stops the process: connections stay open without responses, until `kill()` or `goOn()`. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** Resumes after `freeze()`. */
  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Restarts after `kill()`, at the same port. */
  async startAgain(): Promise<void> {
    const append = this.#keeps ? ['yes', '--appendfsync', 'always'] : ['no'];
    const args = ['--port', String(this.#port), '--bind', '127.0.0.1', '--save', ''];
    const child = spawn(PROGRAM, [...args, '--dir', this.#folder, '--appendonly', ...append], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const endWithParent = () => child.kill('SIGKILL');
    process.once('exit', endWithParent);
    child.once('exit', () => process.off('exit', endWithParent));
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.includes('Ready to accept connections')) break;
    }
    if (!output.includes('Ready to accept connections'))
      throw new Error(`Redis has not started: ${output}`);
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
