/**
 * An effect that removes background noise from the microphone's sound: `config.media.effects`. The library is loaded when the
 * effect is first used, from a folder that the page serves: the files of `dist` of the npm package
 * `@sapphi-red/web-noise-suppressor`.
 */
import type { MediaEffect, ProcessContext } from '../core/ports/media-effects.js';
import { assetURL } from './assets.js';
import { loadSoundLibrary, type LoadedSoundLibrary } from './sound-library.js';
import { AudioLag } from './audio-lag.js';

export type { MediaEffect } from '../core/ports/media-effects.js';

/** The network is trained for this rate, in Hz. */
const SAMPLE_RATE = 48_000;
const CHECK_INTERVAL_MS = 1_000;
/** Number of checks in a row in which the sound has stopped. */
const MOST_STOPPED = 3;

export interface NoiseOptions {
  /** The folder with the files of the library, at the page's own origin. */
  readonly assets: string;
  /** Default `noise`. */
  readonly name?: string;
  /** The text beside the switch. Default: in the language of the page. */
  readonly label?: string;
  /** Whether it is on at first. Default `false`. */
  readonly enabled?: boolean;
}

/**
 * An effect that removes background noise, by RNNoise. If the CPU can't keep up with the sound, it fails.
 *
 * @example
 * ```ts
 * import { suppressNoise } from 'ringkit/effects/noise';
 * import type { CallConfig } from 'ringkit';
 *
 * const config: CallConfig = { media: { effects: [suppressNoise({ assets: '/effects/noise/' })] } };
 * ```
 */
export function suppressNoise({
  assets,
  name = 'noise',
  label,
  enabled,
}: NoiseOptions): MediaEffect {
  let loading: Promise<LoadedSoundLibrary> | undefined;

  async function process(
    track: MediaStreamTrack,
    { signal, fail }: ProcessContext,
  ): Promise<MediaStreamTrack> {
    loading ??= loadSoundLibrary(assets);
    loading.catch(() => (loading = undefined));
    const { library, wasmBinary } = await loading;
    signal.throwIfAborted();
    const audio = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
    signal.addEventListener('abort', () => void audio.close());
    await audio.audioWorklet.addModule(assetURL(assets, 'rnnoise/workletProcessor.js'));
    // Sound is blocked until the user has done something on the page. Then the microphone's own track is used.
    await audio.resume();
    signal.throwIfAborted();
    const node = new library.RnnoiseWorkletNode(audio, { maxChannels: 1, wasmBinary });
    signal.addEventListener('abort', () => node.destroy());
    node.addEventListener('processorerror', () => fail(new Error('The noise suppression failed.')));
    const output = audio.createMediaStreamDestination();
    output.channelCount = 1;
    audio
      .createMediaStreamSource(new MediaStream([track]))
      .connect(node)
      .connect(output);
    watch(audio, signal, fail);
    const [processed] = output.stream.getAudioTracks();
    if (!processed) throw new Error('This browser cannot process sound.');
    return processed;
  }

  return {
    ...{ name, kind: 'audio', process },
    ...(label !== undefined && { label }),
    ...(enabled !== undefined && { enabled }),
  };
}

/** Detects that the sound has stopped, or can't be processed in time. */
function watch(audio: AudioContext, signal: AbortSignal, fail: (error: unknown) => void): void {
  const lag = new AudioLag();
  let stopped = 0;
  const timer = setInterval(() => {
    stopped = audio.state === 'running' ? 0 : stopped + 1;
    if (stopped >= MOST_STOPPED) fail(new Error('The browser has stopped the noise suppression.'));
    else if (!stopped && lag.record(audio.currentTime * 1000, performance.now()))
      fail(new Error('The CPU is too slow for the noise suppression.'));
  }, CHECK_INTERVAL_MS);
  const onState = (): void => {
    if (audio.state === 'running' || signal.aborted) return;
    // The system has taken the sound device, for example for a phone call. If this is of no use, the timer finds out.
    audio.resume().catch(() => {});
  };
  audio.addEventListener('statechange', onState);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    audio.removeEventListener('statechange', onState);
  });
}
