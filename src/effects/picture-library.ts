import { importAsset } from './assets.js';

const ORIGIN = 'dist/build of the npm package @twilio/video-processors';
const SCRIPT = 'twilio-video-processors.min.js';

/** A processor of the library, of those members that are used. */
export interface PictureProcessor {
  loadModel(): Promise<void>;
  processFrame(input: OffscreenCanvas, output: HTMLCanvasElement): Promise<void>;
}

/** The part of the library that is used. */
export interface PictureLibrary {
  readonly GaussianBlurBackgroundProcessor: new (options: {
    assetsPath: string;
    blurFilterRadius: number;
  }) => PictureProcessor;
  readonly VirtualBackgroundProcessor: new (options: {
    assetsPath: string;
    backgroundImage: HTMLImageElement;
    fitType: string;
  }) => PictureProcessor;
  readonly isSupported: boolean;
}

/** Loads the library from the page's folder. */
export async function loadPictureLibrary(assets: string): Promise<PictureLibrary> {
  await importAsset(assets, SCRIPT, ORIGIN);
  // The script sets a global variable.
  const { Twilio } = globalThis as { Twilio?: { VideoProcessors?: PictureLibrary } };
  const library = Twilio?.VideoProcessors;
  if (!library) throw new Error(`${SCRIPT} is not the script that was expected.`);
  if (!library.isSupported) throw new Error('This browser cannot process pictures.');
  return library;
}
