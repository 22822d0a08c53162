import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SpeechDetector } from './speech-detector.js';

const [LOUD, QUIET] = [0.1, 0.001];
const run = (...levels: number[]): boolean[] => {
  const detector = new SpeechDetector();
  return levels.map((level) => detector.add(level));
};
const quiet = (count: number): number[] => Array.from({ length: count }, () => QUIET);

test('speech begins with the second loud sample in a row', () => {
  assert.deepEqual(run(LOUD, QUIET, LOUD, LOUD, LOUD), [false, false, false, true, true]);
});

test('speech ends after three quiet seconds, and pauses do not end it', () => {
  const spoken = run(LOUD, LOUD, ...quiet(14), LOUD, ...quiet(14), QUIET, LOUD);
  assert.equal(spoken.lastIndexOf(true), spoken.length - 3);
  assert.ok(spoken.slice(1, -2).every(Boolean));
});

test('a knock is no speech, and what is heard at the end does not depend on earlier silence', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(LOUD, QUIET)), fc.nat(50), (levels, silence) => {
      const isolated = levels.every((level, index) => level !== LOUD || levels[index - 1] !== LOUD);
      if (isolated) assert.ok(!run(...levels).includes(true));
      assert.deepEqual(run(...quiet(silence), ...levels).slice(silence), run(...levels));
    }),
  );
});
