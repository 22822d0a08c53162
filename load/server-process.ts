import { Child } from './child.js';
import { LoadError } from './load-error.js';
import type { ServeOptions, Started } from './serve.js';
import { usageOf, type Usage } from './usage.js';

/** A server in a separate process, on loopback, at a free port. */
export class ServerProcess {
  readonly url: string;
  readonly #child: Child;

  private constructor(child: Child, url: string) {
    this.#child = child;
    this.url = url;
  }

  /**
   * @param file the program: its first message is a `Started`
   * @throws {LoadError} if it can't start
   */
  static async start(
    options: ServeOptions = {},
    file = new URL('serve.ts', import.meta.url),
    flags: readonly string[] = [],
  ): Promise<ServerProcess> {
    const child = Child.start(file, options, flags);
    const started = (await child.next()) as Started;
    if ('url' in started) return new ServerProcess(child, started.url);
    await child.stop();
    throw new LoadError(`The server cannot start: ${started.failed}`);
  }

  usage(): Usage | undefined {
    return usageOf(this.#child.pid);
  }

  /** The usage after a garbage collection. Needs a process with `--expose-gc`. */
  async usageWithoutGarbage(): Promise<Usage | undefined> {
    this.#child.send('collect');
    await this.#child.next();
    return this.usage();
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
