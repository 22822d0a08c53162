import type { Clock } from '../ports/clock.js';

/** Delay before a part is loaded again after a failure, in ms. */
const RETRY_MS = 10_000;

/** A part of a session that is loaded when it is first needed. */
export class SessionPart<T extends { stop(): void }> {
  readonly #create: () => Promise<T> | undefined;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  #part: Promise<T> | undefined;
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

  /** Runs a job that must not be lost: if loading fails, retries every ten seconds. */
  run(job: (part: T) => void): void {
    void this.with(() => {})?.then(
      () => {
        this.#hasFailed = false;
        void this.with(job)?.catch(this.#report);
      },
      (error: unknown) => {
        if (this.#stopped) return;
        if (!this.#hasFailed) this.#report(error);
        this.#hasFailed = true;
        this.#clock.after(RETRY_MS, () => {
          if (!this.#stopped) this.run(job);
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
