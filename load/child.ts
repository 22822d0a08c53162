import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { compile } from '../scripts/compile.js';

/** A child process that is controlled by messages. It exits when it is disconnected. */
export class Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #messages: unknown[] = [];
  #onMessage: (() => void) | undefined;

  private constructor(program: string, argument: object, flags: readonly string[]) {
    this.#process = fork(program, [JSON.stringify(argument)], { execArgv: [...flags] });
    this.pid = this.#process.pid ?? 0;
    this.#process.on('message', (message) => {
      this.#messages.push(message);
      this.#onMessage?.();
    });
    this.#process.once('exit', () => this.#onMessage?.());
  }

  /** @param source the program, in TypeScript */
  static start(source: URL, argument: object, flags: readonly string[] = []): Child {
    return new Child(compile(source), argument, flags);
  }

  send(message: object | string): void {
    if (this.#process.connected) this.#process.send(message);
  }

  /**
   * Returns the next message of the process, in order.
   * @throws if the process has exited
   */
  async next(): Promise<unknown> {
    while (this.#messages.length === 0) {
      if (this.#hasEnded) throw new Error('A child process has exited unexpectedly.');
      await new Promise<void>((resolve) => (this.#onMessage = resolve));
    }
    return this.#messages.shift();
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
