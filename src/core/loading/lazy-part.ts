import type { Clock } from '../ports/clock.js';
import { CallError } from '../service/call-error.js';
import { systemClock } from '../clock/system-clock.js';

/** Pauses before the second, third and fourth attempt of a series, in ms. */
const PAUSES_MS = [500, 1_000, 2_000] as const;
/** A series never starts earlier than this after the last failure, in ms. */
const MIN_PAUSE_MS = 500;
/** An attempt that takes longer counts as failed, in ms. Its result is still used if it arrives later. */
const ATTEMPT_MS = 10_000;
/** Pause after the first failed series while the part stays needed, in ms. It doubles with each series. */
const SERIES_PAUSE_MS = 5_000;
const MAX_SERIES_PAUSE_MS = 30_000;
/** Number of attempts at the module's own URL. Further attempts use a new URL, if the module's URL is known. */
const PLAIN_ATTEMPTS = 2;

/** The error of Chromium and Firefox for a module that they could not fetch. It contains the URL; Safari's does not. */
const NAMED_URL = /dynamically imported module: (\S+)$/;

type Module = Readonly<Record<string, unknown>>;

/** Ports of a lazy part; tests use fakes. */
export interface LazyPartPorts {
  readonly clock?: Pick<Clock, 'now' | 'after'>;
  /** Imports a module by a URL that is known only at run time. */
  readonly importFrom?: (url: string) => Promise<unknown>;
}

/**
 * A part of the library whose code is loaded when it is first needed. `import()` alone is not enough: a single failed
 * request would be final, because some browsers cache the failure until the page is closed.
 *
 * All callers share the loaded value and the attempts to load it. See docs/decisions/0014.
 */
export class LazyPart<T> {
  /** Describes the part in error messages. */
  readonly name: string;
  readonly #load: () => Promise<object>;
  readonly #key: string;
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #importFrom: (url: string) => Promise<unknown>;
  #value: T | undefined;
  #series: Promise<T> | undefined;
  #failures = 0;
  #failedAt = -Infinity;
  /** URL of the module, once an error message has contained it. */
  #url: string | undefined;

  /** @param key name of the export. A module at a new URL without that export is not the part, and counts as failed */
  constructor(
    name: string,
    load: () => Promise<object>,
    key: string,
    { clock = systemClock, importFrom = importAtRunTime }: LazyPartPorts = {},
  ) {
    this.name = name;
    this.#load = load;
    this.#key = key;
    this.#clock = clock;
    this.#importFrom = importFrom;
  }

  /** The loaded value; undefined before. */
  get value(): T | undefined {
    return this.#value;
  }

  /**
   * Loads the part: one attempt and up to three more, with growing pauses.
   * @throws {CallError} `unavailable`; its message contains the part's name and, if the browser reports it, the URL.
   * The next call starts a new series.
   */
  load(): Promise<T> {
    if (this.#value !== undefined) return Promise.resolve(this.#value);
    this.#series ??= this.#attemptSeries().finally(() => (this.#series = undefined));
    return this.#series;
  }

  /**
   * Loads the part, and repeats failed series of attempts for as long as it is needed.
   * @param onFailure called only for the first failed series
   * @returns undefined if the part is not needed any more
   */
  async loadWhile(
    isNeeded: () => boolean,
    onFailure: (error: unknown) => void,
  ): Promise<T | undefined> {
    for (let series = 0; isNeeded(); series++) {
      try {
        const value = await this.load();
        return isNeeded() ? value : undefined;
      } catch (error) {
        if (!isNeeded()) return undefined;
        if (series === 0) onFailure(error);
        await this.#pause(Math.min(SERIES_PAUSE_MS * 2 ** series, MAX_SERIES_PAUSE_MS));
      }
    }
    return undefined;
  }

  async #attemptSeries(): Promise<T> {
    let cause: unknown;
    const early = this.#failedAt + MIN_PAUSE_MS - this.#clock.now();
    if (early > 0) await this.#pause(early);
    for (const pause of [...PAUSES_MS, undefined]) {
      try {
        return await this.#attempt();
      } catch (error) {
        cause = error;
        this.#noteFailure(error);
      }
      if (pause !== undefined) await this.#pause(pause);
    }
    const where = this.#url === undefined ? '' : `: ${this.#url}`;
    throw new CallError('unavailable', `Could not load ${this.name}${where}`, { cause });
  }

  async #attempt(): Promise<T> {
    // An attempt that timed out may have succeeded in the meantime.
    if (this.#value !== undefined) return this.#value;
    let stopTimer = (): void => {};
    const late = new Promise<never>((_, reject) => {
      stopTimer = this.#clock.after(ATTEMPT_MS, () => {
        reject(new Error(`No answer within ${ATTEMPT_MS} ms`));
      });
    });
    try {
      return await Promise.race([this.#importPart(), late]);
    } finally {
      stopTimer();
    }
  }

  async #importPart(): Promise<T> {
    const url = this.#failures < PLAIN_ATTEMPTS ? undefined : this.#url;
    const found = (await (url === undefined
      ? this.#load()
      : this.#importFrom(renewed(url, this.#failures)))) as Module;
    const value = found[this.#key] as T | undefined;
    if (value === undefined) throw new Error(`${url ?? this.name} has no export ${this.#key}`);
    return (this.#value ??= value);
  }

  #noteFailure(error: unknown): void {
    this.#failures += 1;
    this.#failedAt = this.#clock.now();
    const [, url] = NAMED_URL.exec(error instanceof TypeError ? error.message : '') ?? [];
    this.#url ??= url;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(ms, resolve));
  }
}

/**
 * Creates a lazy part with the type of the module's export.
 *
 * @example const callMedia = lazyPart('the media of calls', () => import('./call-media.js'), 'createCallMedia');
 */
export const lazyPart = <M extends object, K extends keyof M & string>(
  name: string,
  load: () => Promise<M>,
  key: K,
  ports?: LazyPartPorts,
): LazyPart<M[K]> => new LazyPart<M[K]>(name, load, key, ports);

/** @returns another URL of the same file, for which browsers have cached no failure */
function renewed(url: string, number: number): string {
  const next = new URL(url);
  next.searchParams.set('retry', String(number));
  return next.href;
}

/** The comments keep bundlers from transforming this import: the URL is that of a file that they have emitted. */
const importAtRunTime = (url: string): Promise<unknown> =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ url);
