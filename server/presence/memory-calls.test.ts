import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallMember } from '../calls/call-knowledge.js';
import { KEEP_CALL_MS } from '../limits/limits.js';
import { MemoryCalls } from './memory-calls.js';

const MAX_BYTES = 1_000_000;

function setUp() {
  let now = 0;
  const calls = new MemoryCalls(() => now, MAX_BYTES);
  const invite = (callID: string, initiator: string, invitees: readonly string[]) => {
    const origin = { initiator, endWithInitiator: false, isComplete: true };
    const member = (state: CallMember['state']) => ({ round: 1, state, inviter: initiator });
    const members = new Map<string, CallMember>([[initiator, member('in')]]);
    for (const user of invitees) members.set(user, member('inviting'));
    assert.equal(calls.note(callID, { origin, members }), 'noted');
  };
  return {
    calls,
    invite,
    isKnown: (callID: string) => calls.get(callID).origin !== undefined,
    wait: (ms: number) => void (now += ms),
  };
}
const users = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `${name.padEnd(120, '-')}${index}`);

describe('MemoryCalls', () => {
  it('limits its memory, and removes calls of the user with the most bytes first', () => {
    const { calls, invite, isKnown } = setUp();
    invite('running', 'alice', ['bob']);
    calls.enter('running', 'alice', 'alice a1');
    for (let number = 0; number < 200; number += 1) {
      invite(`junk-${number}`, 'mallory', users(250, `${number}`));
      calls.enter(`junk-${number}`, 'mallory', `mallory m${number}`);
      assert.ok(calls.bytes < 1.3 * MAX_BYTES);
    }
    assert.equal(isKnown('running'), true);
    assert.deepEqual([isKnown('junk-0'), isKnown('junk-199')], [false, true]);
  });

  it('also limits the memory of calls that are known only by named users', () => {
    const { calls, invite, isKnown } = setUp();
    invite('running', 'alice', ['bob']);
    for (let number = 0; number < 2_000; number += 1) {
      const named = new Map([['mallory', users(64, `${number}`)]]);
      calls.note(`junk-${number}`, { named });
      assert.ok(calls.bytes < 1.3 * MAX_BYTES);
    }
    assert.equal(isKnown('running'), true);
  });

  it('releases all memory when all calls have expired', () => {
    const { calls, invite, isKnown, wait } = setUp();
    invite('one', 'alice', ['bob']);
    invite('two', 'carol', users(100, 'dave'));
    calls.enter('two', 'carol', 'carol c1');
    wait(KEEP_CALL_MS);
    calls.enter('three', 'erin', 'erin e1');
    assert.deepEqual([isKnown('one'), isKnown('two')], [false, true]);
    calls.leave('two', 'carol c1');
    calls.leave('three', 'erin e1');
    wait(2 * KEEP_CALL_MS);
    calls.note('four', {});
    assert.equal(isKnown('two'), false);
    assert.ok(calls.bytes < 2_000);
  });

  it('removes the least recently used calls when all users have equally many bytes', () => {
    const { invite, isKnown } = setUp();
    for (let number = 0; number < 1_000; number += 1)
      invite(`call-${number}`, `user-${number}`, []);
    assert.deepEqual([isKnown('call-0'), isKnown('call-999')], [false, true]);
  });
});
