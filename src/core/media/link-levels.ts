import { LevelMeter } from './level-meter.js';

type End = 'sender' | 'receiver';

/** The audio levels of both directions of a link. */
export class LinkLevels {
  readonly #transceiver: () => RTCRtpTransceiver | undefined;
  readonly #meters: Readonly<Record<End, LevelMeter>> = {
    sender: new LevelMeter(),
    receiver: new LevelMeter(),
  };

  /** @param transceiver returns that of the microphones */
  constructor(transceiver: () => RTCRtpTransceiver | undefined) {
    this.#transceiver = transceiver;
  }

  /** @returns the recent level that is sent or received, 0 to 1; undefined while unknown */
  async measure(end: End): Promise<number | undefined> {
    const report = await this.#transceiver()
      ?.[end].getStats()
      .catch(() => undefined); // closed meanwhile
    return report && this.#meters[end].measure(report);
  }
}
