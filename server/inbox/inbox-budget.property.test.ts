import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { invite } from '../../test/support/wire-client.js';
import { AS_GREEDY, type InboxLimits } from './inbox-budget.js';
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
/** No invitation of these tests takes more than this. */
const MOST_BYTES =
  ENTRY_BYTES + invitationBytes(invitationOf('eve', 'uma', 'call-999', START, 1_000));

/** Entries, and what is there by the changes that they told. */
function setUp(limits: InboxLimits) {
  const there = new Map<string, InboxChange>();
  const entries = new InboxEntries((change) => {
    const key = `${change.kind} ${change.userID} ${change.callID}`;
    if (change.entry) there.set(key, change);
    else there.delete(key);
  }, limits);
  const invitationsOf = (change: InboxChange) =>
    change.entry && 'invitation' in change.entry && change.entry.invitation
      ? [change.entry.invitation]
      : [];
  /** What an inbox takes, counted anew. */
  const bytesIn = (userID: string) => {
    const own = [...there.values()].filter((change) => change.userID === userID);
    const calls = new Map(own.map((change) => [change.callID, 0]));
    for (const invitation of own.flatMap(invitationsOf)) {
      calls.set(invitation.callID, invitationBytes(invitation));
    }
    return [...calls.values()].reduce((sum, bytes) => sum + bytes + ENTRY_BYTES, 0);
  };
  return { entries, there, bytesIn, invitationsOf };
}

const users = ['uma', 'vic', 'wes'];
const step = fc.record({
  // Some send much more than others.
  from: fc.nat(20).map((draw) => ['ann', 'ben', 'cid', 'dan', 'eve'][Math.max(0, draw - 16)] ?? ''),
  user: fc.constantFrom(...users),
  call: fc.nat(300),
  data: fc.oneof({ weight: 5, arbitrary: fc.nat(200) }, fc.nat(1_000)),
  end: fc.constantFrom('missed', 'missed', 'missed', 'answered', 'dismissed', 'dropped', 'open'),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function take(entries: InboxEntries, { from, user, call, data, end }: Step, now: number): void {
  const callID = `call-${call}`;
  entries.put(invitationOf(from, user, callID, now, data));
  if (end === 'missed' || end === 'dismissed') {
    entries.end(user, callID, { reason: 'timeout', at: now, fresh: true }, now);
  }
  if (end === 'dismissed') entries.seen(user, [callID], true);
  if (end === 'answered') entries.answer(user, callID, 1, now);
  if (end === 'dropped') entries.drop(user, callID);
}

describe('whatever is sent by whom to whom', () => {
  it('no inbox, and not all together, take more than they may; what is counted is what is there', () => {
    const bytes = fc.integer({ min: MOST_BYTES, max: 20 * MOST_BYTES });
    const limits = fc.record({ inboxBytes: bytes, senderBytes: bytes, storeBytes: bytes });
    let dropped = 0;
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 120 }), (most, steps) => {
        const { entries, there, bytesIn } = setUp(most);
        for (const [index, each] of steps.entries()) {
          take(entries, each, START + 1_000 * index);
          const inboxes = users.map(bytesIn);
          for (const inbox of inboxes) assert.ok(inbox <= most.inboxBytes);
          assert.ok(entries.bytes <= most.storeBytes);
          assert.equal(
            inboxes.reduce((sum, inbox) => sum + inbox, 0),
            entries.bytes,
          );
        }
        const calls = new Set(steps.map(({ user, call }) => `${user} ${call}`));
        dropped += calls.size - new Set([...there.keys()].map((key) => key.slice(-12))).size;
        // The same that is kept, taken in again, is as much.
        const again = new InboxEntries(undefined, most);
        for (const change of there.values()) again.restore(change);
        assert.equal(again.bytes, entries.bytes);
      }),
      { numRuns: 1_000, endOnFailure: true },
    );
    assert.ok(dropped > 1_000, `only ${dropped} were dropped`);
  });

  it('no sender has more than its part of an inbox, in entries of each kind', () => {
    const plenty = 1_000_000_000;
    const limits = { inboxBytes: plenty, senderBytes: plenty, storeBytes: plenty };
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 400 }), (steps) => {
        const { entries, there } = setUp(limits);
        for (const [index, each] of steps.entries()) take(entries, { ...each, user: 'uma' }, index);
        for (const kind of KINDS) {
          const own = [...there.values()].filter((change) => change.kind === kind);
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

  it('who sends little loses nothing to those who send much, however many these are', () => {
    const greedy = fc.record({ each: step, by: fc.nat(7) });
    const modest = fc.record({ each: step, at: fc.nat(400) });
    let dropped = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(greedy, { minLength: 200, maxLength: 400 }),
        fc.array(modest, { minLength: 1, maxLength: 3 }),
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
          // Beside it there is room for all those who sent no more than four times as much.
          const room = bytes * (1 + count * 2 ** AS_GREEDY) + 2 * MOST_BYTES;
          const store = { inboxBytes: 4 * room, senderBytes: room, storeBytes: 1.1 * room };
          for (const most of [store, { ...store, inboxBytes: room, storeBytes: 10 * room }]) {
            const { entries, there } = setUp(most);
            for (const [index, { each, by }] of flood.entries()) {
              for (const one of honest)
                if (one.at === index) take(entries, one.step, START + index);
              const from = `greedy-${by % count}`;
              take(entries, { ...each, from, call: 1_000 + index }, START + index);
            }
            for (const { at, step } of honest) {
              if (at >= flood.length) continue;
              const key = `missed ${step.user} call-${step.call}`;
              assert.ok(there.has(key), `${key} is kept`);
            }
            dropped += flood.length - new Set([...there.values()].map(({ callID }) => callID)).size;
          }
        },
      ),
      { numRuns: 300, endOnFailure: true },
    );
    assert.ok(dropped > 10_000, `only ${dropped} were dropped`);
  });
});
