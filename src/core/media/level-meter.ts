/** What a sender or receiver of sound has measured since it exists. */
export interface AudioEnergy {
  /** `totalAudioEnergy` of W3C webrtc-stats. */
  readonly energy: number;
  /** `totalSamplesDuration` of W3C webrtc-stats, in seconds. */
  readonly seconds: number;
}

/** The members of W3C webrtc-stats that are read here. */
interface Entry {
  readonly type: string;
  readonly totalAudioEnergy?: number;
  readonly totalSamplesDuration?: number;
}

/** The entries that tell how much sound is sent and received. */
const TYPES = { sent: 'media-source', received: 'inbound-rtp' } as const;

/** Which way sound goes over a link. */
export type Way = keyof typeof TYPES;

/** @returns the energy that these statistics of one link report; undefined if the browser does not report it */
export function audioEnergyIn(entries: Iterable<Entry>, way: Way): AudioEnergy | undefined {
  for (const { type, totalAudioEnergy: energy, totalSamplesDuration: seconds } of entries)
    if (type === TYPES[way] && energy !== undefined && seconds !== undefined)
      return { energy, seconds };
  return undefined;
}

/** Measures the average audio level since the previous measurement, so that short sounds in between count as well. */
export class LevelMeter {
  #last: AudioEnergy = { energy: 0, seconds: 0 };
  #level: number | undefined;

  /** The root mean square, 0 to 1; undefined before the first measurement. */
  get level(): number | undefined {
    return this.#level;
  }

  measure(now: AudioEnergy): void {
    const { energy, seconds } = this.#last;
    if (now.seconds === seconds) return;
    const mean = (now.energy - energy) / (now.seconds - seconds);
    this.#level = Math.min(1, Math.sqrt(Math.max(0, mean)));
    this.#last = now;
  }
}
