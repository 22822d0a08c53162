import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_CALLS } from '../../src/core/protocol/limits.js';
import { parseHello } from '../../src/core/protocol/messages.js';
import { invite, record, ringing, createMessage } from '../../test/support/wire-client.js';
import { isPlain, readIncoming } from './incoming.js';
import { MAX_DEPTH, MAX_NODES } from '../limits/limits.js';

const nested = (depth: number): unknown => (depth === 0 ? 'end' : { next: nested(depth - 1) });

describe('isPlain', () => {
  it('accepts JSON values', () => {
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

  it('rejects values that JSON cannot represent, `__proto__` keys and deep nesting', () => {
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

  it('accepts up to MAX_NODES values, however they are nested', () => {
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, index]));
    const pairs = (count: number) => Array.from({ length: count }, () => [1]);
    for (const [fits, tooMany] of [
      [keys(MAX_NODES - 1), keys(MAX_NODES)],
      [new Array<number>(MAX_NODES - 1).fill(1), new Array<number>(MAX_NODES).fill(1)],
      [pairs(MAX_NODES / 2 - 1), pairs(MAX_NODES / 2)],
      [
        { a: keys(2_000), b: keys(2_000) },
        { a: keys(2_000), b: keys(2_100) },
      ],
    ]) {
      assert.equal(isPlain(fits), true);
      assert.equal(isPlain(tooMany), false);
    }
  });

  it('accepts the largest hello of this version', () => {
    const over = Array.from({ length: MAX_CALLS }, (_, index) => ({
      callID: `over-${index}`,
      record: record('bob', 'left', { device: 'bob-1', reason: 'hung-up', customData: 'data' }),
    }));
    const missed = over.map(({ callID }) => `missed-${callID}`);
    const current = { callID: 'current', phase: 'in', round: 1 };
    const hello = { replaces: 'bob-2', current, over, missed };
    assert.ok(parseHello(hello));
    assert.equal(isPlain(hello), true);
  });

  it('rejects extreme nesting without a stack overflow', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`);
    assert.equal(isPlain(deep), false);
  });
});

describe('readIncoming', () => {
  it('rebuilds a message from its known fields, at every level', () => {
    const named = { ...ringing('c', ['bob']), records: [record('bob', 'ringing')] };
    const sent = { ...named, names: [{ userID: 'bob', userName: 'Bob' }] };
    const incoming = readIncoming({
      ...sent,
      novelty: { a: 1 },
      records: sent.records.map((one) => ({ ...one, junk: 'x'.repeat(50_000) })),
      names: sent.names.map((one) => ({ ...one, junk: 1 })),
      from: { userID: 'eve' },
      at: 1,
      replay: true,
    });
    assert.equal(incoming.type, 'message');
    assert.deepEqual(incoming.message, sent);
  });

  it('does not change the data of a signal', () => {
    const data = { type: 'offer', sdp: 'v=0', renegotiate: { deep: [1, null] } };
    const incoming = readIncoming(createMessage('signal', 'c', ['bob'], { link: 1, data }));
    assert.equal(incoming.type, 'message');
    assert.deepEqual((incoming.message as { data?: unknown }).data, data);
  });

  it('relays an invite of another protocol version with the fields common to all versions', () => {
    const foreign = { v: 2, type: 'invite', id: 'm', callID: 'c', to: ['bob'], toDevice: 'bob-1' };
    const incoming = readIncoming({ ...foreign, shape: 'unheard of', from: { userID: 'eve' } });
    assert.equal(incoming.type, 'foreign-invite');
    assert.deepEqual(incoming.message, foreign);
  });

  const causes: [string, unknown, string][] = [
    ['nothing', undefined, 'malformed'],
    ['null', null, 'malformed'],
    ['a string', 'ringing', 'malformed'],
    ['an empty list', [], 'malformed'],
    ['an empty object', {}, 'malformed'],
    ['a message without addressees', { ...ringing('c', []), to: undefined }, 'malformed'],
    ['a field of the wrong type', { ...ringing('c', ['bob']), round: '1' }, 'malformed'],
    ['a binary part', { ...ringing('c', ['bob']), data: Buffer.from('x') }, 'malformed'],
    ['too many addressees', ringing('c', new Array<string>(65).fill('bob')), 'malformed'],
    [
      'a type that is the name of an Object method',
      { ...ringing('c', ['bob']), type: 'toString' },
      'unknown-type',
    ],
    ['an unknown type', { ...ringing('c', ['bob']), type: 'wave' }, 'unknown-type'],
    [
      'another version of a message other than invite',
      { ...ringing('c', ['bob']), v: 2 },
      'foreign-version',
    ],
    [
      'a report that a device is lost',
      createMessage('leave', 'c', ['bob'], { reason: 'connection-lost', lost: 'bob-1' }),
      'forged-role',
    ],
    [
      'a cancel because all devices are lost',
      createMessage('cancel', 'c', ['bob'], { user: 'bob', reason: 'lost', customData: '' }),
      'forged-role',
    ],
  ];
  for (const [what, input, cause] of causes) {
    it(`rejects ${what} as ${cause}`, () => {
      assert.deepEqual(readIncoming(input), { type: 'refused', cause });
    });
  }

  it('accepts messages of this version', () => {
    assert.equal(readIncoming(invite('c', ['bob'])).type, 'message');
  });
});
