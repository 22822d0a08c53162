import type { Clock } from '../ports/clock.js';
import { SPEECH_SAMPLE_MS, SpeechDetector } from './speech-detector.js';
import type { LevelOf } from './track-level.js';

/** Detects that the user speaks while the microphone is off. Nothing is measured while it is on. */
export class MutedSpeech {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #levelOf: LevelOf;
  readonly #changed: () => void;
  #track: MediaStreamTrack | undefined;
  #level: ReturnType<LevelOf>;
  #detector = new SpeechDetector();
  #stopTimer: () => void = () => {};

  constructor(clock: Pick<Clock, 'after'>, levelOf: LevelOf, changed: () => void) {
    this.#clock = clock;
    this.#levelOf = levelOf;
    this.#changed = changed;
  }

  get speaks(): boolean {
    return this.#detector.speaks;
  }

  /** @param track the open microphone that is off; undefined: the microphone is on or closed */
  watch(track: MediaStreamTrack | undefined): void {
    if (track === this.#track) return;
    this.#track = track;
    this.#stopTimer();
    this.#level?.close();
    this.#detector = new SpeechDetector();
    this.#level = track && this.#levelOf(track);
    if (this.#level) this.#schedule(this.#level);
  }

  #schedule(level: NonNullable<ReturnType<LevelOf>>): void {
    this.#stopTimer = this.#clock.after(SPEECH_SAMPLE_MS, () => {
      const before = this.#detector.speaks;
      const isChanged = this.#detector.add(level.read()) !== before;
      this.#schedule(level);
      if (isChanged) this.#changed();
    });
  }
}
