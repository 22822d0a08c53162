import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facingOf } from './facing.js';

const facing = (label: string, facingMode?: string) =>
  facingOf({ label, getSettings: () => (facingMode === undefined ? {} : { facingMode }) });

test('the facing mode of a track is its direction', () => {
  assert.equal(facing('camera2 1, facing front', 'user'), 'user');
  assert.equal(facing('camera2 0, facing back', 'environment'), 'environment');
});

test('without a facing mode, back cameras are recognised by their label', () => {
  assert.equal(facing('camera2 0, facing back'), 'environment');
  assert.equal(facing('Rear Camera'), 'environment');
  assert.equal(facing('Backyard camera'), undefined);
  assert.equal(facing('HD Webcam'), undefined);
  assert.equal(facing('HD Webcam', 'left'), undefined);
});
