import type { Clock } from '../ports/clock.js';
import { audioEnergyIn, LevelMeter, type AudioEnergy, type Way } from './level-meter.js';

const ENDS = { sent: 'sender', received: 'receiver' } as const;

/** The audio levels of both directions of a link. */
export class LinkLevels {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #transceiver: () => RTCRtpTransceiver | undefined;
  readonly #meters: Readonly<Record<Way, LevelMeter>> = {
    sent: new LevelMeter(),
    received: new LevelMeter(),
  };
  readonly #measuredAt: Partial<Record<Way, number>> = {};

  /** @param transceiver returns that of the microphones */
  constructor(clock: Pick<Clock, 'now'>, transceiver: () => RTCRtpTransceiver | undefined) {
    this.#clock = clock;
    this.#transceiver = transceiver;
  }

  /** Takes what the statistics of the link report, which are read for other reasons. */
  add(way: Way, energy: AudioEnergy | undefined): void {
    if (!energy) return;
    this.#meters[way].measure(energy);
    this.#measuredAt[way] = this.#clock.now();
  }

  /**
   * Reads statistics if the last measurement is older than `maxAgeMs`: each reading takes CPU time.
   * @returns the level since the measurement before, 0 to 1; undefined while unknown
   */
  async measure(way: Way, maxAgeMs: number): Promise<number | undefined> {
    const measuredAt = this.#measuredAt[way];
    if (measuredAt === undefined || this.#clock.now() - measuredAt >= maxAgeMs) {
      const report = await this.#transceiver()
        ?.[ENDS[way]].getStats()
        .catch(() => undefined); // closed meanwhile
      if (!report) return undefined;
      this.add(way, audioEnergyIn(report.values(), way));
    }
    return this.#meters[way].level;
  }
}
