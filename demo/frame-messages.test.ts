import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallError } from '../src/core/service/call-error.js';
import { plainCopy, readPhoneMessage, readBoardMessage } from './frame-messages.js';

describe('messages between a phone and the page that contains it', () => {
  it('reads messages of a phone', () => {
    const callback = { type: 'callback', name: 'onError', args: [1], at: 5 };
    assert.deepEqual(readPhoneMessage({ ...callback, more: true }), callback);
    const status = { type: 'status', connection: 'connected', status: 'idle' };
    assert.deepEqual(readPhoneMessage(status), status);
    const harmed = { type: 'harmed', harm: 'cut' };
    assert.deepEqual(readPhoneMessage(harmed), harmed);
  });

  it('reads commands to a phone', () => {
    const commands = [
      { type: 'ring', callees: [{ userID: 'bob', userName: 'Bob' }], callType: 'voice' },
      { type: 'answer' },
      { type: 'hang-up' },
      { type: 'chaos', harms: ['delay', 'cut'] },
      { type: 'chaos', harms: [] },
    ];
    for (const command of commands)
      assert.deepEqual(readBoardMessage({ ...command, more: true }), command);
  });

  it('ignores all other messages', () => {
    const strange: unknown[] = [
      null,
      undefined,
      'callback',
      7,
      {},
      { type: 'callback', name: 'onNothing', args: [], at: 1 },
      { type: 'callback', name: 'toString', args: [], at: 1 },
      { type: 'callback', name: 'onError', args: 'none', at: 1 },
      { type: 'callback', name: 'onError', args: [] },
      { type: 'status', connection: 'connected' },
      { type: 'ring', callees: 'bob', callType: 'voice' },
      { type: 'ring', callees: ['bob'], callType: 'voice' },
      { type: 'ring', callees: [{ userID: 'bob', userName: 'Bob' }], callType: 'smoke' },
      { type: 'chaos', harms: ['fire'] },
      { type: 'chaos' },
      { type: 'harmed', harm: 'fire' },
    ];
    for (const data of strange) {
      assert.equal(readPhoneMessage(data), undefined);
      assert.equal(readBoardMessage(data), undefined);
    }
  });

  it('copies arguments to plain data that can be posted', () => {
    const copy = plainCopy([
      { userID: 'bob', state: 'ringing', missing: undefined },
      () => 1,
      new CallError('busy', 'In a call.'),
      new TypeError('No.'),
      null,
      '',
    ]);
    assert.deepEqual(copy, [
      { userID: 'bob', state: 'ringing' },
      'ƒ',
      { error: 'CallError', code: 'busy', message: 'In a call.' },
      { error: 'TypeError', message: 'No.' },
      null,
      '',
    ]);
    assert.deepEqual(structuredClone(copy), copy);
  });
});
