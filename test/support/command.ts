import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { compile } from '../../scripts/compile.js';

/** A Node program, started from the command line, with its output. */
export class Command {
  static readonly #started = new Set<Command>();
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  /**
   * Resolves with the exit code, or the signal that ended it, after all processes that it started have closed its
   * output.
   */
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

  /** Waits until the output matches. @throws if the program ends before */
  async prints(stream: 'stdout' | 'stderr', text: RegExp): Promise<void> {
    while (!text.test(this[stream])) {
      if (this.#hasEnded) throw new Error(`It has ended. Output: ${this.stdout}${this.stderr}`);
      await Promise.race([once(this.#child[stream], 'data'), this.#closed]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** @returns the exit code, or the signal that ended it */
  ended(): Promise<unknown> {
    return this.#closed;
  }

  /** Ends all programs, whatever the result of the test. */
  static endAll(): void {
    for (const command of Command.#started) command.kill('SIGKILL');
    Command.#started.clear();
  }
}

/** The command `ringkit-server`. */
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

/** One sentence after the name of the program. */
export const SENTENCE = /^ringkit-server: [^\n]+\.\n$/;
