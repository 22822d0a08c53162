import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AudioLag } from './audio-lag.js';

/** @returns after how many seconds the sound counts as too slow; undefined if it does not */
function secondsUntilSlow(rate: (second: number) => number, seconds = 60): number | undefined {
  const lag = new AudioLag();
  let audio = 0;
  for (let second = 0; second < seconds; second++) {
    if (lag.record(audio, second * 1000)) return second;
    audio += 1000 * rate(second);
  }
  return undefined;
}

describe('AudioLag', () => {
  it('accepts sound that is processed in time', () => {
    assert.equal(
      secondsUntilSlow((second) => (second % 2 ? 0.97 : 1.03)),
      undefined,
    );
  });

  it('detects after three seconds that too much is missing', () => {
    assert.equal(
      secondsUntilSlow(() => 0.8),
      3,
    );
  });

  it('forgives single interruptions', () => {
    assert.equal(
      secondsUntilSlow((second) => (second % 5 === 0 ? 0.2 : 1)),
      undefined,
    );
  });

  it('learns nothing from a page that was frozen, or from a clock that stands', () => {
    const lag = new AudioLag();
    for (let second = 0; second < 60; second += 10) assert.ok(!lag.record(0, second * 1000));
    for (let times = 0; times < 10; times++) assert.ok(!lag.record(0, 50_000));
  });
});
