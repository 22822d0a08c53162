import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { compile } from '../../scripts/compile.js';
import type { Command, Report, ServeOptions } from './serve.js';

/** A real server process on loopback, at a free port unless one is given. */
export class CallServerProcess {
  #url: string;
  readonly #options: ServeOptions;
  #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, options: ServeOptions) {
    this.#child = child;
    this.#url = url;
    this.#options = options;
  }

  static async start(options: ServeOptions = {}): Promise<CallServerProcess> {
    const child = launch(options);
    const { url } = await reportOf(child);
    return new CallServerProcess(child, url, options);
  }

  get url(): string {
    return this.#url;
  }

  /** Whether the process has not ended. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Rejections and log lines so far. */
  report(): Promise<Report> {
    return this.#ask('report');
  }

  /** Closes every connection and restarts at the same address. Only the inbox is kept. */
  async restart(): Promise<void> {
    await this.#ask('restart');
  }

  /** Closes every connection and starts a server without any state, at a new address. */
  async renew(): Promise<void> {
    const { url } = await this.#ask('renew');
    this.#url = url;
  }

  /** Ends the process like a crash. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended();
  }

  /** Starts another process at the same address after `kill()`, without any state. */
  async startAgain(): Promise<void> {
    this.#child = launch({ ...this.#options, port: Number(new URL(this.url).port) });
    await reportOf(this.#child);
  }

  /** Stops answering, with all connections open, as when the network is gone without notice. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Answers again after `freeze()`. */
  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.send('stop' satisfies Command);
    await this.#ended();
  }

  #ask(command: Command): Promise<Report> {
    const report = reportOf(this.#child);
    this.#child.send(command);
    return report;
  }

  async #ended(): Promise<void> {
    if (this.isRunning) await once(this.#child, 'exit');
  }
}

const launch = (options: ServeOptions): ChildProcess =>
  fork(compile(new URL('serve.ts', import.meta.url)), [JSON.stringify(options)], {
    // Without the arguments of the parent, a test runner.
    execArgv: [
      '--enable-source-maps',
      ...(options.maxHeapMB === undefined ? [] : [`--max-old-space-size=${options.maxHeapMB}`]),
    ],
  });

async function reportOf(child: ChildProcess): Promise<Report> {
  const gone = new AbortController();
  const exited = once(child, 'exit', { signal: gone.signal }).then(() => {
    throw new Error('The server process has ended.');
  });
  try {
    const [report] = (await Promise.race([once(child, 'message'), exited])) as [Report];
    return report;
  } finally {
    gone.abort();
    exited.catch(() => {});
  }
}
