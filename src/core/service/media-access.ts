import type { CallMedia } from '../ports/media.js';
import { CallError } from './call-error.js';
import type { CallConfig } from './call-config.js';
import { readMediaConfig } from './media-config.js';
import { mediaFailed, type MediaRunner } from './media-runner.js';
import type { Stores } from './stores.js';

/** Runs the commands of the service that need the page's media, and loads them before. */
export class MediaAccess {
  readonly #media: MediaRunner;
  readonly #stores: Stores;
  readonly #config: () => CallConfig;
  readonly #assertAlive: () => void;

  /** @param assertAlive throws after the service was destroyed */
  constructor(
    media: MediaRunner,
    stores: Stores,
    config: () => CallConfig,
    assertAlive: () => void,
  ) {
    this.#media = media;
    this.#stores = stores;
    this.#config = config;
    this.#assertAlive = assertAlive;
  }

  /**
   * Runs a job with the media of the current call.
   * @param options.pictures whether the job sends pictures
   * @throws {CallError} `call-over`, `unsupported`, `media-failed`, `destroyed`; `not-allowed` for pictures, if the
   *   page permits none
   */
  async inCall<T>(job: (media: CallMedia) => Promise<T>, { pictures = false } = {}): Promise<T> {
    this.#assertAlive();
    if (pictures && readMediaConfig(this.#config().media).audioOnly)
      throw new CallError('not-allowed');
    const { callID } = this.#stores.$call.get();
    return this.#run(job, () => {
      if (!this.#stores.inCall() || this.#stores.$call.get().callID !== callID) {
        throw new CallError('call-over');
      }
    });
  }

  /**
   * Runs a job with the media, also without a call.
   * @throws {CallError} `unsupported`, `media-failed`, `destroyed`
   */
  async always<T>(job: (media: CallMedia) => Promise<T>): Promise<T> {
    return this.#run(job, this.#assertAlive);
  }

  /** @param fallback the result without a call, or in a call without media */
  async measure<T>(fallback: T, job: (media: CallMedia) => Promise<T>): Promise<T> {
    this.#assertAlive();
    return this.#media.present && this.#stores.inCall() ? this.inCall(job) : fallback;
  }

  /** @param check throws if the job may not be run, or its failure has another cause */
  async #run<T>(job: (media: CallMedia) => Promise<T>, check: () => void): Promise<T> {
    check();
    const loading = this.#media.load();
    if (!loading) throw new CallError('unsupported');
    try {
      const media = await loading;
      check();
      return await job(media);
    } catch (cause) {
      check();
      throw mediaFailed(cause);
    }
  }
}
