import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPreferenceStorage } from './preference-storage.js';

const storageWith = (items: Map<string, string>) => ({
  getItem: (key: string) => items.get(key) ?? null,
  setItem: (key: string, value: string) => void items.set(key, value),
});

test('preferences are kept for each user and server', () => {
  const items = new Map<string, string>();
  const of = (name: string) => createPreferenceStorage(name, () => storageWith(items));
  assert.equal(of('local: alice').read(), undefined);
  of('local: alice').write('{"a":1}');
  assert.equal(of('local: alice').read(), '{"a":1}');
  assert.equal(of('local: bob').read(), undefined);
});

test('preferences that can not be stored are kept in memory', () => {
  const storage = createPreferenceStorage('local: alice', () => {
    throw new DOMException('Access is denied.', 'SecurityError');
  });
  assert.equal(storage.read(), undefined);
  storage.write('{}');
  assert.equal(storage.read(), '{}');
});
