/**
 * Effects that hide what is behind the user: `config.media.effects`. The library and its model are loaded when an effect is
 * first used, from a folder that the page serves: the files of `dist/build` of the npm package `@twilio/video-processors`.
 */
import type { MediaEffect } from '../core/ports/media-effects.js';
import { assetURL } from './assets.js';
import { loadPictureLibrary, type PictureProcessor } from './picture-library.js';
import { processPictures } from './process-pictures.js';
import { ProcessorPool } from './processor-pool.js';

export type { MediaEffect } from '../core/ports/media-effects.js';

export interface BackgroundOptions {
  /** The folder with the files of the library, at the page's own origin. */
  readonly assets: string;
  /** Default `background-blur` or `background-image`. */
  readonly name?: string;
  /** The text beside the switch. Default: in the language of the page. */
  readonly label?: string;
  /** Whether it is on at first. Default `false`. */
  readonly enabled?: boolean;
}

export interface BlurOptions extends BackgroundOptions {
  /** Radius of the blur in pixels, of a picture of 480 lines. Default 15. */
  readonly radius?: number;
}

export interface ImageOptions extends BackgroundOptions {
  /** URL of the picture. From another origin, it needs CORS. */
  readonly image: string;
}

function effect(
  { name, label, enabled }: BackgroundOptions & { readonly name: string },
  create: () => Promise<PictureProcessor>,
): MediaEffect {
  const processors = new ProcessorPool(create);
  return {
    ...{ name, kind: 'video', group: 'background', hidesSource: true },
    ...(label !== undefined && { label }),
    ...(enabled !== undefined && { enabled }),
    async process(track, context) {
      return processPictures(track, await processors.take(context.signal), context);
    },
  };
}

/**
 * An effect that blurs what is behind the user.
 *
 * @example
 * ```ts
 * import { blurBackground } from 'ringkit/effects/background';
 * import type { CallConfig } from 'ringkit';
 *
 * const config: CallConfig = {
 *   media: { effects: [blurBackground({ assets: '/effects/background/', enabled: true })] },
 * };
 * ```
 */
export function blurBackground(options: BlurOptions): MediaEffect {
  const { assets, radius = 15, name = 'background-blur' } = options;
  return effect({ ...options, name }, async () => {
    const { GaussianBlurBackgroundProcessor } = await loadPictureLibrary(assets);
    const processor = new GaussianBlurBackgroundProcessor({
      ...{ assetsPath: assetURL(assets, ''), blurFilterRadius: radius },
    });
    await processor.loadModel();
    return processor;
  });
}

/**
 * An effect that shows a picture behind the user.
 *
 * @example
 * ```ts
 * import { replaceBackground } from 'ringkit/effects/background';
 * import type { CallConfig } from 'ringkit';
 *
 * const assets = '/effects/background/';
 * const config: CallConfig = {
 *   media: { effects: [replaceBackground({ assets, image: '/office.jpg', label: 'My office' })] },
 * };
 * ```
 */
export function replaceBackground(options: ImageOptions): MediaEffect {
  const { assets, image: url, name = 'background-image' } = options;
  return effect({ ...options, name }, async () => {
    const { VirtualBackgroundProcessor } = await loadPictureLibrary(assets);
    const image = new Image();
    image.crossOrigin = 'anonymous';
    image.src = url;
    await image.decode();
    const processor = new VirtualBackgroundProcessor({
      ...{ assetsPath: assetURL(assets, ''), backgroundImage: image, fitType: 'Cover' },
    });
    await processor.loadModel();
    return processor;
  });
}
