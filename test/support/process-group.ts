import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

/** A program and all programs that it starts, which end together: at the latest, when this process exits. */
export class ProcessGroup {
  readonly #child: ChildProcess;
  readonly #id: number;
  readonly #exited: Promise<void>;
  readonly #ended: Promise<number | null>;
  #output = '';

  constructor(
    program: string,
    parameters: readonly string[],
    options: Pick<SpawnOptions, 'cwd' | 'env'> = {},
  ) {
    const child = spawn(program, parameters, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Makes it the leader of a process group.
      detached: true,
    });
    if (child.pid === undefined) {
      // The error that is thrown here says it already.
      child.once('error', () => {});
      throw new Error(`${program} cannot be started.`);
    }
    this.#child = child;
    this.#id = child.pid;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (this.#output += String(text)));
    this.#exited = once(child, 'exit').then(() => undefined);
    this.#ended = once(child, 'close').then(([code]) => code as number | null);
    process.once('exit', this.#kill);
  }

  /** What its programs have written so far. */
  get output(): string {
    return this.#output;
  }

  /** Whether the first program has not ended. Other programs may still run after it. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits until the first program has ended. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /**
   * Waits until all programs have closed their output.
   * @returns the exit code of the first program, or null if a signal ended it
   */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Ends all programs, also if the first one has ended. Resolves when they have. */
  async end(): Promise<void> {
    this.#kill();
    await this.#ended;
    process.off('exit', this.#kill);
  }

  readonly #kill = (): void => {
    try {
      process.kill(-this.#id, 'SIGKILL');
    } catch (error) {
      // All of its programs have ended.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
}
