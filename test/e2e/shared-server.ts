import { CallServerProcess } from '../support/call-server.js';
import type { ServeOptions } from '../support/serve.js';

/**
 * A server process that the tests of a worker use one after the other, each with a new server without state, at a new
 * address: starting a process takes longer than many tests use the server.
 */
export class SharedServer {
  #process: CallServerProcess | undefined;
  /** The options that the process was started with, as JSON. */
  #options = '';

  /** @returns a server that no test has used before */
  async start(options: ServeOptions): Promise<CallServerProcess> {
    const wanted = JSON.stringify(options);
    if (this.#options !== wanted) await this.stop();
    this.#options = wanted;
    this.#process ??= await CallServerProcess.start(options);
    return this.#process;
  }

  /** Closes the connections of the test, and forgets its data. */
  async release(): Promise<void> {
    // A test may have killed the process.
    if (this.#process?.isRunning) await this.#process.renew();
    else this.#process = undefined;
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
  }
}
