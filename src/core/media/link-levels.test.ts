/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { LinkLevels } from './link-levels.js';

describe('LinkLevels', () => {
  const create = () => {
    let now = 0;
    let readings = 0;
    const end = {
      getStats: async () => {
        readings += 1;
        const entry = { totalAudioEnergy: readings, totalSamplesDuration: readings * 4 };
        return new Map([['1', { type: 'inbound-rtp', ...entry }]]);
      },
    };
    const transceiver = { sender: end, receiver: end } as unknown as RTCRtpTransceiver;
    return {
      levels: new LinkLevels({ now: () => now }, () => transceiver),
      readings: () => readings,
      pass: (ms: number) => (now += ms),
    };
  };

  it('reads statistics only if the last measurement is too old', async () => {
    const { levels, readings, pass } = create();
    expect(await levels.measure('received', 100)).to.equal(0.5);
    pass(99);
    expect(await levels.measure('received', 100)).to.equal(0.5);
    expect(readings()).to.equal(1);
    pass(1);
    await levels.measure('received', 100);
    expect(readings()).to.equal(2);
  });

  it('takes statistics that were read for other reasons', async () => {
    const { levels, readings, pass } = create();
    levels.add('received', { energy: 1, seconds: 100 });
    pass(50);
    expect(await levels.measure('received', 100)).to.equal(0.1);
    levels.add('received', undefined);
    pass(49);
    expect(await levels.measure('received', 100)).to.equal(0.1);
    expect(readings()).to.equal(0);
  });

  it('has no level where there is no sound', async () => {
    const { levels } = create();
    expect(await levels.measure('sent', 100)).to.equal(undefined);
    const none = new LinkLevels({ now: () => 0 }, () => undefined);
    expect(await none.measure('received', 100)).to.equal(undefined);
  });
});
