import type { PictureProcessor } from './picture-library.js';
import type { DrawPicture } from './process-pictures.js';

/** Processors that are used again: the library has a worker for each of its processors, and no way to end it. */
export class ProcessorPool {
  readonly #create: () => Promise<PictureProcessor>;
  readonly #idle: PictureProcessor[] = [];

  constructor(create: () => Promise<PictureProcessor>) {
    this.#create = create;
  }

  /**
   * @param signal gives the processor back, as soon as it does not draw any more. One that has failed is dropped
   * @throws its reason if it is aborted already
   */
  async take(signal: AbortSignal): Promise<DrawPicture> {
    const processor = this.#idle.pop() ?? (await this.#create());
    let drawing = Promise.resolve();
    const giveBack = (): void => {
      drawing.then(
        () => this.#idle.push(processor),
        () => {},
      );
    };
    if (signal.aborted) giveBack();
    else signal.addEventListener('abort', giveBack);
    signal.throwIfAborted();
    return (input, output) => (drawing = processor.processFrame(input, output));
  }
}
