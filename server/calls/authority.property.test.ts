import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MemberRecord, Message } from '../../src/core/protocol/messages.js';
import { createMessage } from '../../test/support/wire-client.js';
import { Audience } from './audience.js';
import { authorize, type CallMessage } from './authority.js';
import {
  NOTHING_KNOWN,
  isOpen,
  mergeMember,
  rankOf,
  isParticipating,
  type CallKnowledge,
  type CallMember,
} from './call-knowledge.js';
import { coordinates, isSenderIn } from './membership.js';

/** Number of runs of each property. `AUTHORITY_RUNS=50000` selects a long run. */
const RUNS = Number(process.env['AUTHORITY_RUNS'] ?? 5_000);

const USERS = ['ann', 'bob', 'cat', 'dan'];
const user = fc.constantFrom(...USERS);
const device = fc.tuple(user, fc.constantFrom('1', '2')).map(([owner, one]) => `${owner}-${one}`);
const STATES = [
  ...(['inviting', 'ringing', 'declined', 'busy', 'canceled', 'timeout', 'unreachable'] as const),
  ...(['glare', 'unsupported', 'in', 'left'] as const),
];
const round = fc.constantFrom(1, 2, 3, 4, 1_000_000);

const member: fc.Arbitrary<CallMember> = fc.record({
  round: fc.constantFrom(1, 2),
  state: fc.constantFrom(...STATES, 'withheld' as const),
  inviter: user,
});
/** A state of a call. Each member who is `in` has a device in the call, unless it was lost. */
const knowledge: fc.Arbitrary<CallKnowledge> = fc
  .record({
    members: fc.dictionary(user, member, { maxKeys: 4 }),
    initiator: user,
    endWithInitiator: fc.boolean(),
    vanished: fc.subarray(USERS),
  })
  .map(({ members, initiator, endWithInitiator, vanished }) => {
    const all = new Map<string, CallMember>([
      [initiator, { round: 1, state: 'left', inviter: initiator, device: `${initiator}-1` }],
    ]);
    for (const [userID, one] of Object.entries(members)) {
      const hasDevice = one.state === 'in' || one.state === 'left';
      all.set(userID, { ...one, ...(hasDevice && { device: `${userID}-1` }) });
    }
    const devices = [...all].flatMap(([userID, { state }]) =>
      state === 'in' && !vanished.includes(userID)
        ? [{ device: { userID, userName: userID, deviceID: `${userID}-1` }, connected: true }]
        : [],
    );
    return {
      origin: { initiator, endWithInitiator, isComplete: true },
      members: all,
      named: new Map(),
      devices,
      owners: USERS.map((userID) => ({ userID, deviceID: `${userID}-2` })),
      userNames: new Map(),
    };
  });
const record: fc.Arbitrary<MemberRecord> = fc.record(
  { user, round, state: fc.constantFrom(...STATES), inviter: user, device },
  { requiredKeys: ['user', 'round', 'state', 'inviter'] },
);
const records = fc.array(record, { maxLength: 4 });
const TYPES = [
  ...(['invite', 'ringing', 'accept', 'select', 'decline', 'cancel', 'signal', 'roster'] as const),
  ...(['leave', 'end', 'sync', 'state'] as const),
];
/** Any message about the call that an attacker may send. */
const message: fc.Arbitrary<CallMessage> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    records,
    round,
    user,
    initiator: user,
    endWithInitiator: fc.boolean(),
    join: fc.boolean(),
    reason: fc.constantFrom('canceled', 'timeout', 'glare', 'declined', 'busy'),
  })
  .map(({ type, ...fields }) => {
    const more = { ...fields, phase: 'in', callType: 'voice', customData: '', link: 1, data: {} };
    return createMessage(type, 'c', USERS, more as never) as unknown as Message as CallMessage;
  });
const sender = fc
  .tuple(user, fc.constantFrom('1', '2', 'stolen'))
  .map(([userID, one]) => ({ userID, userName: userID, deviceID: `${userID}-${one}` }));

/** Whether a record claims more than the server knows. */
const claimsMore = (one: MemberRecord, known: CallMember | undefined): boolean =>
  !known ||
  one.round > known.round ||
  (one.round === known.round &&
    rankOf(one.state) > rankOf(known.state === 'withheld' ? 'inviting' : known.state));

describe('authorize, for arbitrary messages and call states', () => {
  const holds = (
    name: string,
    property: (input: {
      sender: { userID: string; userName: string; deviceID: string };
      message: CallMessage;
      call: CallKnowledge;
      result: Extract<ReturnType<typeof authorize>, { isAllowed: true }>;
      after: ReadonlyMap<string, CallMember>;
    }) => void,
  ) => {
    it(name, () => {
      let accepted = 0;
      fc.assert(
        fc.property(sender, message, knowledge, (by, attempt, call) => {
          const result = authorize(by, attempt, call);
          if (!result.isAllowed) return;
          accepted += 1;
          const after = new Map([...call.members, ...result.changes]);
          property({ sender: by, message: attempt, call, result, after });
        }),
        { numRuns: RUNS },
      );
      assert.ok(accepted > RUNS / 10, `only ${accepted} were allowed`);
    });
  };

  holds(
    'accepts no statements about others from a user who is not in the call',
    ({ sender: by, call, result }) => {
      if (isSenderIn(by, call)) return;
      for (const { user: about } of result.records.values()) assert.equal(about, by.userID);
      const isRule = call.origin?.initiator === by.userID && call.origin.endWithInitiator;
      for (const [changed, { state }] of result.changes) {
        assert.ok(changed === by.userID || (isRule && state === 'canceled'));
      }
    },
  );

  holds(
    'relays only records about others that the server knows',
    ({ sender: by, result, after }) => {
      for (const one of result.records.values()) {
        if (one.user === by.userID) continue;
        const known = after.get(one.user);
        assert.ok(!claimsMore(one, known), JSON.stringify(one));
        if (one.round === known?.round) assert.equal(one.inviter, known.inviter);
        if (one.state === 'in') assert.equal(one.device, known?.device);
      }
    },
  );

  holds(
    'lets only the coordinator select or cancel a member',
    ({ sender: by, message: attempt, call, result }) => {
      for (const [changed, { state }] of result.changes) {
        if (changed === by.userID || state === 'inviting') continue;
        const isEnd = attempt.type === 'end' && state === 'canceled';
        assert.ok(isEnd || coordinates(call, by.userID, changed), `${changed} ${state}`);
        if (state === 'glare') assert.equal(call.members.get(changed)?.inviter, by.userID);
      }
    },
  );

  holds(
    'allows a new round only one above the last, and not by others for a member who is in the call',
    ({ sender: by, message: attempt, call, result }) => {
      for (const [changed, { round: opened, state }] of result.changes) {
        const known = call.members.get(changed);
        assert.ok(opened <= (known?.round ?? 0) + 1);
        if (state === 'inviting') assert.equal(attempt.type, 'invite');
        if (changed === by.userID) continue;
        const hasDevice = call.devices.some((one) => one.device.userID === changed);
        assert.ok(!(known?.state === 'in' && hasDevice && opened > known.round));
      }
    },
  );

  holds(
    'does not change the inviter of an open invitation of another coordinator',
    ({ sender: by, call, result }) => {
      for (const [changed, { inviter, state }] of result.changes) {
        const known = call.members.get(changed);
        if (!isOpen(known) || coordinates(call, by.userID, changed) || changed === by.userID)
          continue;
        assert.ok(state === 'canceled' || inviter === known?.inviter);
      }
    },
  );

  holds(
    'relays no record that assigns a device to another user',
    ({ sender: by, call, result }) => {
      for (const one of result.records.values()) {
        if (one.device === undefined || call.members.get(one.user)?.device === one.device) continue;
        const owners = [by, ...call.devices.map((there) => there.device), ...(call.owners ?? [])]
          .filter(({ deviceID }) => deviceID === one.device)
          .map(({ userID }) => userID);
        assert.ok(owners.length === 0 || owners.includes(one.user));
      }
    },
  );

  holds(
    'does not let a cancelled member rejoin without an invitation',
    ({ sender: by, call, after }) => {
      const known = call.members.get(by.userID);
      if (known?.state !== 'canceled' && known?.state !== 'glare') return;
      assert.deepEqual(after.get(by.userID), known);
    },
  );

  holds('nobody leaves by a round that was not opened', ({ sender: by, call, after }) => {
    const known = call.members.get(by.userID);
    const member = after.get(by.userID);
    if (member?.state === 'left') assert.equal(member.round, known?.round);
  });

  holds(
    'delivers only to members, and records about others only to participants',
    ({ sender: by, message: attempt, call, result }) => {
      const audience = new Audience(by, attempt, call, result.changes);
      for (const one of USERS) {
        const share = audience.shareOf(one);
        if (one === by.userID || share === 'none' || attempt.type === 'invite') continue;
        const isMember = (id: string) => {
          const state = (result.changes.get(id) ?? call.members.get(id))?.state;
          return state !== undefined && state !== 'withheld';
        };
        assert.ok(isMember(one) || isParticipating(call.members.get(one)));
        assert.ok(isMember(by.userID));
        const parts = [call.members.get(one), result.changes.get(one)].some(isParticipating);
        if (share === 'all') assert.ok(parts);
        const isPart = [call.members.get(by.userID), result.changes.get(by.userID)].some(
          isParticipating,
        );
        if (attempt.type === 'signal') assert.ok(parts && isPart);
        const isAsking =
          attempt.type === 'sync' ||
          ('join' in attempt && attempt.type === 'accept' && attempt.join);
        const state = call.members.get(by.userID)?.state;
        if (isAsking && !isPart)
          assert.ok('join' in attempt && attempt.join && state !== 'canceled');
      }
    },
  );

  it('mergeMember is monotonic and idempotent', () => {
    fc.assert(
      fc.property(member, member, (first, second) => {
        const both = mergeMember(first, second);
        assert.equal(mergeMember(both, second), both);
        assert.equal(mergeMember(both, first), both);
        assert.ok(both.round >= first.round && both.round >= second.round);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('authorize, for an open invitation', () => {
  it('ignores a leave of a device that was never in the call', () => {
    const members = new Map<string, CallMember>([
      ['ann', { round: 1, state: 'in', inviter: 'ann', device: 'ann-1' }],
      ['bob', { round: 1, state: 'inviting', inviter: 'ann' }],
    ]);
    const origin = { initiator: 'ann', endWithInitiator: false, isComplete: true };
    const call: CallKnowledge = { ...NOTHING_KNOWN, origin, members };
    const left = { user: 'bob', round: 1, state: 'left', device: 'bob-1', inviter: 'bob' } as const;
    const leave = {
      ...createMessage('leave', 'c1', ['ann'], { reason: 'connection-lost' }),
      records: [left],
    };
    const bob = { userID: 'bob', userName: 'Bob', deviceID: 'bob-1' };
    const attempt = authorize(bob, leave, call);
    assert.ok(attempt.isAllowed);
    assert.equal(attempt.records.size, 0);
    assert.equal(attempt.changes.size, 0);
  });
});
