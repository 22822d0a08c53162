import { hueOf } from '../src/components/shared/avatar.js';
import { whenStopped } from './track-life.js';

/** The maximum gain, of 1. Quiet, because two phones may be on one desk. */
const LOUDNESS = 0.035;

/** A pentatonic scale in Hz, so that the tones of any two users are in harmony. */
const SCALE = [220, 247.5, 277.2, 330, 371.3, 440] as const;

/** Starts the context: immediately or, if the browser requires user activation, at the next press. */
function runSoon(context: AudioContext): () => void {
  const stop = new AbortController();
  const run = (): void => {
    if (context.state !== 'closed') void context.resume().catch(() => undefined); // retried at the next press
  };
  const options = { signal: stop.signal, capture: true };
  for (const press of ['pointerdown', 'keydown']) document.addEventListener(press, run, options);
  context.addEventListener('statechange', () => {
    if (context.state === 'running') stop.abort();
  });
  run();
  return () => stop.abort();
}

/** How long a user "speaks", and is silent, in s. */
const SOUND_SECONDS = 1.6;
const PERIOD_SECONDS = 4.4;
const FADE_SECONDS = 0.12;
const SAMPLE_RATE = 8_000;

/** The loudness over one period: a sound that fades in and out, and a pause. */
function phrase(): AudioBuffer {
  const length = PERIOD_SECONDS * SAMPLE_RATE;
  const buffer = new AudioBuffer({ length, sampleRate: SAMPLE_RATE });
  const samples = buffer.getChannelData(0);
  for (let index = 0; index < SOUND_SECONDS * SAMPLE_RATE; index++) {
    const time = index / SAMPLE_RATE;
    const fromEnd = Math.min(time, SOUND_SECONDS - time);
    samples[index] = LOUDNESS * Math.min(1, fromEnd / FADE_SECONDS);
  }
  return buffer;
}

/**
 * A quiet tone with pauses, so that the marks of members who speak come and go, and alternate. Each user has a fixed pitch,
 * and begins at another time.
 */
export function playTone(userID: string): MediaStreamTrack {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, {
    frequency: SCALE[hueOf(userID) % SCALE.length] ?? 220,
  });
  const rhythm = new AudioBufferSourceNode(context, { buffer: phrase(), loop: true });
  const loudness = new GainNode(context, { gain: 0 });
  const end = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  rhythm.connect(loudness.gain);
  tone.connect(loudness).connect(end);
  tone.start();
  rhythm.start(0, (hueOf(userID) * 1.9) % PERIOD_SECONDS);
  const stopWaiting = runSoon(context);
  const [track] = end.stream.getAudioTracks();
  if (!track) throw new DOMException('There is no sound to send.', 'NotReadableError');
  return whenStopped(track, () => {
    stopWaiting();
    void context.close();
  });
}
