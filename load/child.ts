import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { compile } from '../scripts/compile.js';

/** A process of ours, told what to do by words. It ends when it is told no more. */
export class Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #said: unknown[] = [];
  #hear: (() => void) | undefined;

  private constructor(program: string, argument: object, flags: readonly string[]) {
    this.#process = fork(program, [JSON.stringify(argument)], { execArgv: [...flags] });
    this.pid = this.#process.pid ?? 0;
    this.#process.on('message', (word) => {
      this.#said.push(word);
      this.#hear?.();
    });
    this.#process.once('exit', () => this.#hear?.());
  }

  /** @param source of the program, in TypeScript */
  static start(source: URL, argument: object, flags: readonly string[] = []): Child {
    return new Child(compile(source), argument, flags);
  }

  say(word: object | string): void {
    if (this.#process.connected) this.#process.send(word);
  }

  /**
   * What it says next, one word after the other.
   * @throws when it has ended
   */
  async next(): Promise<unknown> {
    while (this.#said.length === 0) {
      if (this.#hasEnded) throw new Error('A process has ended before its time.');
      await new Promise<void>((resolve) => (this.#hear = resolve));
    }
    return this.#said.shift();
  }

  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.disconnect();
    await ended;
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}
