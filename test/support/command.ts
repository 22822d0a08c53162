import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { compile } from '../../scripts/compile.js';

/** The command, as it is typed. */
export class Command {
  static readonly #started = new Set<Command>();
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(...args: string[]) {
    const cli = compile(new URL('../../server/cli.ts', import.meta.url));
    this.#child = spawn(process.execPath, [cli, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    Command.#started.add(this);
    this.#child.stdout.on('data', (text) => (this.stdout += String(text)));
    this.#child.stderr.on('data', (text) => (this.stderr += String(text)));
  }

  /** The address that it prints. */
  async listening(): Promise<string> {
    await this.prints('stdout', /listens on \S+\n/);
    return /listens on (\S+)\n/.exec(this.stdout)?.[1] ?? '';
  }

  async prints(stream: 'stdout' | 'stderr', text: RegExp): Promise<void> {
    while (!text.test(this[stream])) await once(this.#child[stream], 'data');
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Whatever became of the test. */
  static endAll(): void {
    for (const command of Command.#started) command.kill('SIGKILL');
    Command.#started.clear();
  }

  /** @returns its exit code, or the signal that ended it */
  async ended(): Promise<unknown> {
    const [code, signal] = (await once(this.#child, 'close')) as unknown[];
    return code ?? signal;
  }
}

/** One sentence, with its name in front. */
export const SENTENCE = /^ringkit-server: [^\n]+\.\n$/;
