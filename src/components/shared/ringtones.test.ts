import { expect } from '@open-wc/testing';
import { incoming, NO_CALL } from '../../../test/support/fake-service.js';
import { isRingtoneName, RINGBACK, RINGTONES, ringtoneFor } from './ringtones.js';

const call = { ...NO_CALL, ...incoming({ callID: 'c', callType: 'video' }) };
const never = (): never => {
  throw new Error('nothing is reported');
};

describe('ringtones', () => {
  for (const [name, { seconds, notes }] of Object.entries({ ...RINGTONES, RINGBACK })) {
    it(`end before they repeat, in a range that people hear well: ${name}`, () => {
      expect(notes.length).to.be.above(0);
      for (const [start, hertz, length] of notes) {
        expect(start + length).to.be.at.most(seconds);
        expect(hertz).to.be.within(300, 2_000);
      }
      // People notice that it repeats: a pause of a few tenths at least.
      const end = Math.max(...notes.map(([start, , length]) => start + length));
      expect(seconds - end).to.be.above(0.3);
    });
  }

  it('are known by their names', () => {
    expect(isRingtoneName('ringkit:harp')).to.equal(true);
    for (const other of ['harp', 'ringkit:other', 'toString', '/tone.mp3'])
      expect(isRingtoneName(other)).to.equal(false);
  });

  it('are chosen for each call by a function of the page', () => {
    const byType = ({ callType }: typeof call) => (callType === 'video' ? '/video.mp3' : undefined);
    expect(ringtoneFor(byType, call, never)).to.equal('/video.mp3');
    expect(ringtoneFor(byType, { ...call, callType: 'voice' }, never)).to.equal(undefined);
    expect(ringtoneFor(() => false, call, never)).to.equal(false);
    expect(ringtoneFor('/tone.mp3', call, never)).to.equal('/tone.mp3');
    expect(ringtoneFor(undefined, call, never)).to.equal(undefined);
  });

  it('are the default one if that function throws, which is reported', () => {
    const reported: unknown[] = [];
    const broken = () => {
      throw new Error('of the page');
    };
    expect(ringtoneFor(broken, call, (error) => reported.push(error))).to.equal(undefined);
    expect(reported).to.have.length(1);
  });
});
