import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { showArguments, showTime } from './log-format.js';

const alice = { userID: 'alice', userName: 'Alice' };
const bob = { userID: 'bob', userName: 'bob' };

describe('the log of callbacks', () => {
  it('shows the arguments with their names, in order', () => {
    assert.deepEqual(
      showArguments('onIncomingCallReceived', ['c1', alice, 'video', [bob, alice], '']),
      [
        { name: 'callID', text: 'c1' },
        { name: 'caller', text: 'Alice (alice)' },
        { name: 'callType', text: 'video' },
        { name: 'callees', text: 'bob, Alice (alice)' },
        { name: 'customData', text: "''" },
      ],
    );
  });

  it('shows a function as ƒ', () => {
    const shown = showArguments('onIncomingMissedCallClicked', [
      ...['c1', alice, 'voice', [bob], ''],
      'ƒ',
    ]);
    assert.deepEqual(shown.at(-1), { name: 'defaultAction', text: 'ƒ' });
    assert.deepEqual(showArguments('onIncomingMissedCallDialBackFailed', []), []);
  });

  it('shows nothing for a callback without arguments', () => {
    assert.deepEqual(showArguments('onIncomingCallAcceptButtonPressed', []), []);
  });

  it('shortens only long IDs', () => {
    const text = (id: string) => showArguments('onIncomingCallTimeout', [id, alice])[0]?.text;
    assert.equal(text('1234567890123'), '12345678…');
    assert.equal(text('123456789012'), '123456789012');
  });

  it('shows the state of each user', () => {
    const users = [
      { userID: 'bob', state: 'ringing', customData: '' },
      { userID: 'carol', state: 'declined', customData: '' },
    ];
    assert.equal(
      showArguments('onInvitationUserStateChanged', [users])[0]?.text,
      'bob → ringing, carol → declined',
    );
  });

  it('shows status, type and other members of a call, and the end reason of an ended call', () => {
    const members = [
      { ...alice, self: true, state: 'accepted' },
      { ...bob, self: false, state: 'ringing' },
    ];
    const shown = (call: object) => showArguments('onCallStateChanged', [call])[0]?.text;
    assert.equal(
      shown({ status: 'ringing-out', callType: 'voice', members }),
      'ringing-out, voice, bob ringing',
    );
    assert.equal(shown({ status: 'ended', endReason: 'declined', members }), 'ended: declined');
    assert.equal(shown({ status: 'idle', callType: 'voice', members: [] }), 'idle');
  });

  it('shows the code of an error or, without a code, its name', () => {
    const shown = (error: object) => showArguments('onError', [error])[0]?.text;
    assert.equal(
      shown({ error: 'CallError', code: 'busy', message: 'In a call.' }),
      'busy: In a call.',
    );
    assert.equal(shown({ error: 'TypeError', message: 'No.' }), 'TypeError: No.');
  });

  it('shows booleans and unknown values unchanged', () => {
    assert.deepEqual(
      showArguments('onOutgoingCallTimeout', ['c1', [], false, { more: 1 }]).map(
        ({ name, text }) => `${name} ${text}`,
      ),
      ['callID c1', 'callees []', 'isVideoCall false', '3 {"more":1}'],
    );
  });

  it('shows the time with milliseconds', () => {
    assert.equal(showTime(new Date(2026, 0, 2, 3, 4, 5, 6).getTime()), '03:04:05.006');
  });
});
