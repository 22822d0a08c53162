import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { percentile } from './percentile.js';

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it('returns the smallest value that the given percentage of values do not exceed', () => {
    assert.deepEqual(
      [1, 50, 95, 99, 99.5, 100].map((percent) => percentile(hundred, percent)),
      [1, 50, 95, 99, 100, 100],
    );
    assert.equal(percentile([7], 1), 7);
    assert.equal(percentile([3, 1, 2], 50), 2);
  });

  it('does not change the values, and returns NaN for an empty array', () => {
    percentile(hundred, 50);
    assert.equal(hundred[0], 100);
    assert.ok(Number.isNaN(percentile([], 99)));
  });
});
