import type { ProcessContext } from '../core/ports/media-effects.js';
import { readFrames, writeFrames, type Frame } from './frames.js';
import { ProcessingPace, type PaceStep } from './processing-pace.js';

/** Draws the processed picture of `input` to `output`, which has the same size. */
export type DrawPicture = (input: OffscreenCanvas, output: HTMLCanvasElement) => Promise<void>;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** @returns the size of a picture with at most so many lines; in even numbers, because encoders need them */
export function fit({ width, height }: Size, { lines }: Pick<PaceStep, 'lines'>): Size {
  const scale = Math.min(1, lines / Math.min(width, height));
  const even = (length: number): number => Math.max(2, 2 * Math.round((length * scale) / 2));
  return { width: even(width), height: even(height) };
}

function resize(canvas: OffscreenCanvas | HTMLCanvasElement, { width, height }: Size): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/**
 * Makes a track from the processed pictures of a track. Pictures that arrive while one is being processed are dropped.
 * With too little CPU time, pictures become smaller and fewer; none is let through unprocessed.
 * @returns the track, once it has its first picture
 */
export function processPictures(
  track: MediaStreamTrack,
  draw: DrawPicture,
  { signal, fail }: ProcessContext,
): Promise<MediaStreamTrack> {
  const pace = new ProcessingPace();
  const input = new OffscreenCanvas(2, 2);
  const context = input.getContext('2d');
  const output = document.createElement('canvas');
  resize(output, input);
  const writer = writeFrames(output);
  let lastAt = -Infinity;

  async function process({ image, timestamp, ...size }: Frame): Promise<boolean> {
    const { step } = pace;
    const now = performance.now();
    // Pictures do not arrive at exact intervals.
    if (now - lastAt < 900 / step.rate) return false;
    lastAt = now;
    const fitted = fit(size, step);
    resize(input, fitted);
    resize(output, fitted);
    context?.drawImage(image, 0, 0, fitted.width, fitted.height);
    await draw(input, output);
    if (signal.aborted) return false;
    await writer.write(timestamp);
    pace.record(performance.now() - now, now);
    return true;
  }

  return new Promise((resolve, reject) => {
    let isReady = false;
    signal.addEventListener('abort', () => {
      writer.track.stop();
      reject(new DOMException('The processing was ended.', 'AbortError'));
    });
    readFrames({
      ...{ track, signal },
      async onFrame(frame) {
        if (signal.aborted || !(await process(frame)) || isReady) return;
        isReady = true;
        resolve(writer.track);
      },
      onError(error) {
        if (isReady) fail(error);
        else reject(error instanceof Error ? error : new Error(String(error)));
      },
    });
  });
}
