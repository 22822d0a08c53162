import type { Clock } from '../ports/clock.js';

/** Delay before a part is loaded again after a failure, in ms. */
const RETRY_MS = 10_000;

/** A part of a session that is loaded when it is first needed. */
export class SessionPart<T extends { stop(): void }> {
  readonly #create: () => Promise<T> | undefined;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  #part: Promise<T> | undefined;
  /** Jobs that wait for the part, in their order. */
  readonly #waiting: ((part: T) => void)[] = [];
  #isLoading = false;
  #hasFailed = false;
  #stopped = false;

  /** @param create loads the part; returns undefined if the session has none */
  constructor(
    create: () => Promise<T> | undefined,
    { clock, report }: { readonly clock: Clock; readonly report: (error: unknown) => void },
  ) {
    this.#create = create;
    this.#clock = clock;
    this.#report = report;
  }

  /** Runs a job once the part is loaded; undefined if there is none. Rejects if it can't be loaded. */
  with<R>(job: (part: T) => R | Promise<R>): Promise<R> | undefined {
    this.#part ??= this.#create();
    this.#part?.catch(() => (this.#part = undefined));
    return this.#part?.then(job);
  }

  /** Runs a job that must not be lost, after all earlier ones: if loading fails, retries every ten seconds. */
  run(job: (part: T) => void): void {
    this.#waiting.push(job);
    if (!this.#isLoading) this.#load();
  }

  #load(): void {
    const part = this.with((loaded) => loaded);
    if (!part) return void this.#waiting.splice(0);
    this.#isLoading = true;
    part.then(
      (loaded) => {
        this.#isLoading = this.#hasFailed = false;
        for (const job of this.#waiting.splice(0)) {
          try {
            job(loaded);
          } catch (error) {
            this.#report(error);
          }
        }
      },
      (error: unknown) => {
        if (this.#stopped) return;
        if (!this.#hasFailed) this.#report(error);
        this.#hasFailed = true;
        this.#clock.after(RETRY_MS, () => {
          if (!this.#stopped) this.#load();
        });
      },
    );
  }

  /** Runs a job only if the part is loaded, or is being loaded. */
  ifLoaded(job: (part: T) => void): void {
    void this.#part?.then(job, () => {});
  }

  stop(): void {
    this.#stopped = true;
    this.ifLoaded((part) => part.stop());
  }
}
