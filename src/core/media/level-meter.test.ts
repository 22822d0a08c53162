/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { audioEnergyIn, LevelMeter } from './level-meter.js';

describe('LevelMeter', () => {
  it('measures the level since the previous measurement', () => {
    const meter = new LevelMeter();
    const levels = [
      { energy: 1, seconds: 100 },
      { energy: 1.25, seconds: 101 },
      { energy: 1.25, seconds: 102 },
    ].map((energy) => {
      meter.measure(energy);
      return meter.level;
    });
    expect(levels).to.deep.equal([0.1, 0.5, 0]);
  });

  it('has no level before the first measurement', () => {
    expect(new LevelMeter().level).to.equal(undefined);
  });

  it('keeps the level if nothing was measured since then', () => {
    const meter = new LevelMeter();
    meter.measure({ energy: 0.25, seconds: 1 });
    meter.measure({ energy: 0.25, seconds: 1 });
    expect(meter.level).to.equal(0.5);
  });

  it('has no wrong level when the counters restart', () => {
    const meter = new LevelMeter();
    meter.measure({ energy: 4, seconds: 10 });
    meter.measure({ energy: 0.01, seconds: 1 });
    expect(meter.level).to.be.within(0, 1);
  });
});

describe('the audio energy in statistics', () => {
  const entries = [
    { type: 'inbound-rtp' },
    { type: 'inbound-rtp', totalAudioEnergy: 1, totalSamplesDuration: 2 },
    { type: 'media-source', totalAudioEnergy: 3, totalSamplesDuration: 4 },
    { type: 'outbound-rtp', totalAudioEnergy: 5, totalSamplesDuration: 6 },
  ];

  it('is that of the source for sent sound, and that of the receiver for received sound', () => {
    expect(audioEnergyIn(entries, 'sent')).to.deep.equal({ energy: 3, seconds: 4 });
    expect(audioEnergyIn(entries, 'received')).to.deep.equal({ energy: 1, seconds: 2 });
  });

  it('is unknown without the audio of that way', () => {
    expect(audioEnergyIn(entries.slice(0, 1), 'received')).to.equal(undefined);
    expect(audioEnergyIn([], 'sent')).to.equal(undefined);
  });
});
