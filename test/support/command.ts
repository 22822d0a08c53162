import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { compile } from '../../scripts/compile.js';

/** A program of Node, as it is typed, and what it says. */
export class Command {
  static readonly #started = new Set<Command>();
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  /** With its exit code, or the signal that ended it, when nothing that it has started holds its output any more. */
  readonly #closed: Promise<unknown>;
  #hasEnded = false;

  constructor(...words: string[]) {
    this.#child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    Command.#started.add(this);
    this.#child.stdout.on('data', (text) => (this.stdout += String(text)));
    this.#child.stderr.on('data', (text) => (this.stderr += String(text)));
    this.#closed = once(this.#child, 'close').then(([code, signal]: unknown[]) => {
      this.#hasEnded = true;
      Command.#started.delete(this);
      return code ?? signal;
    });
  }

  /** Waits until it has said something. @throws when it has ended without */
  async prints(stream: 'stdout' | 'stderr', text: RegExp): Promise<void> {
    while (!text.test(this[stream])) {
      if (this.#hasEnded) throw new Error(`It has ended, and said: ${this.stdout}${this.stderr}`);
      await Promise.race([once(this.#child[stream], 'data'), this.#closed]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** @returns its exit code, or the signal that ended it */
  ended(): Promise<unknown> {
    return this.#closed;
  }

  /** Whatever became of the test. */
  static endAll(): void {
    for (const command of Command.#started) command.kill('SIGKILL');
    Command.#started.clear();
  }
}

/** `ringkit-server`. */
export class ServerCommand extends Command {
  constructor(...args: string[]) {
    super(compile(new URL('../../server/cli.ts', import.meta.url)), ...args);
  }

  /** The address that it prints. */
  async listening(): Promise<string> {
    await this.prints('stdout', /listens on \S+\n/);
    return /listens on (\S+)\n/.exec(this.stdout)?.[1] ?? '';
  }
}

/** One sentence, with its name in front. */
export const SENTENCE = /^ringkit-server: [^\n]+\.\n$/;
