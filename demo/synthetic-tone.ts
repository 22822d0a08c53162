import { hueOf } from '../src/components/shared/avatar.js';
import { whenStopped } from './track-life.js';

/** The maximum gain, of 1. Quiet, because two phones may be on one desk. */
const LOUDNESS = 0.035;

/** A pentatonic scale in Hz, so that the tones of any two users are in harmony. */
const SCALE = [220, 247.5, 277.2, 330, 371.3, 440] as const;

/** How long a user "speaks" in s, and after which time again. */
const SOUND_SECONDS = 1.1;
const PERIOD_SECONDS = 6;
const FADE_SECONDS = 0.1;
const SAMPLE_RATE = 8_000;

/** Four users speak one after the other. With two of them, there is a pause after each. */
const TURNS = ['alice', 'carol', 'bob', 'dave'];

/** At which point of the period a user is now. By the clock, so that users in different pages take turns. */
function phaseOf(userID: string): number {
  const named = TURNS.indexOf(userID);
  const turn = named < 0 ? hueOf(userID) % TURNS.length : named;
  const begin = (turn * PERIOD_SECONDS) / TURNS.length;
  return (Date.now() / 1_000 + PERIOD_SECONDS - begin) % PERIOD_SECONDS;
}

/**
 * Starts the context: immediately or, if the browser requires user activation, at the next press.
 * @param begin called when the context runs for the first time
 */
function runSoon(context: AudioContext, begin: () => void): () => void {
  const stop = new AbortController();
  const run = (): void => {
    if (context.state !== 'closed') void context.resume().catch(() => undefined); // retried at the next press
  };
  const options = { signal: stop.signal, capture: true };
  for (const press of ['pointerdown', 'keydown']) document.addEventListener(press, run, options);
  const onState = (): void => {
    if (context.state !== 'running' || stop.signal.aborted) return;
    stop.abort();
    begin();
  };
  context.addEventListener('statechange', onState, { signal: stop.signal });
  run();
  return () => stop.abort();
}

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
 * A quiet tone with pauses, so that the marks of members who speak come and go, and alternate. Each user has a fixed pitch
 * and a fixed turn.
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
  const stopWaiting = runSoon(context, () => rhythm.start(0, phaseOf(userID)));
  const [track] = end.stream.getAudioTracks();
  if (!track) throw new DOMException('There is no sound to send.', 'NotReadableError');
  return whenStopped(track, () => {
    stopWaiting();
    void context.close();
  });
}
