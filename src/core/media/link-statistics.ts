import { audioEnergyIn, type AudioEnergy, type Way } from './level-meter.js';

/** A network of this device, as far as the browser tells. */
export interface LocalNetwork {
  /** `wifi`, `cellular`, …: only Chromium tells it. */
  readonly type: string | undefined;
  /** Address of the network interface. Browsers may hide it, and it is not known for every kind of candidate. */
  readonly address: string | undefined;
}

/** What is read from the statistics of one link. Counters are since the previous reading. */
export interface LinkStatistics {
  /** Round-trip time, in ms; undefined without a working candidate pair. */
  readonly roundTripMs: number | undefined;
  /** Fraction of lost packets among those that this side sent, as the other side reports; undefined if it has not. */
  readonly lossOut: number | undefined;
  /** Fraction of lost packets among those that this side should have received. */
  readonly lossIn: number;
  /** The browser's estimate of the bitrate that the network allows; Firefox has none. */
  readonly availableOutgoingKbps: number | undefined;
  /** Why the browser lowers a picture itself: the strongest reason of all pictures of the link. */
  readonly limitation: 'none' | 'bandwidth' | 'cpu';
  /** Seconds of encoding per second, of all pictures of the link; undefined before the second reading. */
  readonly encodeLoad: number | undefined;
  /** Identifies the pair of network addresses in use. */
  readonly route: string | undefined;
  /** The network of this device that the route uses; undefined without a working candidate pair. */
  readonly network: LocalNetwork | undefined;
  /** Lines of the pictures that are captured, by the ID of their track. */
  readonly capturedLines: ReadonlyMap<string, number>;
  /** The sound since the link exists; undefined where there is none, or the browser does not report it. */
  readonly audio: Readonly<Record<Way, AudioEnergy | undefined>>;
}

/** The members of W3C webrtc-stats that are read here. */
interface Entry {
  readonly type: string;
  readonly id?: string;
  readonly timestamp?: number;
  readonly kind?: string;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly selectedCandidatePairId?: string;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
  readonly localCandidateId?: string;
  readonly candidateType?: string;
  readonly networkType?: string;
  readonly address?: string | null;
  readonly relatedAddress?: string | null;
  readonly remoteCandidateId?: string;
  readonly roundTripTime?: number;
  readonly fractionLost?: number;
  readonly localId?: string;
  readonly packetsLost?: number;
  readonly packetsReceived?: number;
  readonly packetsSent?: number;
  readonly framesEncoded?: number;
  readonly totalEncodeTime?: number;
  readonly qualityLimitationReason?: string;
  readonly trackIdentifier?: string;
  readonly width?: number;
  readonly height?: number;
  readonly totalAudioEnergy?: number;
  readonly totalSamplesDuration?: number;
}

function networkOf(candidate: Entry | undefined): LocalNetwork {
  const { candidateType, networkType, address, relatedAddress } = candidate ?? {};
  // The address of other candidates is one that a server has seen.
  const own =
    candidateType === 'host' ? address : candidateType === 'srflx' ? relatedAddress : undefined;
  return { type: networkType, address: own ?? undefined };
}

/** Reads the statistics of one link. Keeps the counters of the previous reading. */
export class LinkStatisticsReader {
  #counters = new Map<string, number>();
  #readAt: number | undefined;

  read(report: RTCStatsReport): LinkStatistics {
    const entries: Entry[] = [];
    report.forEach((entry: Entry) => entries.push(entry));
    const of = (type: string): Entry[] => entries.filter((entry) => entry.type === type);
    const counters = new Map<string, number>();
    const grown = (
      entry: Entry,
      name: 'packetsLost' | 'packetsReceived' | 'packetsSent' | 'framesEncoded' | 'totalEncodeTime',
    ): number => {
      const key = `${entry.id ?? entry.type} ${name}`;
      const value = entry[name] ?? 0;
      counters.set(key, value);
      // A counter that restarts has not grown.
      return Math.max(0, value - (this.#counters.get(key) ?? 0));
    };
    const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

    const selected = of('transport').map((entry) => entry.selectedCandidatePairId);
    // While a check of a working pair is under way, it is in progress: most of the time if round trips take long.
    const pairs = of('candidate-pair').filter(
      ({ nominated, state }) =>
        nominated === true && (state === 'succeeded' || state === 'in-progress'),
    );
    const pair = pairs.find(({ id }) => id !== undefined && selected.includes(id)) ?? pairs[0];
    const inbound = of('inbound-rtp');
    const lost = sum(inbound.map((entry) => grown(entry, 'packetsLost')));
    const received = sum(inbound.map((entry) => grown(entry, 'packetsReceived')));
    const outbound = of('outbound-rtp');
    // A report about a picture may cover few packets, so that it says little, while padding makes many packets of them:
    // frames weigh, not packets.
    const sent = new Map(
      outbound.map((entry) => [
        entry.id,
        grown(entry, entry.kind === 'video' ? 'framesEncoded' : 'packetsSent'),
      ]),
    );
    const reports = of('remote-inbound-rtp').map((entry) => ({
      lost: entry.fractionLost ?? 0,
      weight: sent.get(entry.localId) ?? 1,
      roundTrip: entry.roundTripTime,
    }));
    const weight = sum(reports.map((one) => one.weight));
    const at = outbound[0]?.timestamp;
    const seconds =
      at === undefined || this.#readAt === undefined ? 0 : (at - this.#readAt) / 1_000;
    const encoded = sum(outbound.map((entry) => grown(entry, 'totalEncodeTime')));
    const reasons = outbound.map((entry) => entry.qualityLimitationReason);
    const roundTrips = [pair?.currentRoundTripTime, ...reports.map(({ roundTrip }) => roundTrip)];
    const known = roundTrips.filter((time) => time !== undefined);
    this.#counters = counters;
    this.#readAt = at;
    return {
      roundTripMs: pair && Math.max(0, ...known) * 1_000,
      lossOut: weight > 0 ? sum(reports.map((one) => one.lost * one.weight)) / weight : undefined,
      lossIn: lost > 0 ? lost / (lost + received) : 0,
      availableOutgoingKbps:
        pair?.availableOutgoingBitrate === undefined
          ? undefined
          : pair.availableOutgoingBitrate / 1_000,
      limitation: reasons.includes('cpu')
        ? 'cpu'
        : reasons.includes('bandwidth')
          ? 'bandwidth'
          : 'none',
      encodeLoad: seconds > 0 ? encoded / seconds : undefined,
      route: pair && `${pair.localCandidateId ?? ''} ${pair.remoteCandidateId ?? ''}`,
      network: pair && networkOf(entries.find(({ id }) => id === pair.localCandidateId)),
      capturedLines: new Map(
        of('media-source').flatMap(({ kind, trackIdentifier, width, height }) =>
          kind === 'video' && trackIdentifier !== undefined && width && height
            ? [[trackIdentifier, Math.min(width, height)]]
            : [],
        ),
      ),
      audio: {
        sent: audioEnergyIn(entries, 'sent'),
        received: audioEnergyIn(entries, 'received'),
      },
    };
  }
}
