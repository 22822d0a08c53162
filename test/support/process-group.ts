import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

/** A program and all programs that it starts, which end together: at the latest, when this process exits. */
export class ProcessGroup {
  readonly #id: number;
  readonly #ended: Promise<number | null>;
  #output = '';
  #isRunning = true;

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
    if (child.pid === undefined) throw new Error(`${program} cannot be started.`);
    this.#id = child.pid;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (this.#output += String(text)));
    child.once('exit', () => (this.#isRunning = false));
    this.#ended = once(child, 'close').then(([code]) => code as number | null);
    process.once('exit', this.#kill);
  }

  /** What its programs have written so far. */
  get output(): string {
    return this.#output;
  }

  /** Whether the first program has not ended. Other programs may still run after it. */
  get isRunning(): boolean {
    return this.#isRunning;
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
