/** Quality of a link: 0 no media, 1 poor, 2 fair, 3 good; undefined while unknown. */
export type Quality = 0 | 1 | 2 | 3 | undefined;

/** Round-trip times in seconds: twice the one-way delays of 150 ms (transparent) and 400 ms (limit) of ITU-T G.114. */
const FAIR_ROUND_TRIP = 0.3;
const POOR_ROUND_TRIP = 0.8;
/** Fraction of packets lost, in either direction. */
const FAIR_LOSS = 0.03;
const POOR_LOSS = 0.1;

/** The members of W3C webrtc-stats that are read here. */
interface Entry {
  readonly type: string;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly roundTripTime?: number;
  readonly fractionLost?: number;
  readonly packetsLost?: number;
  readonly packetsReceived?: number;
}

/** Rates a link by its statistics. Loss is counted since the previous rating. */
export class QualityMeter {
  #lost = 0;
  #received = 0;

  rate(report: RTCStatsReport): Quality {
    let roundTrip: number | undefined;
    let loss = 0;
    let lost = 0;
    let received = 0;
    report.forEach((entry: Entry) => {
      if (entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded') {
        roundTrip = Math.max(roundTrip ?? 0, entry.currentRoundTripTime ?? 0);
      } else if (entry.type === 'remote-inbound-rtp') {
        roundTrip = Math.max(roundTrip ?? 0, entry.roundTripTime ?? 0);
        loss = Math.max(loss, entry.fractionLost ?? 0);
      } else if (entry.type === 'inbound-rtp') {
        lost += entry.packetsLost ?? 0;
        received += entry.packetsReceived ?? 0;
      }
    });
    const newLost = Math.max(0, lost - this.#lost);
    const newReceived = Math.max(0, received - this.#received);
    this.#lost = lost;
    this.#received = received;
    if (newLost > 0) loss = Math.max(loss, newLost / (newLost + newReceived));
    if (roundTrip === undefined) return undefined;
    if (roundTrip > POOR_ROUND_TRIP || loss > POOR_LOSS) return 1;
    return roundTrip > FAIR_ROUND_TRIP || loss > FAIR_LOSS ? 2 : 3;
  }
}
