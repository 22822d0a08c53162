import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceAccess } from './device-problem.js';
import { deviceProblemOf } from './device-problem.js';

const problem = (name: string, access: Partial<DeviceAccess> = {}, message = '') =>
  deviceProblemOf(
    { name, message },
    { secure: true, allowedByPolicy: undefined, permission: undefined, ...access },
  );

for (const [name, access, expected] of [
  ['NotReadableError', {}, 'busy'],
  ['AbortError', {}, 'busy'],
  ['NotFoundError', {}, 'missing'],
  ['OverconstrainedError', {}, 'missing'],
  ['NotAllowedError', { permission: 'denied' }, 'denied'],
  ['NotAllowedError', { permission: 'prompt' }, 'dismissed'],
  ['NotAllowedError', { permission: 'granted' }, 'system'],
  ['NotAllowedError', {}, 'denied'],
  ['NotAllowedError', { permission: 'denied', allowedByPolicy: true }, 'denied'],
  ['NotAllowedError', { permission: 'denied', allowedByPolicy: false }, 'policy'],
  ['SecurityError', {}, 'policy'],
  ['NotSupportedError', { secure: false }, 'insecure'],
  ['NotAllowedError', { secure: false, permission: 'denied' }, 'insecure'],
  ['TypeError', {}, 'failed'],
] as const)
  test(`${name} with ${JSON.stringify(access)} means ${expected}`, () =>
    assert.equal(problem(name, access), expected));

test('the message of Chromium tells that the operating system denies the access', () =>
  assert.equal(
    problem('NotAllowedError', { permission: 'denied' }, 'Permission denied by system'),
    'system',
  ));
