import type { LinkStatistics } from '../../src/core/media/link-statistics.js';
import type { SendParameters } from '../../src/core/media/send-parameters.js';

/** A line with one bottleneck, and what the browser sends over it. */
export interface LineModel {
  readonly capacityKbps: number;
  /** Round-trip time without a queue, in ms. */
  readonly roundTripMs: number;
  /** Packets that would wait longer at the bottleneck are lost, in ms. */
  readonly queueMs: number;
  /** Fraction of packets that are lost on the way at random. */
  readonly loss: number;
  /** Fraction of its highest bitrate that the picture takes: less than 1 if little moves, 1 if it needs more. */
  readonly demand: number;
  /** Whether the browser reports its estimate. Firefox does not. */
  readonly hasEstimate: boolean;
}

/** Headers of 50 packets of sound a second, in kbit/s. */
const SOUND_HEADERS_KBPS = 16;
/** Packets that one report about losses covers: the fewer, the less precise it is. */
const PACKETS_IN_REPORT = 40;
const START_ESTIMATE_KBPS = 300;
const LEAST_ESTIMATE_KBPS = 30;

/**
 * A link in one second steps: a bottleneck with a queue that drops what exceeds it, random losses, reports that are
 * samples, and an estimate of the bitrate like that of browsers (Google congestion control): it grows by 8 % a second
 * up to one and a half of what arrives, falls below what arrives when the queue grows, and is probed when the sender
 * may send more.
 */
export class ModelledLink {
  readonly #line: LineModel;
  readonly #random: () => number;
  #queueMs = 0;
  #estimate = START_ESTIMATE_KBPS;
  #allowed = 0;

  constructor(line: LineModel, random: () => number) {
    this.#line = line;
    this.#random = random;
  }

  /** @returns the statistics after a second in which this was sent */
  second({ microphone, camera }: SendParameters): LinkStatistics {
    const { capacityKbps, roundTripMs, queueMs, loss, demand, hasEstimate } = this.#line;
    const sound = microphone.maxBitrate / 1_000 + SOUND_HEADERS_KBPS;
    const allowed = camera.active ? camera.maxBitrate / 1_000 : 0;
    if (allowed > this.#allowed) this.#probe(sound + 2 * allowed);
    this.#allowed = allowed;
    const wanted = allowed * demand;
    const picture = Math.min(wanted, Math.max(0, this.#estimate - sound));
    const sent = sound + picture;
    const before = this.#queueMs;
    const queue = Math.max(0, before + (sent / capacityKbps - 1) * 1_000);
    this.#queueMs = Math.min(queue, queueMs);
    const dropped = Math.min(1, (((queue - this.#queueMs) / 1_000) * capacityKbps) / sent);
    const lost = 1 - (1 - loss) * (1 - dropped);
    this.#adapt(sent * (1 - lost), lost, this.#queueMs - before);
    return {
      roundTripMs: roundTripMs + this.#queueMs + this.#random() * 20,
      lossOut: this.#sample(lost),
      lossIn: 0,
      availableOutgoingKbps: hasEstimate ? this.#estimate : undefined,
      // Browsers also report it if the picture needs more than `maxBitrate`.
      limitation: allowed > 0 && (picture < wanted || demand === 1) ? 'bandwidth' : 'none',
      encodeLoad: 0.1,
      route: 'a b',
      network: undefined,
      capturedLines: new Map(),
      audio: { sent: undefined, received: undefined },
    };
  }

  #probe(kbps: number): void {
    const { capacityKbps } = this.#line;
    const found = Math.min(kbps, capacityKbps * (0.85 + 0.2 * this.#random()));
    this.#estimate = Math.max(this.#estimate, found);
  }

  #adapt(arrivedKbps: number, lost: number, growthMs: number): void {
    const most = 1.5 * arrivedKbps + 10;
    if (growthMs > 20) this.#estimate = Math.min(this.#estimate, 0.85 * arrivedKbps);
    else if (lost > 0.1) this.#estimate *= 1 - lost / 2;
    else if (this.#estimate < most) this.#estimate = Math.min(most, this.#estimate * 1.08);
    this.#estimate *= 0.97 + 0.06 * this.#random();
    this.#estimate = Math.max(LEAST_ESTIMATE_KBPS, this.#estimate);
  }

  #sample(lost: number): number {
    let count = 0;
    for (let packet = 0; packet < PACKETS_IN_REPORT; packet++) {
      if (this.#random() < lost) count += 1;
    }
    return count / PACKETS_IN_REPORT;
  }
}
