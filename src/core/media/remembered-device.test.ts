import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findRemembered } from './remembered-device.js';

const listed = (deviceId: string, label: string) => ({ deviceId, label });
const devices = [listed('a', 'Headset'), listed('b', 'Desk'), listed('c', 'Desk')];

test('a device is found by its ID, whatever its label is now', () => {
  assert.equal(findRemembered({ deviceId: 'b', label: 'Headset' }, devices), devices[1]);
});

test('a device with a new ID is found by its label', () => {
  assert.equal(findRemembered({ deviceId: 'old', label: 'Desk' }, devices), devices[1]);
});

test('nothing is found without a choice, for another device, or without labels', () => {
  assert.equal(findRemembered(undefined, devices), undefined);
  assert.equal(findRemembered({ deviceId: 'old', label: 'Lamp' }, devices), undefined);
  assert.equal(findRemembered({ deviceId: 'old', label: '' }, [listed('a', '')]), undefined);
});

test('before a permission is granted, when IDs are empty, nothing is found', () => {
  assert.equal(findRemembered({ deviceId: 'a', label: '' }, [listed('', '')]), undefined);
  assert.equal(findRemembered({ deviceId: 'a', label: 'x' }, [listed('', 'x')]), undefined);
});

test('only listed devices are found, with the same ID whenever it is listed', () => {
  const text = fc.constantFrom('', 'a', 'b', 'c');
  const device = fc.record({ deviceId: text, label: text });
  fc.assert(
    fc.property(device, fc.array(device), (choice, list) => {
      const found = findRemembered(choice, list);
      if (found) {
        assert.ok(list.includes(found) && found.deviceId !== '');
        assert.ok(found.deviceId === choice.deviceId || found.label === choice.label);
      }
      if (choice.deviceId && list.some(({ deviceId }) => deviceId === choice.deviceId))
        assert.equal(found?.deviceId, choice.deviceId);
    }),
  );
});
