import type { PictureProcessor } from './picture-library.js';
import type { DrawPicture } from './process-pictures.js';

/** How long to wait for the last picture of a processor that is not used any more, in ms, before another one is created. */
const LAST_PICTURE_MS = 1_000;

/** Processors that are used again: the library has a worker for each of its processors, and no way to end it. */
export class ProcessorPool {
  readonly #create: () => Promise<PictureProcessor>;
  readonly #idle: PictureProcessor[] = [];
  /** Processors that were given back and still draw. */
  readonly #returning = new Set<Promise<void>>();

  readonly #wait: (ms: number) => Promise<unknown>;

  constructor(
    create: () => Promise<PictureProcessor>,
    wait = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {
    this.#create = create;
    this.#wait = wait;
  }

  /**
   * @param signal gives the processor back, as soon as it does not draw any more. One that has failed is dropped
   * @throws its reason if it is aborted already
   */
  async take(signal: AbortSignal): Promise<DrawPicture> {
    if (this.#idle.length === 0 && this.#returning.size > 0) {
      await Promise.race([...this.#returning, this.#wait(LAST_PICTURE_MS)]);
    }
    const processor = this.#idle.pop() ?? (await this.#create());
    let drawing = Promise.resolve();
    const giveBack = (): void => {
      const returning: Promise<void> = drawing
        .then(
          () => void this.#idle.push(processor),
          () => {},
        )
        .then(() => void this.#returning.delete(returning));
      this.#returning.add(returning);
    };
    if (signal.aborted) giveBack();
    else signal.addEventListener('abort', giveBack);
    signal.throwIfAborted();
    return (input, output) => (drawing = processor.processFrame(input, output));
  }
}
