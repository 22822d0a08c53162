import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { merge } from '../../src/core/machine/record-order.js';
import type { MemberRecord } from '../../src/core/protocol/messages.js';

const STATES: readonly MemberRecord['state'][] = [
  'inviting',
  'ringing',
  'declined',
  'busy',
  'canceled',
  'timeout',
  'unreachable',
  'glare',
  'unsupported',
  'in',
  'left',
];
const REFUSED = STATES.slice(2, 9);
/** Precedence of states in a round: a state loses against those with a higher rank. */
const rank = (state: MemberRecord['state']): number =>
  state === 'inviting'
    ? 1
    : state === 'ringing'
      ? 2
      : REFUSED.includes(state)
        ? 3
        : state === 'in'
          ? 4
          : 5;

/** A record of one user; every optional field is sometimes absent. */
const record: fc.Arbitrary<MemberRecord> = fc
  .record(
    {
      round: fc.integer({ min: 1, max: 3 }),
      state: fc.constantFrom(...STATES),
      device: fc.constantFrom('a', 'b', 'c'),
      inviter: fc.constantFrom('X', 'Y', 'Z'),
      reason: fc.constantFrom('hung-up' as const, 'connection-lost' as const),
      customData: fc.constantFrom('', 'note'),
    },
    { requiredKeys: ['round', 'state', 'inviter'] },
  )
  .map((fields) => ({ user: 'U', ...fields }));

const check = (...args: Parameters<typeof fc.assert>): void => {
  // These properties are synchronous, so there is no promise to await.
  void fc.assert(args[0], { numRuns: 2_000, ...args[1] });
};

describe('merging records of one user', () => {
  it('is idempotent', () => {
    check(
      fc.property(record, (a) => {
        assert.deepEqual(merge(a, a), a);
        assert.deepEqual(merge(a, { ...a }), a);
      }),
    );
  });

  it('is commutative', () => {
    check(fc.property(record, record, (a, b) => assert.deepEqual(merge(a, b), merge(b, a))));
  });

  it('is associative', () => {
    check(
      fc.property(record, record, record, (a, b, c) =>
        assert.deepEqual(merge(merge(a, b), c), merge(a, merge(b, c))),
      ),
    );
  });

  it('is independent of order and repetition', () => {
    const shuffled = fc
      .array(record, { minLength: 1, maxLength: 8 })
      .chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }),
        ),
      );
    check(
      fc.property(shuffled, ([once, twice]) =>
        assert.deepEqual(once.reduce(merge), twice.reduce(merge)),
      ),
    );
  });

  it('returns an upper bound of both', () => {
    check(
      fc.property(record, record, (a, b) => {
        const both = merge(a, b);
        assert.deepEqual(merge(both, a), both);
        assert.deepEqual(merge(both, b), both);
      }),
    );
  });

  it('is a total order for the same inviter: one of the two records wins', () => {
    check(
      fc.property(record, record, (a, b) => {
        const other = { ...b, inviter: a.inviter };
        const both = merge(a, other);
        assert.ok(both === a || both === other);
      }),
    );
  });

  it('prefers the higher round, and in a round the later state', () => {
    check(
      fc.property(record, record, (a, b) => {
        const both = merge(a, b);
        assert.equal(both.round, Math.max(a.round, b.round));
        if (a.round !== b.round) assert.deepEqual(both, a.round > b.round ? a : b);
        else assert.equal(rank(both.state), Math.max(rank(a.state), rank(b.state)));
      }),
    );
  });

  it('prefers the lower device ID of two that are in or have left', () => {
    check(
      fc.property(
        record,
        fc.constantFrom('in' as const, 'left' as const),
        fc.constantFrom('a', 'b', 'c'),
        fc.constantFrom('a', 'b', 'c'),
        (any, state, one, other) => {
          const both = merge({ ...any, state, device: one }, { ...any, state, device: other });
          assert.equal(both.device, one < other ? one : other);
        },
      ),
    );
  });

  it('does not change its arguments', () => {
    check(
      fc.property(record, record, (a, b) => {
        const before = structuredClone([a, b]);
        merge(Object.freeze(a), Object.freeze(b));
        assert.deepEqual([a, b], before);
      }),
    );
  });
});
