import { hueOf } from '../src/components/shared/avatar.js';
import { whenStopped } from './track-life.js';

/** How loud at most, of 1: two phones on one desk must be bearable. */
const LOUDNESS = 0.035;

/** The pentatonic scale in Hz: any two people sound well together. */
const SCALE = [220, 247.5, 277.2, 330, 371.3, 440] as const;

/** Lets the context run: at once, or from the next press on where the browser wants one first. */
function runSoon(context: AudioContext): () => void {
  const stop = new AbortController();
  const run = (): void => {
    if (context.state !== 'closed') void context.resume().catch(() => undefined); // the next press may do
  };
  const options = { signal: stop.signal, capture: true };
  for (const press of ['pointerdown', 'keydown']) document.addEventListener(press, run, options);
  context.addEventListener('statechange', () => {
    if (context.state === 'running') stop.abort();
  });
  run();
  return () => stop.abort();
}

/** A quiet tone that comes and goes like breath, of a pitch that stays the person's own. */
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
