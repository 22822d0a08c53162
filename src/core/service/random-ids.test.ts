import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUserID } from '../protocol/messages.js';
import { randomIds } from './random-ids.js';

test('identifiers are unique and valid in the protocol', () => {
  const drawn = new Set<string>();
  for (let count = 0; count < 1_000; count++) {
    drawn.add(randomIds.callID());
    drawn.add(randomIds.deviceID());
  }
  assert.equal(drawn.size, 2_000);
  for (const id of drawn) assert.ok(isUserID(id) && id.length <= 64, id);
});
