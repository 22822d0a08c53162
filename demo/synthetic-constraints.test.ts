import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseDevice, pictureFormat } from './synthetic-constraints.js';

interface Device {
  readonly deviceId: string;
  readonly facingMode: string;
}

const devices: readonly [Device, ...Device[]] = [
  { deviceId: 'front', facingMode: 'user' },
  { deviceId: 'back', facingMode: 'environment' },
];

const overconstrained = { name: 'OverconstrainedError' };

describe('pictureFormat', () => {
  it('returns the format of a simple camera without constraints', () => {
    assert.deepEqual(pictureFormat({}), { width: 640, height: 480, frameRate: 15 });
  });

  it('satisfies constraints in all notations', () => {
    assert.deepEqual(pictureFormat({ width: { ideal: 1280 }, height: 720, frameRate: 24 }), {
      width: 1280,
      height: 720,
      frameRate: 24,
    });
    assert.equal(pictureFormat({ width: { exact: 320 } }).width, 320);
    assert.equal(pictureFormat({ width: { min: 800 } }).width, 800);
    assert.equal(pictureFormat({ width: { max: 320 } }).width, 320);
    assert.equal(pictureFormat({ width: { min: 400, max: 500, ideal: 1280 } }).width, 500);
  });

  it('is as close as possible to an ideal value that is out of range', () => {
    assert.equal(pictureFormat({ width: { ideal: 9999 } }).width, 1920);
    assert.equal(pictureFormat({ frameRate: { ideal: 240 } }).frameRate, 30);
  });

  it('throws for a required value that is out of range', () => {
    for (const constraints of [
      { width: { exact: 9999 } },
      { height: { min: 4000 } },
      { frameRate: { max: 0.5 } },
      { width: { min: 800, max: 400 } },
    ]) {
      assert.throws(() => pictureFormat(constraints), overconstrained);
    }
  });
});

describe('chooseDevice', () => {
  it('returns the first device without constraints', () => {
    assert.equal(chooseDevice(devices, {}).deviceId, 'front');
  });

  it('selects by ID, then by facing mode', () => {
    assert.equal(chooseDevice(devices, { deviceId: 'back' }).deviceId, 'back');
    assert.equal(chooseDevice(devices, { deviceId: { exact: 'back' } }).deviceId, 'back');
    assert.equal(chooseDevice(devices, { facingMode: ['left', 'environment'] }).deviceId, 'back');
    assert.equal(
      chooseDevice(devices, { deviceId: { ideal: 'front' }, facingMode: 'environment' }).deviceId,
      'front',
    );
  });

  it('returns another device if the preferred one does not exist', () => {
    assert.equal(chooseDevice(devices, { deviceId: { ideal: 'gone' } }).deviceId, 'front');
    assert.equal(chooseDevice(devices, { facingMode: 'left' }).deviceId, 'front');
  });

  it('throws if a required device does not exist', () => {
    assert.throws(() => chooseDevice(devices, { deviceId: { exact: 'gone' } }), overconstrained);
    assert.throws(() => chooseDevice(devices, { facingMode: { exact: 'left' } }), overconstrained);
  });
});
