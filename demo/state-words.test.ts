import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phoneWords } from './state-words.js';

describe('the state of a phone in words', () => {
  it('is that of the call where there is one, else that of the connection', () => {
    assert.equal(phoneWords('connected', 'idle').text, 'Ready');
    assert.equal(phoneWords('connected', 'ringing-out').text, 'Ringing…');
    assert.equal(phoneWords('connecting', 'idle').text, 'Connecting…');
  });

  it('says of a call when its messages do not pass', () => {
    assert.deepEqual(phoneWords('offline', 'active'), { text: 'In a call, offline', look: 'bad' });
    assert.equal(phoneWords('connecting', 'calling').text, 'Calling, connecting…');
  });
});
