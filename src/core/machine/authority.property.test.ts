import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { forbidden, introduces, MAX_ROUNDS_MISSED, verdictOn } from './authority.js';
import { isIn, newCall, newMember, recordOf } from './call.js';
import { TransitionContext } from './transition-context.js';
import { initialState } from './machine.js';
import { isRejected, merge } from './record-order.js';
import type { Call } from './types.js';

/** Number of random cases for each property. */
const RUNS = Number(process.env['AUTHORITY_RUNS'] ?? 5_000);

const ME = 'me';
const MY_DEVICE = 'me-1';
const LIAR = 'liar';
const LIAR_DEVICE = 'liar-1';
const USERS = [ME, LIAR, 'ann', 'ben', 'zoe'] as const;
const STATES = [
  ...(['inviting', 'ringing', 'declined', 'busy', 'canceled', 'timeout', 'unreachable'] as const),
  ...(['glare', 'unsupported', 'in', 'left'] as const),
];
const OUT = STATES.filter((state) => state !== 'in');
const PHASES = ['incoming', 'accepting', 'in', 'silent', 'held', 'settling', 'over'] as const;
const TYPES = [
  ...(['invite', 'ringing', 'accept', 'select', 'decline', 'cancel', 'signal'] as const),
  ...(['roster', 'leave', 'end', 'sync', 'state'] as const),
];

const recordFor = (
  user: string,
  states: readonly MemberRecord['state'][],
  rounds: { min: number; max: number },
): fc.Arbitrary<MemberRecord> =>
  fc
    .record({
      round: fc.integer(rounds),
      state: fc.constantFrom(...states),
      device: fc.constantFrom(`${user}-1`, `${user}-2`, LIAR_DEVICE),
      inviter: fc.constantFrom(...USERS),
    })
    .map(({ state, device, ...rest }) => ({
      ...{ user, state, ...rest },
      ...(state === 'in' || state === 'left' ? { device } : {}),
    }));

/** The state of a call on this device, without the record of the sender. */
const known = fc.record({
  phase: fc.constantFrom(...PHASES),
  initiator: fc.constantFrom(...USERS),
  endWithInitiator: fc.boolean(),
  own: recordFor(ME, STATES, { min: 1, max: 3 }),
  others: fc.tuple(
    ...['ann', 'ben', 'zoe'].map((user) =>
      fc.option(recordFor(user, STATES, { min: 1, max: 3 }), { nil: undefined }),
    ),
  ),
  isAbsent: fc.boolean(),
  reconnected: fc.boolean(),
  synced: fc.boolean(),
});
type Known = typeof known extends fc.Arbitrary<infer T> ? T : never;

const message = fc.record({
  type: fc.constantFrom(...TYPES),
  subject: fc.constantFrom(...USERS),
  reason: fc.constantFrom('canceled', 'timeout', 'lost', 'hung-up'),
  join: fc.boolean(),
  round: fc.integer({ min: 1, max: 12 }),
  lost: fc.constantFrom(undefined, 'ann-1', MY_DEVICE),
  records: fc
    .constantFrom(...USERS)
    .chain((user) => recordFor(user, STATES, { min: 1, max: 12 }))
    .map((record) => [record]),
});
type Statement = typeof message extends fc.Arbitrary<infer T> ? T : never;

function situation(
  facts: Known,
  liar: MemberRecord | undefined,
): { ctx: TransitionContext; call: Call } {
  const self = { userID: ME, userName: '', deviceID: MY_DEVICE, media: true, canTakeCalls: true };
  const ctx = new TransitionContext(initialState(self), 100_000);
  ctx.synced = facts.synced;
  const call = newCall('c1', facts.phase);
  const { initiator, endWithInitiator, reconnected } = facts;
  Object.assign(call, { initiator, endWithInitiator, reconnected });
  const own: MemberRecord =
    facts.phase === 'in' ? { ...facts.own, state: 'in', device: MY_DEVICE } : facts.own;
  for (const record of [own, liar, ...facts.others])
    if (record) call.members.set(record.user, newMember(record));
  if (facts.isAbsent) call.absent.set('ann ann-1', { type: 'unresponsive' });
  return { ctx, call };
}

const delivered = ({ subject, ...statement }: Statement, deviceID = LIAR_DEVICE): Delivered =>
  ({
    ...{ v: 1, id: 'x1', callID: 'c1', to: [ME], names: [], remaining: [], at: 1 },
    ...{ phase: 'in', link: 1, data: {}, customData: '' },
    ...{ ...statement, user: subject, from: { userID: LIAR, userName: '', deviceID } },
  }) as unknown as Delivered;

/** Whether a record states what is known already, or less, so that it has no effect. */
const isNoNews = (call: Call, record: MemberRecord): boolean => {
  const old = recordOf(call, record.user);
  return old !== undefined && merge(old, record) === old;
};

const check = (property: fc.IProperty<unknown> & { run: unknown }): void => {
  fc.assert(property as fc.IProperty<unknown>, { numRuns: RUNS });
};

const absent = fc.option(recordFor(LIAR, OUT, { min: 1, max: 3 }), { nil: undefined });
const present = recordFor(LIAR, ['in'], { min: 1, max: 3 }).map((record) => ({
  ...record,
  device: LIAR_DEVICE,
}));

describe('authority', () => {
  it('admits no statement about others from a user who is not in', () => {
    check(
      fc.property(known, absent, message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        const [record] = statement.records;
        if (!record || record.user === LIAR || isNoNews(call, record)) return;
        assert.notEqual(verdictOn(ctx, call, delivered(statement), record), 'admit');
      }),
    );
  });

  it('forbids a user who is not in, or in with another device, to decide, invite or end', () => {
    check(
      fc.property(known, fc.oneof(absent, present), message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        const lie = delivered(statement, liar?.state === 'in' ? 'liar-2' : LIAR_DEVICE);
        if (!/^(select|cancel|roster|invite|end)$/.test(statement.type)) return;
        assert.ok(forbidden(ctx, call, lie) !== undefined || introduces(call, lie));
      }),
    );
  });

  it('lets only the server report a device as lost', () => {
    check(
      fc.property(known, fc.oneof(absent, present), message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        const isLost =
          (statement.type === 'leave' && statement.lost !== undefined) ||
          (statement.type === 'cancel' && statement.reason === 'lost');
        if (isLost) assert.equal(forbidden(ctx, call, delivered(statement)), 'never');
      }),
    );
  });

  it('forbids users to select or cancel themselves', () => {
    check(
      fc.property(known, fc.oneof(absent, present), message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        if (statement.type !== 'select' && statement.type !== 'cancel') return;
        assert.equal(forbidden(ctx, call, delivered({ ...statement, subject: LIAR })), 'never');
      }),
    );
  });

  it('lets only the initiator end the call for all, and only in a call with that rule', () => {
    check(
      fc.property(known, present, message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        const may = facts.initiator === LIAR && facts.endWithInitiator;
        const why = forbidden(ctx, call, delivered({ ...statement, type: 'end' }));
        assert.equal(why, may ? undefined : 'never');
      }),
    );
  });

  it('admits no statement of a single member about another one who is in', () => {
    check(
      fc.property(known, present, message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        const [record] = statement.records;
        if (!record || record.user === LIAR || record.user === ME) return;
        if (!isIn(call, record.user) || isNoNews(call, record)) return;
        assert.notEqual(verdictOn(ctx, call, delivered(statement), record), 'admit');
      }),
    );
  });

  it('admits no statement of a single user that somebody, also themselves, is in', () => {
    check(
      fc.property(known, fc.oneof(absent, present), message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        const [record] = statement.records;
        if (!record || record.user === ME || record.state !== 'in') return;
        if (isNoNews(call, record)) return;
        assert.notEqual(verdictOn(ctx, call, delivered(statement), record), 'admit');
      }),
    );
  });

  it('admits that this device is not in only after it was disconnected', () => {
    check(
      fc.property(known, present, message, (facts, liar, statement) => {
        const { ctx, call } = situation({ ...facts, phase: 'in', reconnected: false }, liar);
        const [stated] = statement.records;
        if (!stated) return;
        const record = { ...stated, user: ME };
        if (
          isNoNews(call, record) ||
          verdictOn(ctx, call, delivered(statement), record) !== 'admit'
        )
          return;
        // It is in with this device as before; at most the inviter is a lower one.
        const old = recordOf(call, ME);
        assert.ok(old);
        const merged = merge(old, record);
        assert.deepEqual([merged.state, merged.device], ['in', MY_DEVICE]);
      }),
    );
  });

  it('rejects a round that is far ahead', () => {
    check(
      fc.property(known, fc.oneof(absent, present), message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        const [record] = statement.records;
        const old = record && recordOf(call, record.user);
        if (!record || !old || record.round <= old.round + MAX_ROUNDS_MISSED) return;
        assert.equal(verdictOn(ctx, call, delivered(statement), record), 'refuse');
      }),
    );
  });

  it('forbids users to open their own rounds, or to decline one that was not opened', () => {
    check(
      fc.property(known, fc.oneof(absent, present), message, (facts, liar, statement) => {
        const { ctx, call } = situation(facts, liar);
        const [stated] = statement.records;
        if (!stated) return;
        const record = { ...stated, user: LIAR };
        if (
          isNoNews(call, record) ||
          verdictOn(ctx, call, delivered(statement), record) !== 'admit'
        )
          return;
        const old = recordOf(call, LIAR);
        assert.ok(old);
        assert.notEqual(record.state, 'inviting');
        assert.ok(record.state === 'left' || record.round === old.round);
        if (isRejected(record)) assert.equal(record.round, old.round);
      }),
    );
  });
});
