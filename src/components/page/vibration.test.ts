import { expect } from '@open-wc/testing';
import { Vibration } from './vibration.js';

function createVibration(isAllowed = true) {
  const patterns: number[][] = [];
  const vibration = new Vibration({
    vibrate: (pattern) => patterns.push(pattern) > 0,
    mayVibrate: () => isAllowed,
  });
  return { patterns, vibration };
}

describe('Vibration', () => {
  it('vibrates once for each cycle, and stops', () => {
    const { patterns, vibration } = createVibration();
    vibration.set(true);
    vibration.set(true);
    expect(patterns).to.have.length(1);
    expect(patterns[0]).to.have.length(4);
    vibration.set(false);
    vibration.set(false);
    expect(patterns.slice(1)).to.deep.equal([[]]);
  });

  it('calls nothing before the user has interacted with the page', () => {
    const { patterns, vibration } = createVibration(false);
    vibration.set(true);
    vibration.set(false);
    expect(patterns).to.deep.equal([]);
  });

  it('does nothing on a device that cannot vibrate', () => {
    const vibration = new Vibration({ vibrate: undefined, mayVibrate: () => true });
    vibration.set(true);
    vibration.set(false);
  });
});
