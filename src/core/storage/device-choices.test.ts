import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDeviceChoiceStorage, parseDeviceChoices } from './device-choices.js';

const headset = { deviceId: 'id', label: 'Headset' };

function storageWith(items: Map<string, string>) {
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

test('choices are read by another instance, and replaced by later ones', () => {
  const items = new Map<string, string>();
  const first = createDeviceChoiceStorage(() => storageWith(items));
  assert.deepEqual(first.read(), {});
  first.write({ microphone: headset, ringer: { deviceId: 'r', label: '' } });
  const second = createDeviceChoiceStorage(() => storageWith(items));
  assert.deepEqual(second.read(), { microphone: headset, ringer: { deviceId: 'r', label: '' } });
  second.write({ camera: headset });
  assert.deepEqual(first.read(), { camera: headset });
});

for (const [what, storage] of [
  [
    'blocked',
    () => {
      throw new DOMException('Access is denied.', 'SecurityError');
    },
  ],
  ['missing', () => undefined],
  [
    'full',
    () => ({
      getItem: () => null,
      setItem: () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      },
    }),
  ],
] as const)
  test(`choices are kept in memory if the storage is ${what}`, () => {
    const choices = createDeviceChoiceStorage(storage);
    assert.deepEqual(choices.read(), {});
    choices.write({ speaker: headset });
    assert.deepEqual(choices.read(), { speaker: headset });
  });

test('malformed stored choices are ignored', () => {
  assert.deepEqual(parseDeviceChoices(null), {});
  assert.deepEqual(parseDeviceChoices('{"microphone":'), {});
  assert.deepEqual(parseDeviceChoices('"text"'), {});
  const stored = JSON.stringify({
    microphone: headset,
    camera: { deviceId: '', label: 'x' },
    speaker: { deviceId: 5, label: 'x' },
    ringer: { deviceId: 'a'.repeat(513), label: 'x' },
    other: headset,
  });
  assert.deepEqual(parseDeviceChoices(stored), { microphone: headset });
});

test('any text gives choices with texts only', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const { deviceId, label } of Object.values(parseDeviceChoices(text)))
        assert.ok(typeof deviceId === 'string' && deviceId && typeof label === 'string');
    }),
  );
});
