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

/** A quiet tone with a slowly changing volume. Each user has a fixed pitch. */
export function playTone(userID: string): MediaStreamTrack {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, {
    frequency: SCALE[hueOf(userID) % SCALE.length] ?? 220,
  });
  const breath = new OscillatorNode(context, { frequency: 0.4 });
  const depth = new GainNode(context, { gain: LOUDNESS / 2 });
  const loudness = new GainNode(context, { gain: LOUDNESS / 2 });
  const end = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  breath.connect(depth).connect(loudness.gain);
  tone.connect(loudness).connect(end);
  tone.start();
  breath.start();
  const stopWaiting = runSoon(context);
  const [track] = end.stream.getAudioTracks();
  if (!track) throw new DOMException('There is no sound to send.', 'NotReadableError');
  return whenStopped(track, () => {
    stopWaiting();
    void context.close();
  });
}
