/** Interval between the samples of a `SpeechDetector`, in ms. */
export const SPEECH_SAMPLE_MS = 200;
/** Level (0 to 1) that counts as speech, about -34 dB. Background noise in a room is lower. */
const LOUD = 0.02;
/** Consecutive loud samples that begin a speech, so that a knock on the desk does not. */
const LOUD_SAMPLES = 2;
/** Consecutive quiet samples that end it: three seconds, so that a message can be read. */
const QUIET_SAMPLES = 15;

/** Decides from samples of an audio level whether somebody speaks. */
export class SpeechDetector {
  #speaks = false;
  /** Number of consecutive samples that contradict `#speaks`. */
  #contrary = 0;

  get speaks(): boolean {
    return this.#speaks;
  }

  /** Adds a sample. @returns whether somebody speaks */
  add(level: number): boolean {
    this.#contrary = level >= LOUD === this.#speaks ? 0 : this.#contrary + 1;
    if (this.#contrary >= (this.#speaks ? QUIET_SAMPLES : LOUD_SAMPLES)) {
      this.#speaks = !this.#speaks;
      this.#contrary = 0;
    }
    return this.#speaks;
  }
}
