import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { invite, ringing, say } from '../test/support/wire-client.js';
import { isPlain, readIncoming } from './incoming.js';
import { MAX_DEPTH } from './limits.js';

const nested = (depth: number): unknown => (depth === 0 ? 'end' : { next: nested(depth - 1) });

describe('isPlain', () => {
  it('takes what JSON can say', () => {
    for (const value of [
      null,
      1,
      'text',
      true,
      [],
      {},
      [{ a: [1, 'b', null] }],
      nested(MAX_DEPTH),
    ]) {
      assert.equal(isPlain(value), true, JSON.stringify(value));
    }
  });

  it('takes nothing else', () => {
    const proto: unknown = JSON.parse('{ "a": { "__proto__": { "polluted": true } } }');
    for (const value of [
      Buffer.from('binary'),
      { data: new ArrayBuffer(8) },
      [new Map()],
      proto,
      nested(MAX_DEPTH + 1),
    ]) {
      assert.equal(isPlain(value), false);
    }
  });

  it('reads nesting of any depth without overflowing', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`);
    assert.equal(isPlain(deep), false);
  });
});

describe('readIncoming', () => {
  it('keeps fields that it does not know, and drops what looks like a stamp', () => {
    const sent = { ...ringing('c', ['bob']), novelty: { a: 1 } };
    const incoming = readIncoming({ ...sent, from: { userID: 'eve' }, at: 1, replay: true });
    assert.equal(incoming.type, 'message');
    assert.deepEqual(incoming.fields, sent);
  });

  it('passes an invite of another version on', () => {
    const foreign = {
      v: 2,
      type: 'invite',
      id: 'm',
      callID: 'c',
      to: ['bob'],
      shape: 'unheard of',
    };
    const incoming = readIncoming(foreign);
    assert.equal(incoming.type, 'foreign-invite');
    assert.deepEqual(incoming.to, ['bob']);
    assert.deepEqual(incoming.fields, foreign);
  });

  const causes: [string, unknown, string][] = [
    ['nothing', undefined, 'malformed'],
    ['null', null, 'malformed'],
    ['a text', 'ringing', 'malformed'],
    ['an empty list', [], 'malformed'],
    ['an empty object', {}, 'malformed'],
    ['a message without addressees', { ...ringing('c', []), to: undefined }, 'malformed'],
    ['a field of the wrong type', { ...ringing('c', ['bob']), round: '1' }, 'malformed'],
    ['a binary part', { ...ringing('c', ['bob']), data: Buffer.from('x') }, 'malformed'],
    ['too many addressees', ringing('c', new Array<string>(65).fill('bob')), 'malformed'],
    [
      'a type that is a method of objects',
      { ...ringing('c', ['bob']), type: 'toString' },
      'unknown-type',
    ],
    ['a type of tomorrow', { ...ringing('c', ['bob']), type: 'wave' }, 'unknown-type'],
    ['another version of no invite', { ...ringing('c', ['bob']), v: 2 }, 'foreign-version'],
    [
      'the word that a device is lost',
      say('leave', 'c', ['bob'], { reason: 'connection-lost', lost: 'bob-1' }),
      'forged-role',
    ],
    [
      'the word that nobody is left',
      say('cancel', 'c', ['bob'], { user: 'bob', reason: 'lost', customData: '' }),
      'forged-role',
    ],
  ];
  for (const [what, input, cause] of causes) {
    it(`refuses ${what} as ${cause}`, () => {
      assert.deepEqual(readIncoming(input), { type: 'refused', cause });
    });
  }

  it('takes every message of this version', () => {
    assert.equal(readIncoming(invite('c', ['bob'])).type, 'message');
  });
});
