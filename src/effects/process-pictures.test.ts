import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fit } from './process-pictures.js';

test('a picture is made to fit the lines, in any orientation, and never larger', () => {
  assert.deepEqual(fit({ width: 1280, height: 720 }, { lines: 480 }), { width: 854, height: 480 });
  assert.deepEqual(fit({ width: 720, height: 1280 }, { lines: 360 }), { width: 360, height: 640 });
  assert.deepEqual(fit({ width: 320, height: 240 }, { lines: 480 }), { width: 320, height: 240 });
  const length = fc.integer({ min: 1, max: 5_000 });
  fc.assert(
    fc.property(length, length, fc.integer({ min: 2, max: 2_160 }), (width, height, lines) => {
      const size = fit({ width, height }, { lines });
      for (const side of Object.values(size) as number[]) assert.ok(side >= 2 && side % 2 === 0);
      assert.ok(Math.min(size.width, size.height) <= Math.max(2, lines + 1));
    }),
  );
});
