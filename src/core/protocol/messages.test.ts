import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isForeignInvite,
  isUserID,
  parseAcknowledgement,
  parseDelivered,
  parseInboxReport,
  parseHello,
  parseMessage,
} from './messages.js';

const record = { user: 'bob', round: 1, state: 'inviting', inviter: 'alice' };
const envelope = { v: 1, id: 'a-1', callID: 'c1', to: ['bob'], records: [record] };
const stamp = { from: { userID: 'alice', userName: 'Alice', deviceID: 'a' }, at: 1 };
const invite = {
  ...envelope,
  type: 'invite',
  callType: 'video',
  initiator: 'alice',
  customData: 'x',
  remainingMs: 60_000,
  timeoutMs: 60_000,
};
const valid: Record<string, object> = {
  invite,
  ringing: { ...envelope, type: 'ringing', round: 1 },
  accept: { ...envelope, type: 'accept', round: 1 },
  select: { ...envelope, type: 'select', user: 'bob' },
  decline: { ...envelope, type: 'decline', round: 1, reason: 'declined' },
  cancel: { ...envelope, type: 'cancel', user: 'bob', reason: 'timeout' },
  signal: { ...envelope, type: 'signal', link: 1, data: { sdp: 'v=0' } },
  roster: { ...envelope, type: 'roster' },
  leave: { ...envelope, type: 'leave', reason: 'hung-up' },
  end: { ...envelope, type: 'end', reason: 'hung-up' },
  sync: { ...envelope, type: 'sync', phase: 'in' },
  state: { ...envelope, type: 'state', phase: 'over' },
  seen: { ...envelope, type: 'seen', callIDs: ['c1'] },
};

describe('the parser', () => {
  for (const [type, message] of Object.entries(valid))
    it(`accepts a ${type}, and accepts its own result unchanged`, () => {
      const parsed = parseMessage(message);
      assert.equal(parsed?.type, type);
      assert.deepEqual(parseMessage(parsed), parsed);
      assert.deepEqual(parseDelivered({ ...message, ...stamp }), { ...parsed, ...stamp });
    });

  it('fills in defaults of optional fields', () => {
    const parsed = parseMessage({ v: 1, id: 'a', callID: 'c', to: [], type: 'roster' });
    assert.deepEqual(parsed, {
      ...{ v: 1, id: 'a', callID: 'c', to: [], type: 'roster' },
      ...{ records: [], names: [], remaining: [] },
    });
  });

  it('strips unknown fields, so that newer peers can call', () => {
    const parsed = parseMessage({ ...invite, hologram: true, records: [{ ...record, mood: 1 }] });
    assert.equal(Object.hasOwn(parsed ?? {}, 'hologram'), false);
    assert.deepEqual(parsed?.records, [record]);
  });

  const wrong: Record<string, unknown> = {
    undefined,
    null: null,
    'a string': 'invite',
    'an array': [invite],
    'an unknown type': { ...invite, type: 'teleport' },
    "a type that is a property of Object's prototype": { ...invite, type: 'constructor' },
    'no id': { ...invite, id: '' },
    'a userID with white space': { ...invite, to: ['bob the builder'] },
    'a userID of 129 characters': { ...invite, to: ['x'.repeat(129)] },
    'a control character': { ...invite, to: ['bob\u0007'] },
    'a callID of 65 characters': { ...invite, callID: 'x'.repeat(65) },
    'custom data of 1,025 bytes': { ...invite, customData: 'x'.repeat(1_025) },
    'custom data of 1,026 bytes in 513 characters': { ...invite, customData: 'é'.repeat(513) },
    'a time-out over 600 seconds': { ...invite, remainingMs: 600_001 },
    'a time-out that is no number': { ...invite, remainingMs: Number.NaN },
    'round 0': { ...invite, records: [{ ...record, round: 0 }] },
    'a fractional round': { ...invite, records: [{ ...record, round: 1.5 }] },
    'an unknown state': { ...invite, records: [{ ...record, state: 'winning' }] },
    '65 records': { ...invite, records: Array.from({ length: 65 }, () => record) },
    'records that are no array': { ...invite, records: { 0: record, length: 1 } },
    'signal data that is an array': { ...envelope, type: 'signal', link: 1, data: [] },
    'another version': { ...invite, v: 2 },
  };
  for (const [what, message] of Object.entries(wrong))
    it(`rejects ${what}`, () => assert.equal(parseMessage(message), undefined));

  it('accepts custom data of exactly 1,024 bytes', () => {
    assert.ok(parseMessage({ ...invite, customData: 'é'.repeat(512) }));
  });

  it('rejects received messages without a delivery stamp', () => {
    assert.equal(parseDelivered(invite), undefined);
    assert.equal(parseDelivered({ ...invite, ...stamp, from: 'alice' }), undefined);
  });

  it('does not set the prototype of its result from __proto__', () => {
    const parsed = parseMessage(
      JSON.parse(JSON.stringify(invite).replace('{', '{"__proto__":{"x":1},')),
    );
    assert.ok(parsed);
    assert.equal((parsed as { x?: number }).x, undefined);
  });

  it('recognises an invite of another version, so that it can be answered', () => {
    assert.equal(isForeignInvite({ ...invite, v: 2 }), true);
    assert.equal(isForeignInvite(invite), false);
    assert.equal(isForeignInvite({ ...invite, v: 2, type: 'cancel' }), false);
    assert.deepEqual(parseDelivered({ ...invite, v: 2, ...stamp }), {
      ...{ type: 'foreign-invite', id: 'a-1', callID: 'c1' },
      ...stamp,
    });
  });
});

describe('other data between client and server', () => {
  it('is checked', () => {
    assert.deepEqual(parseHello({}), { over: [], missed: [] });
    assert.equal(parseHello({ over: 'all' }), undefined);
    assert.deepEqual(parseInboxReport({}), { missed: [], settled: [] });
    assert.equal(parseInboxReport({ missed: [{ invite }] }), undefined);
    assert.equal(
      parseInboxReport({
        missed: [{ invite: { ...invite, ...stamp }, reason: 'timeout', at: 1, fresh: true }],
      })?.missed[0]?.invite.from.userID,
      'alice',
    );
    const reached = [
      { user: 'bob', devices: 2 },
      { user: 'carol', devices: 0, rejected: true },
    ];
    assert.deepEqual(parseAcknowledgement({ reached }), { reached });
    assert.equal(parseAcknowledgement({ error: { code: 'boom' } }), undefined);
  });

  it('contains userIDs of 1–128 characters, without white space and control characters', () => {
    for (const good of ['a', 'ž', 'a@b.c', '__proto__', 'x'.repeat(128)])
      assert.equal(isUserID(good), true, good);
    for (const bad of ['', ' ', 'a b', 'a\n', 'x'.repeat(129), 7, null, undefined])
      assert.equal(isUserID(bad), false, String(bad));
  });
});
