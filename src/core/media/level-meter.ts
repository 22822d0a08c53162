/** The members of W3C webrtc-stats that are read here. */
interface Entry {
  readonly type: string;
  readonly totalAudioEnergy?: number;
  readonly totalSamplesDuration?: number;
}

/** Measures the average audio level since the previous measurement, so that short sounds in between count as well. */
export class LevelMeter {
  #energy = 0;
  #seconds = 0;
  #level: number | undefined;

  /**
   * @param report statistics of one audio receiver or sender
   * @returns the root mean square, 0 to 1; undefined before the first measurement, or if the browser does not report it
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
