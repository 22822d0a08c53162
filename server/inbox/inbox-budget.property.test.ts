import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { invite } from '../../test/support/wire-client.js';
import { ACTIVITY_TOLERANCE, type InboxLimits } from './inbox-budget.js';
import type { InboxChange } from './inbox-change.js';
import { InboxEntries } from './inbox-entries.js';
import type { Invitation } from './inbox.js';
import { invitationBytes } from './invitation-bytes.js';
import { ENTRY_BYTES, MAX_ENTRIES, MAX_ENTRIES_BY_SENDER } from '../limits/limits.js';

const KINDS = ['open', 'missed', 'settled'] as const;
const START = 1_800_000_000_000;

function invitationOf(from: string, userID: string, callID: string, at: number, data: number) {
  const sent = invite(callID, [userID], { customData: 'x'.repeat(data) });
  const message = { ...sent, from: { userID: from, userName: from, deviceID: `${from}-1` }, at };
  const times = { receivedAt: at, expiresAt: at + 60_000 };
  return { userID, callID, round: 1, invite: sent, message, ...times } satisfies Invitation;
}
/** The most bytes that one invitation in these tests takes. */
const MAX_BYTES =
  ENTRY_BYTES + invitationBytes(invitationOf('eve', 'uma', 'call-999', START, 1_000));

/** Inbox entries, and a copy that is maintained from the reported changes only. */
function setUp(limits: InboxLimits) {
  const stored = new Map<string, InboxChange>();
  const entries = new InboxEntries((change) => {
    const key = `${change.kind} ${change.userID} ${change.callID}`;
    if (change.entry) stored.set(key, change);
    else stored.delete(key);
  }, limits);
  const invitationsOf = (change: InboxChange) =>
    change.entry && 'invitation' in change.entry && change.entry.invitation
      ? [change.entry.invitation]
      : [];
  /** Bytes in an inbox, counted from scratch. */
  const bytesIn = (userID: string) => {
    const own = [...stored.values()].filter((change) => change.userID === userID);
    const calls = new Map(own.map((change) => [change.callID, 0]));
    for (const invitation of own.flatMap(invitationsOf)) {
      calls.set(invitation.callID, invitationBytes(invitation));
    }
    return [...calls.values()].reduce((sum, bytes) => sum + bytes + ENTRY_BYTES, 0);
  };
  return { entries, stored, bytesIn, invitationsOf };
}

const users = ['uma', 'vic', 'wes'];
const step = fc.record({
  // Some users send much more than others.
  from: fc.nat(20).map((draw) => ['ann', 'ben', 'cid', 'dan', 'eve'][Math.max(0, draw - 16)] ?? ''),
  user: fc.constantFrom(...users),
  call: fc.nat(300),
  data: fc.oneof({ weight: 5, arbitrary: fc.nat(200) }, fc.nat(1_000)),
  end: fc.constantFrom('missed', 'missed', 'missed', 'answered', 'dismissed', 'dropped', 'open'),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function apply(entries: InboxEntries, { from, user, call, data, end }: Step, now: number): void {
  const callID = `call-${call}`;
  entries.put(invitationOf(from, user, callID, now, data));
  if (end === 'missed' || end === 'dismissed') {
    entries.end(user, callID, { reason: 'timeout', at: now, fresh: true }, now);
  }
  if (end === 'dismissed') entries.seen(user, [callID], true);
  if (end === 'answered') entries.answer(user, callID, 1, now);
  if (end === 'dropped') entries.drop(user, callID);
}

describe('the inbox budget, for random invitations', () => {
  it('limits each inbox and the whole store, and counts exactly the bytes that are stored', () => {
    const bytes = fc.integer({ min: MAX_BYTES, max: 20 * MAX_BYTES });
    const limits = fc.record({ inboxBytes: bytes, senderBytes: bytes, storeBytes: bytes });
    let dropped = 0;
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 120 }), (most, steps) => {
        const { entries, stored: stored, bytesIn } = setUp(most);
        for (const [index, each] of steps.entries()) {
          apply(entries, each, START + 1_000 * index);
          const inboxes = users.map(bytesIn);
          for (const inbox of inboxes) assert.ok(inbox <= most.inboxBytes);
          assert.ok(entries.bytes <= most.storeBytes);
          assert.equal(
            inboxes.reduce((sum, inbox) => sum + inbox, 0),
            entries.bytes,
          );
        }
        const calls = new Set(steps.map(({ user, call }) => `${user} ${call}`));
        dropped += calls.size - new Set([...stored.keys()].map((key) => key.slice(-12))).size;
        // Entries that are restored count the same.
        const again = new InboxEntries(undefined, most);
        for (const change of stored.values()) again.restore(change);
        assert.equal(again.bytes, entries.bytes);
      }),
      { numRuns: 1_000, endOnFailure: true },
    );
    assert.ok(dropped > 1_000, `only ${dropped} were dropped`);
  });

  it('limits the entries of each kind that one sender has in an inbox', () => {
    const plenty = 1_000_000_000;
    const limits = { inboxBytes: plenty, senderBytes: plenty, storeBytes: plenty };
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 400 }), (steps) => {
        const { entries, stored: stored } = setUp(limits);
        for (const [index, each] of steps.entries())
          apply(entries, { ...each, user: 'uma' }, index);
        for (const kind of KINDS) {
          const own = [...stored.values()].filter((change) => change.kind === kind);
          assert.ok(own.length <= MAX_ENTRIES[kind]);
          const by = new Map<string, number>();
          for (const { entry } of own) {
            if (!entry || !('invitation' in entry) || !entry.invitation) continue;
            const { userID } = entry.invitation.message.from;
            by.set(userID, (by.get(userID) ?? 0) + 1);
          }
          for (const count of by.values()) assert.ok(count <= MAX_ENTRIES_BY_SENDER[kind]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps all entries of a sender of few invitations, however many others send much', () => {
    const activeSender = fc.record({ each: step, by: fc.nat(7) });
    const honestSender = fc.record({ each: step, at: fc.nat(400) });
    let dropped = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(activeSender, { minLength: 200, maxLength: 400 }),
        fc.array(honestSender, { minLength: 1, maxLength: 3 }),
        (count, flood, few) => {
          const honest = few.map(({ each, at }) => ({
            at,
            step: { ...each, from: 'honest', call: 2_000 + at, end: 'missed' as const },
          }));
          const bytes = honest.reduce((sum, { step: { user, data } }) => {
            return (
              sum +
              ENTRY_BYTES +
              invitationBytes(invitationOf('honest', user, 'call-9999', START, data))
            );
          }, 0);
          // The store has room for the honest sender and for senders of up to four times as many bytes.
          const room = bytes * (1 + count * 2 ** ACTIVITY_TOLERANCE) + 2 * MAX_BYTES;
          const store = { inboxBytes: 4 * room, senderBytes: room, storeBytes: 1.1 * room };
          for (const most of [store, { ...store, inboxBytes: room, storeBytes: 10 * room }]) {
            const { entries, stored: stored } = setUp(most);
            for (const [index, { each, by }] of flood.entries()) {
              for (const one of honest)
                if (one.at === index) apply(entries, one.step, START + index);
              const from = `greedy-${by % count}`;
              apply(entries, { ...each, from, call: 1_000 + index }, START + index);
            }
            for (const { at, step } of honest) {
              if (at >= flood.length) continue;
              const key = `missed ${step.user} call-${step.call}`;
              assert.ok(stored.has(key), `${key} is kept`);
            }
            dropped +=
              flood.length - new Set([...stored.values()].map(({ callID }) => callID)).size;
          }
        },
      ),
      { numRuns: 300, endOnFailure: true },
    );
    assert.ok(dropped > 10_000, `only ${dropped} were dropped`);
  });
});
