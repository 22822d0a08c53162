import type { Clock } from '../ports/clock.js';
import type { ProcessingStage } from '../ports/media-effects.js';

/** How long a stage may take to return its track, in ms. */
export const STAGE_LIMIT_MS = 10_000;

/** Whether a page has returned a track that can be used instead of `input`. */
function isUsable(output: unknown, input: MediaStreamTrack): output is MediaStreamTrack {
  return (
    output instanceof MediaStreamTrack && output.kind === input.kind && output.readyState === 'live'
  );
}

/** One stage at work on one track: from the call of its function until its track is released. */
export class ProcessingStep {
  readonly stage: ProcessingStage;
  readonly #input: MediaStreamTrack;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #onFailure: (step: ProcessingStep, error: unknown) => void;
  readonly #controller = new AbortController();
  #output: MediaStreamTrack | undefined;

  /** @param onFailure called at most once, not after `release`, which it implies */
  constructor(
    stage: ProcessingStage,
    input: MediaStreamTrack,
    clock: Pick<Clock, 'after'>,
    onFailure: (step: ProcessingStep, error: unknown) => void,
  ) {
    this.stage = stage;
    this.#input = input;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Calls the function. @returns its track; the input if it has failed, or was released meanwhile */
  async run(): Promise<MediaStreamTrack> {
    const { signal } = this.#controller;
    try {
      const output = await this.#wait(this.#call());
      if (!isUsable(output, this.#input))
        throw new TypeError(`The function must return a live ${this.#input.kind} track.`);
      if (output === this.#input) return output;
      if (signal.aborted) {
        output.stop();
        return this.#input;
      }
      this.#output = output;
      output.addEventListener('ended', this.#onEnded);
      return output;
    } catch (error) {
      this.#fail(error);
      return this.#input;
    }
  }

  /** Switches the processed track on or off. */
  enable(on: boolean): void {
    if (this.#output) this.#output.enabled = on;
  }

  /** Stops the processed track, and lets the function release the rest. */
  release(): void {
    const output = this.#output;
    this.#output = undefined;
    output?.removeEventListener('ended', this.#onEnded);
    output?.stop();
    this.#controller.abort();
  }

  /** Calls the function of the page, which may throw. */
  async #call(): Promise<unknown> {
    const { signal } = this.#controller;
    const fail = (error: unknown): void => this.#fail(error);
    const output: unknown = await this.stage.process(this.#input, { signal, fail });
    // Nobody waits for it any more.
    if (signal.aborted && output !== this.#input && output instanceof MediaStreamTrack)
      output.stop();
    return output;
  }

  /** Waits until the limit, or until this step is released. */
  #wait(processing: Promise<unknown>): Promise<unknown> {
    const { signal } = this.#controller;
    return new Promise((resolve, reject) => {
      const stopTimer = this.#clock.after(STAGE_LIMIT_MS, () => {
        const seconds = STAGE_LIMIT_MS / 1000;
        reject(new Error(`The function has not returned a track within ${seconds} seconds.`));
      });
      signal.addEventListener('abort', () => {
        stopTimer();
        reject(new DOMException('The processing was ended.', 'AbortError'));
      });
      void processing.then(resolve, reject).finally(stopTimer);
    });
  }

  readonly #onEnded = (): void => this.#fail(new Error('The processed track has ended.'));

  #fail(error: unknown): void {
    if (this.#controller.signal.aborted) return;
    this.release();
    this.#onFailure(this, error);
  }
}
