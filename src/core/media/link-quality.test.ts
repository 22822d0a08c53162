/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { rateLink } from './link-quality.js';
import type { Quality } from './link-quality.js';
import { LinkStatisticsReader } from './link-statistics.js';

const report = (...entries: Record<string, unknown>[]): RTCStatsReport =>
  new Map(entries.map((entry, index) => [String(index), entry]));
/** Rates several reports of one link. */
const meter = () => {
  const reader = new LinkStatisticsReader();
  return { rate: (of: RTCStatsReport): Quality => rateLink(reader.read(of)) };
};
const pair = (seconds: number) => ({
  type: 'candidate-pair',
  nominated: true,
  state: 'succeeded',
  currentRoundTripTime: seconds,
});
const inbound = (packetsReceived: number, packetsLost: number) => ({
  type: 'inbound-rtp',
  packetsReceived,
  packetsLost,
});

describe('the quality of a link', () => {
  it('is unknown without a working candidate pair', () => {
    expect(meter().rate(report())).to.equal(undefined);
    const failed = { ...pair(0.01), state: 'failed' };
    expect(meter().rate(report(failed, inbound(10, 0)))).to.equal(undefined);
  });

  it('decreases with the round-trip time', () => {
    const rate = (seconds: number) => meter().rate(report(pair(seconds)));
    expect([0, 0.3, 0.31, 0.8, 0.81].map(rate)).to.deep.equal([3, 3, 2, 2, 1]);
  });

  it('is the worse one of the measurements of both sides', () => {
    const remote = { type: 'remote-inbound-rtp', roundTripTime: 1, fractionLost: 0 };
    expect(meter().rate(report(pair(0.01), remote))).to.equal(1);
    expect(
      meter().rate(report(pair(0.01), { ...remote, roundTripTime: 0, fractionLost: 0.05 })),
    ).to.equal(2);
  });

  it('decreases with the packets lost since the previous rating, and recovers', () => {
    const link = meter();
    const look = (received: number, lost: number) =>
      link.rate(report(pair(0.01), inbound(received, lost)));
    expect(look(100, 0)).to.equal(3);
    expect(look(195, 5)).to.equal(2);
    expect(look(280, 20)).to.equal(1);
    expect(look(380, 20)).to.equal(3);
    // A counter that restarts is not a loss.
    expect(look(10, 0)).to.equal(3);
  });
});
