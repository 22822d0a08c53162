/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { LevelMeter } from './level-meter.js';

const report = (type: string, totalAudioEnergy?: number, totalSamplesDuration?: number) =>
  new Map([['1', { type, totalAudioEnergy, totalSamplesDuration }]]) as unknown as RTCStatsReport;

describe('LevelMeter', () => {
  it('measures the level since the previous measurement', () => {
    const meter = new LevelMeter();
    expect(meter.measure(report('inbound-rtp', 1, 100))).to.equal(0.1);
    expect(meter.measure(report('inbound-rtp', 1.25, 101))).to.equal(0.5);
    expect(meter.measure(report('inbound-rtp', 1.25, 102))).to.equal(0);
  });

  it('returns the previous level if the statistics have not changed', () => {
    const meter = new LevelMeter();
    meter.measure(report('media-source', 0.25, 1));
    expect(meter.measure(report('media-source', 0.25, 1))).to.equal(0.5);
  });

  it('returns no wrong level when the counters restart', () => {
    const meter = new LevelMeter();
    meter.measure(report('media-source', 4, 10));
    const level = meter.measure(report('media-source', 0.01, 1)) ?? -1;
    expect(level).to.be.within(0, 1);
  });

  it('ignores statistics without audio levels', () => {
    const meter = new LevelMeter();
    expect(meter.measure(report('inbound-rtp'))).to.equal(undefined);
    expect(meter.measure(report('outbound-rtp', 1, 1))).to.equal(undefined);
  });
});
