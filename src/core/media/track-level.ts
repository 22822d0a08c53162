/** Length of the measured time, in samples: 43 ms at 48 kHz. */
const WINDOW = 2_048;

/**
 * Measures the audio level of a microphone track, also while the track is disabled because the user is muted.
 *
 * A disabled track yields silence, so a clone that stays enabled is measured. The clone is connected only to an analyser,
 * which has no output, and is never part of a stream that is sent.
 */
export class TrackLevel {
  readonly #context: AudioContext;
  readonly #clone: MediaStreamTrack;
  readonly #analyser: AnalyserNode;
  readonly #samples = new Float32Array(WINDOW);

  constructor(track: MediaStreamTrack, createContext = (): AudioContext => new AudioContext()) {
    this.#context = createContext();
    this.#clone = track.clone();
    this.#clone.enabled = true;
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = WINDOW;
    this.#context.createMediaStreamSource(new MediaStream([this.#clone])).connect(this.#analyser);
    // Without a user gesture it stays suspended, and the level is 0.
    void this.#context.resume();
  }

  /** The root mean square of the last 43 ms, 0 to 1. */
  read(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const energy = this.#samples.reduce((sum, sample) => sum + sample * sample, 0);
    return Math.min(1, Math.sqrt(energy / WINDOW));
  }

  /** Stops the clone: it would keep the microphone open. */
  close(): void {
    this.#clone.stop();
    void this.#context.close();
  }
}

export type LevelOf = (track: MediaStreamTrack) => Pick<TrackLevel, 'read' | 'close'> | undefined;

/** @returns the level of a track; undefined in a browser without Web Audio */
export const levelOf: LevelOf = (track) => {
  try {
    return new TrackLevel(track);
  } catch {
    // No Web Audio, or too many contexts: the level is not shown.
    return undefined;
  }
};
