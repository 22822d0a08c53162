/** The members of W3C webrtc-stats that are read here. */
interface Entry {
  readonly type: string;
  readonly totalAudioEnergy?: number;
  readonly totalSamplesDuration?: number;
}

/** Measures how loud a sound was since the last look: short ones between two looks count, too. */
export class LevelMeter {
  #energy = 0;
  #seconds = 0;
  #level: number | undefined;

  /**
   * @param report of one receiver or sender of sound
   * @returns the root of the mean square, 0 to 1; undefined while nothing was measured, or where browsers don't tell
   */
  measure(report: RTCStatsReport): number | undefined {
    report.forEach(({ type, totalAudioEnergy: energy, totalSamplesDuration: seconds }: Entry) => {
      if (!/^(inbound-rtp|media-source)$/.test(type)) return;
      if (energy === undefined || seconds === undefined || seconds === this.#seconds) return;
      const mean = (energy - this.#energy) / (seconds - this.#seconds);
      this.#level = Math.min(1, Math.sqrt(Math.max(0, mean)));
      this.#energy = energy;
      this.#seconds = seconds;
    });
    return this.#level;
  }
}
