import { assetURL, importAsset } from './assets.js';

const ORIGIN = 'dist of the npm package @sapphi-red/web-noise-suppressor';

/** The part of the library that is used. */
export interface SoundLibrary {
  loadRnnoise(options: { url: string; simdUrl: string }): Promise<ArrayBuffer>;
  readonly RnnoiseWorkletNode: new (
    context: AudioContext,
    options: { maxChannels: number; wasmBinary: ArrayBuffer },
  ) => AudioWorkletNode & { destroy(): void };
}

export interface LoadedSoundLibrary {
  readonly library: SoundLibrary;
  readonly wasmBinary: ArrayBuffer;
}

/** Loads the library and its WebAssembly from the page's folder. */
export async function loadSoundLibrary(assets: string): Promise<LoadedSoundLibrary> {
  const library = (await importAsset(assets, 'index.js', ORIGIN)) as SoundLibrary;
  const wasmBinary = await library.loadRnnoise({
    url: assetURL(assets, 'rnnoise.wasm'),
    simdUrl: assetURL(assets, 'rnnoise_simd.wasm'),
  });
  return { library, wasmBinary };
}
