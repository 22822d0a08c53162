import type { CallMedia } from '../ports/media.js';
import { CallError } from './call-error.js';
import { mediaFailed, type MediaRunner } from './media-runner.js';
import type { Stores } from './stores.js';

/** Runs the commands of the service that need the page's media, and loads them before. */
export class MediaAccess {
  readonly #media: MediaRunner;
  readonly #stores: Stores;
  readonly #assertAlive: () => void;

  /** @param assertAlive throws after the service was destroyed */
  constructor(media: MediaRunner, stores: Stores, assertAlive: () => void) {
    this.#media = media;
    this.#stores = stores;
    this.#assertAlive = assertAlive;
  }

  /**
   * Runs a job with the media of the current call.
   * @throws {CallError} `call-over`, `unsupported`, `media-failed`, `destroyed`
   */
  async inCall<T>(job: (media: CallMedia) => Promise<T>): Promise<T> {
    this.#assertAlive();
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
