import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phoneWords } from './state-words.js';

describe('the state text of a phone', () => {
  it('describes the call if there is one, otherwise the connection', () => {
    assert.equal(phoneWords('connected', 'idle').text, 'Ready');
    assert.equal(phoneWords('connected', 'ringing-out').text, 'Ringing…');
    assert.equal(phoneWords('connecting', 'idle').text, 'Connecting…');
  });

  it('mentions an interrupted connection during a call', () => {
    assert.deepEqual(phoneWords('offline', 'active'), { text: 'In a call, offline', look: 'bad' });
    assert.equal(phoneWords('connecting', 'calling').text, 'Calling, connecting…');
  });
});
