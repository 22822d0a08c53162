import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  isForeignInvite,
  isUserID,
  messageSchemas,
  parseAcknowledgement,
  parseDelivered,
  parseInboxReport,
  parseHello,
  parseMessage,
} from '../../src/core/protocol/messages.js';

const RUNS = { numRuns: 2_000 };

const parsers = {
  parseMessage,
  parseDelivered,
  parseHello,
  parseDrained: parseInboxReport,
  parseAcknowledgement,
};

const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(undefined, NaN, -1, 1e300, '', ' ', '__proto__', [], {}, null),
);
/** Usually a valid value, sometimes any value. */
const mostly = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: junk });

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const record = fc.record(
  {
    user: mostly(id),
    round: mostly(fc.integer({ min: 1, max: 9 })),
    state: mostly(fc.constantFrom('inviting', 'ringing', 'declined', 'in', 'left')),
    device: mostly(id),
    inviter: mostly(id),
    reason: mostly(fc.constantFrom('hung-up', 'timeout')),
    customData: mostly(fc.string({ maxLength: 8 })),
    extra: junk,
  },
  { requiredKeys: ['user', 'round', 'state', 'inviter'] },
);
const types = Object.keys(messageSchemas);

/** An object similar to a message: every field of every type, each usually valid. */
const messageLike = fc.record(
  {
    v: mostly(fc.constant(1)),
    id: mostly(id),
    type: mostly(fc.constantFrom(...types)),
    callID: mostly(id),
    to: mostly(fc.array(id, { maxLength: 3 })),
    toDevice: mostly(id),
    records: mostly(fc.array(record, { maxLength: 3 })),
    names: mostly(fc.array(fc.record({ userID: id, userName: fc.string() }), { maxLength: 2 })),
    remaining: mostly(fc.array(fc.record({ user: id, ms: fc.nat(600_000) }), { maxLength: 2 })),
    callType: mostly(fc.constantFrom('voice', 'video')),
    initiator: mostly(id),
    customData: mostly(fc.string({ maxLength: 8 })),
    remainingMs: mostly(fc.nat(600_000)),
    timeoutMs: mostly(fc.nat(600_000)),
    round: mostly(fc.integer({ min: 1, max: 9 })),
    user: mostly(id),
    reason: mostly(fc.constantFrom('declined', 'busy', 'canceled', 'timeout', 'hung-up')),
    link: mostly(fc.integer({ min: 1, max: 9 })),
    data: mostly(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 })),
    phase: mostly(fc.constantFrom('held', 'incoming', 'accepting', 'in', 'over')),
    callIDs: mostly(fc.array(id, { maxLength: 3 })),
    from: mostly(fc.record({ userID: id, userName: fc.string(), deviceID: id })),
    at: mostly(fc.nat()),
    surprise: junk,
  },
  {
    requiredKeys: [
      ...(['v', 'id', 'type', 'callID', 'to', 'from', 'at', 'callType', 'initiator'] as const),
      ...(['remainingMs', 'timeoutMs', 'round', 'user', 'reason', 'link', 'data'] as const),
      ...(['phase', 'callIDs'] as const),
    ],
  },
);

const inputs = fc.oneof(junk, messageLike);
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the parsers of the protocol', () => {
  for (const [name, parse] of Object.entries(parsers)) {
    it(`never throw: ${name} returns a valid message, or nothing`, () => {
      fc.assert(
        fc.property(inputs, (input) => {
          parse(input);
        }),
        RUNS,
      );
    });

    it(`accept their own output: ${name}`, () => {
      fc.assert(
        fc.property(inputs, (input) => {
          const parsed = parse(input);
          if (parsed === undefined || 'foreign-invite' === Reflect.get(parsed, 'type')) return;
          assert.deepEqual(parse(overTheWire(parsed)), overTheWire(parsed));
        }),
        RUNS,
      );
    });
  }

  it('accept most almost valid messages, so that the properties above are meaningful', () => {
    const understood = fc.sample(messageLike, 1_000).filter((input) => parseDelivered(input));
    assert.ok(understood.length > 100, `${understood.length} of 1,000`);
    const seen = new Set(understood.map((input) => input.type));
    assert.deepEqual([...seen].sort(), [...types].sort());
  });

  it('remove unknown fields', () => {
    fc.assert(
      fc.property(messageLike, (input) => {
        const parsed = parseMessage(input);
        if (!parsed) return;
        assert.equal('surprise' in parsed, false);
        for (const each of parsed.records) assert.equal('extra' in each, false);
      }),
      RUNS,
    );
  });

  it('decide for any value whether it is a valid user ID, or an invite of another version', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        assert.equal(typeof isUserID(input), 'boolean');
        assert.equal(typeof isForeignInvite(input), 'boolean');
        if (isForeignInvite(input)) assert.equal(parseMessage(input), undefined);
      }),
      RUNS,
    );
  });
});
