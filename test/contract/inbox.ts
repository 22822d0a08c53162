import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Inbox, Invitation } from '../../server/inbox/inbox.js';
import {
  DEFAULT_LIMITS,
  KEEP_MISSED_MS,
  KEEP_SETTLED_MS,
  MAX_ENTRIES,
  MAX_ENTRIES_BY_SENDER,
  SETTLE_MS,
} from '../../server/limits/limits.js';
import { invite } from '../support/wire-client.js';

/*
 * The contract of every inbox.
 */

/** An invitation that was received at `now` (ms), with a time-out of one minute. */
export function invitationAt(
  now: number,
  callID: string,
  userID = 'bob',
  round = 1,
  { by = 'alice', customData = '' } = {},
): Invitation {
  const sent = invite(callID, [userID], { customData });
  const from = { userID: by, userName: 'Alice', deviceID: `${by}-1` };
  const message = { ...sent, from, at: now };
  const times = { receivedAt: now, expiresAt: now + 60_000 };
  return { userID, callID, round, invite: sent, message, ...times };
}

const ended = (at: number, fresh = true) => ({ reason: 'timeout' as const, at, fresh });

/** @param open creates an empty inbox that uses this clock */
export function inboxContract(name: string, open: (now: () => number) => Promise<Inbox>): void {
  describe(`${name} as an Inbox`, () => {
    let now = 1_000_000;
    const create = () => open(() => now);
    type Rest = Parameters<typeof invitationAt> extends [number, ...infer R] ? R : never;
    const invitation = (...what: Rest) => invitationAt(now, ...what);
    const miss = async (
      inbox: Inbox,
      callID: string,
      userID = 'bob',
      { fresh = true, ...sent }: { fresh?: boolean; by?: string; customData?: string } = {},
    ) => {
      now += 1;
      await inbox.put(invitation(callID, userID, 1, sent));
      await inbox.end(userID, callID, ended(now, fresh));
    };
    const missedCallsOf = async (inbox: Inbox, userID = 'bob') =>
      (await inbox.tell(userID, now)).map(
        ({ invitation: { callID }, fresh }) => `${callID} ${String(fresh)}`,
      );
    const callsOf = (entries: readonly { callID: string }[]) => entries.map(({ callID }) => callID);

    it('stores one invitation for each user and call, of the latest round', async () => {
      const inbox = await create();
      assert.equal(await inbox.put(invitation('c', 'bob', 2)), 'kept');
      assert.equal(await inbox.put(invitation('c', 'bob', 2)), 'known');
      assert.equal(await inbox.put(invitation('c', 'bob', 1)), 'known');
      assert.equal(await inbox.put(invitation('c', 'bob', 3)), 'kept');
      assert.deepEqual(
        (await inbox.openFor('bob')).map(({ round }) => round),
        [3],
      );
      assert.equal((await inbox.openIn('c')).length, 1);
      assert.equal((await inbox.dueBy(Infinity)).length, 1);
    });

    it('does not reopen a settled invitation, but accepts its next round', async () => {
      const inbox = await create();
      await inbox.put(invitation('c'));
      assert.equal(await inbox.answer('bob', 'c', 1), true);
      assert.equal(await inbox.put(invitation('c')), 'settled');
      assert.equal((await inbox.openFor('bob')).length, 0);
      assert.equal(await inbox.put(invitation('c', 'bob', 2)), 'kept');
    });

    it('reports only once that an open invitation was settled', async () => {
      const inbox = await create();
      assert.equal(await inbox.answer('bob', 'c', 1), false, 'no invitation is open');
      await inbox.put(invitation('c', 'bob', 2));
      assert.equal(await inbox.select('bob', 'c', 1), false, 'the invitation is of a later round');
      assert.equal(await inbox.select('bob', 'c', 2), true);
      assert.equal(await inbox.select('bob', 'c', 2), false);
      assert.equal(await inbox.answer('bob', 'c', 2), false);
      assert.equal(await inbox.end('bob', 'c', ended(now)), undefined);
      await inbox.put(invitation('missed'));
      await inbox.end('bob', 'missed', ended(now));
      assert.equal(await inbox.answer('bob', 'missed', 1), false, 'the invitation had ended');
      assert.equal(await inbox.select('bob', 'unknown', 1), false);
    });

    it('ignores an answer to an earlier round', async () => {
      const inbox = await create();
      await inbox.put(invitation('c', 'bob', 2));
      await inbox.answer('bob', 'c', 1);
      assert.equal((await inbox.openFor('bob')).length, 1);
      await inbox.end('bob', 'c', ended(now));
      await inbox.answer('bob', 'c', 1);
      assert.equal((await inbox.tell('bob', now)).length, 1);
    });

    it('removes a missed call when a late answer arrives', async () => {
      const inbox = await create();
      await inbox.put(invitation('c'));
      assert.equal((await inbox.end('bob', 'c', ended(now)))?.callID, 'c');
      await inbox.answer('bob', 'c', 1);
      assert.deepEqual(await inbox.tell('bob', now), []);
      assert.deepEqual(await inbox.settled('bob'), [{ callID: 'c', round: 1, how: 'answered' }]);
    });

    it('keeps a missed call when its user joins the call later, in a round of its own', async () => {
      const inbox = await create();
      for (const callID of ['asked', 'joined']) await miss(inbox, callID);
      assert.equal(await inbox.answer('bob', 'asked', 2), false);
      assert.equal(await inbox.select('bob', 'joined', 2), false);
      assert.deepEqual(callsOf((await inbox.tell('bob', now)).map((each) => each.invitation)), [
        'asked',
        'joined',
      ]);
      assert.deepEqual(await inbox.settled('bob'), [
        { callID: 'asked', round: 1, how: 'ended' },
        { callID: 'joined', round: 2, how: 'answered' },
      ]);
      await inbox.put(invitation('open'));
      assert.equal(await inbox.answer('bob', 'open', 2), true, 'a join answers an open invitation');
    });

    it('does not end an invitation twice, or one that is not open', async () => {
      const inbox = await create();
      await inbox.put(invitation('c'));
      await inbox.end('bob', 'c', ended(now));
      assert.equal(await inbox.end('bob', 'c', ended(now)), undefined);
      assert.equal(await inbox.end('nobody', 'c', ended(now)), undefined);
      assert.equal((await inbox.tell('bob', now)).length, 1);
    });

    it('reports a missed call immediately if it is fresh, else after SETTLE_MS', async () => {
      const inbox = await create();
      await inbox.put(invitation('fresh'));
      await inbox.put(invitation('received'));
      await inbox.known('bob', ['received', 'unknown']);
      await inbox.end('bob', 'fresh', ended(now));
      await inbox.end('bob', 'received', ended(now, false));
      const reportedAt = async (time: number) =>
        (await inbox.tell('bob', time - SETTLE_MS)).map(
          ({ invitation: { callID }, fresh }) => `${callID} ${String(fresh)}`,
        );
      assert.deepEqual(await reportedAt(now), ['fresh true']);
      assert.deepEqual(await reportedAt(now), []);
      assert.deepEqual(await reportedAt(now + SETTLE_MS), ['fresh false', 'received false']);
    });

    it('treats a missed call as fresh if no connected device knows it', async () => {
      const inbox = await create();
      const fresh = async () =>
        (await inbox.tell('bob', now)).flatMap(({ invitation: { callID }, fresh }) =>
          fresh ? [callID] : [],
        );
      for (const callID of ['dead', 'gone', 'received', 'late'])
        await inbox.put(invitation(callID));
      await inbox.known('bob', ['gone', 'received']);
      await inbox.end('bob', 'dead', ended(now, false));
      await inbox.end('bob', 'gone', ended(now, true));
      await inbox.end('bob', 'received', ended(now, false));
      await inbox.end('bob', 'late', ended(now, false));
      await inbox.known('bob', ['late']);
      assert.deepEqual(await fresh(), ['dead', 'gone']);
      // No device knows the new round.
      await inbox.put(invitation('received', 'bob', 2));
      await inbox.end('bob', 'received', ended(now, false));
      assert.deepEqual(await fresh(), ['received']);
    });

    it('removes a missed call when its next round opens', async () => {
      const inbox = await create();
      await inbox.put(invitation('c'));
      await inbox.end('bob', 'c', ended(now));
      await inbox.put(invitation('c', 'bob', 2));
      assert.deepEqual(await inbox.tell('bob', now), []);
    });

    it('drops a missed call that turns out to be no missed call, but no answer', async () => {
      const inbox = await create();
      for (const callID of ['missed', 'answered']) await inbox.put(invitation(callID));
      await inbox.end('bob', 'missed', ended(now));
      await inbox.answer('bob', 'answered', 1);
      for (const callID of ['missed', 'answered']) await inbox.drop('bob', callID);
      assert.deepEqual(await inbox.tell('bob', now), []);
      assert.deepEqual(await inbox.settled('bob'), [
        { callID: 'answered', round: 1, how: 'answered' },
      ]);
    });

    it('returns invitations whose time-out is over', async () => {
      const inbox = await create();
      await inbox.put(invitation('c'));
      assert.deepEqual(await inbox.dueBy(now + 59_999), []);
      assert.deepEqual(callsOf(await inbox.dueBy(now + 60_000)), ['c']);
      await inbox.drop('bob', 'c');
      assert.deepEqual(await inbox.dueBy(Infinity), []);
      assert.deepEqual(await inbox.settled('bob'), []);
    });

    it('limits the entries of a user, and evicts the oldest', async () => {
      const inbox = await create();
      const by = (index: number) => ({ by: `caller-${String(index)}` });
      for (let index = 0; index <= MAX_ENTRIES.open; index += 1) {
        now += 1;
        await inbox.put(invitation(`open-${String(index)}`, 'bob', 1, by(index)));
      }
      const open = await inbox.openFor('bob');
      assert.equal(open.length, MAX_ENTRIES.open);
      assert.equal(open[0]?.callID, 'open-1');
      assert.equal((await inbox.openIn('open-0')).length, 0);
      assert.equal((await inbox.dueBy(Infinity)).length, MAX_ENTRIES.open);
      for (let index = 0; index <= MAX_ENTRIES.missed; index += 1) {
        await miss(inbox, `missed-${String(index)}`, 'carol', by(index));
      }
      const missed = await inbox.tell('carol', now);
      assert.equal(missed.length, MAX_ENTRIES.missed);
      assert.equal(missed[0]?.invitation.callID, 'missed-1');
      assert.equal((await inbox.settled('carol')).length, MAX_ENTRIES.settled);
    });

    it('limits the entries of one sender in an inbox, and keeps the newest', async () => {
      const inbox = await create();
      const most = MAX_ENTRIES_BY_SENDER;
      const last = 3 * Math.max(most.open, most.missed, most.settled);
      await miss(inbox, 'real', 'carol', { by: 'dora' });
      for (let index = 0; index <= last; index += 1) {
        now += 1;
        await inbox.put(invitation(`open-${String(index)}`));
        await miss(inbox, `missed-${String(index)}`, 'carol');
      }
      const open = callsOf(await inbox.openFor('bob'));
      assert.deepEqual([open.length, open.at(-1)], [most.open, `open-${String(last)}`]);
      const missed = await missedCallsOf(inbox, 'carol');
      assert.equal(missed[0], 'real true');
      assert.deepEqual(
        [missed.length, missed.at(-1)],
        [1 + most.missed, `missed-${String(last)} true`],
      );
      const settled = callsOf(await inbox.settled('carol'));
      assert.deepEqual([settled.length, settled[0]], [1 + most.settled, 'real']);
    });

    it('keeps the entries of honest callers during a flood, and evicts the oldest of the attackers', async () => {
      const inbox = await create();
      const real = Array.from({ length: 10 }, (_, index) => `real-${String(index)}`);
      for (const callID of real) await miss(inbox, callID, 'carol', { by: callID });
      for (let index = 0; index < 60; index += 1) {
        // Each attacker sends to other users as well.
        for (let account = 0; account < 15; account += 1) {
          const by = `eve-${String(account)}`;
          const callID = `${by}-${String(index)}`;
          await miss(inbox, callID, index % 2 ? 'carol' : `other-${String(index)}`, { by });
        }
      }
      const left = (await inbox.tell('carol', now)).map(({ invitation: { callID } }) => callID);
      assert.deepEqual(left.slice(0, real.length), real);
      assert.equal(left.length, MAX_ENTRIES.missed);
      assert.equal(left.at(-1), 'eve-14-59');
    });

    it('limits one sender to a quarter of the bytes of an inbox', async () => {
      const inbox = await create();
      const customData = 'x'.repeat(60_000);
      for (let index = 0; index < 20; index += 1) {
        await miss(inbox, `large-${String(index)}`, 'bob', { customData });
      }
      const left = await inbox.tell('bob', now);
      assert.ok(left.length > 0);
      assert.ok(JSON.stringify(left).length <= DEFAULT_LIMITS.inboxBytes / 2);
      assert.equal(left.at(-1)?.invitation.callID, 'large-19');
    });

    it('removes settled invitations after 10 minutes, and missed calls after 30 days', async () => {
      const inbox = await create();
      await inbox.put(invitation('c'));
      await inbox.end('bob', 'c', ended(now));
      now += KEEP_SETTLED_MS - 1;
      assert.equal((await inbox.settled('bob')).length, 1);
      now += 1;
      assert.equal((await inbox.settled('bob')).length, 0);
      now += KEEP_MISSED_MS;
      assert.deepEqual(await inbox.tell('bob', now), []);
    });

    it('still reports a seen call, but not as fresh, and lists it as handled', async () => {
      const inbox = await create();
      await miss(inbox, 'seen');
      await miss(inbox, 'new');
      await inbox.seen('bob', ['seen', 'unknown'], false);
      assert.deepEqual(await missedCallsOf(inbox), ['seen false', 'new true']);
      assert.deepEqual(await inbox.handled('bob'), { seen: ['seen'], dismissed: [] });
    });

    it('does not report a dismissed call, and keeps it dismissed', async () => {
      const inbox = await create();
      await miss(inbox, 'first');
      await miss(inbox, 'second');
      await inbox.seen('bob', ['first'], false);
      await inbox.seen('bob', ['first', 'second'], true);
      await inbox.seen('bob', ['second'], false);
      await inbox.known('bob', ['second']);
      assert.deepEqual(await missedCallsOf(inbox), []);
      assert.deepEqual(await inbox.handled('bob'), { seen: [], dismissed: ['first', 'second'] });
    });

    it('ignores marks for the calls of other users, and for unknown calls', async () => {
      const inbox = await create();
      await miss(inbox, 'c');
      await inbox.seen('eve', ['c', 'unknown'], true);
      assert.deepEqual(await missedCallsOf(inbox), ['c true']);
      for (const user of ['bob', 'eve'])
        assert.deepEqual(await inbox.handled(user), { seen: [], dismissed: [] });
      await miss(inbox, 'unknown', 'eve');
      assert.deepEqual(await missedCallsOf(inbox, 'eve'), ['unknown true']);
    });

    it('stores the mark of an open call until it becomes missed', async () => {
      const inbox = await create();
      for (const callID of ['seen', 'dismissed']) {
        await inbox.put(invitation(callID));
        await inbox.seen('bob', [callID], callID === 'dismissed');
      }
      assert.equal((await inbox.openFor('bob')).length, 2);
      assert.deepEqual(await inbox.handled('bob'), { seen: [], dismissed: [] });
      for (const callID of ['seen', 'dismissed']) await inbox.end('bob', callID, ended(now));
      assert.deepEqual(await missedCallsOf(inbox), ['seen false']);
      assert.deepEqual(await inbox.handled('bob'), { seen: ['seen'], dismissed: ['dismissed'] });
    });

    it('clears the mark when a call is answered, or a later round opens', async () => {
      const inbox = await create();
      for (const callID of ['answered', 'again']) {
        await miss(inbox, callID);
        await inbox.seen('bob', [callID], true);
      }
      await inbox.answer('bob', 'answered', 1);
      await inbox.put(invitation('again', 'bob', 2));
      assert.deepEqual(await inbox.handled('bob'), { seen: [], dismissed: [] });
      await inbox.end('bob', 'again', ended(now));
      assert.deepEqual(await missedCallsOf(inbox), ['again true']);
    });

    it('counts handled calls towards the limits', async () => {
      const inbox = await create();
      const most = MAX_ENTRIES_BY_SENDER.missed;
      await miss(inbox, 'oldest');
      await inbox.seen('bob', ['oldest'], true);
      await miss(inbox, 'old');
      await inbox.seen('bob', ['old'], false);
      for (let index = 2; index <= most; index += 1) await miss(inbox, `missed-${String(index)}`);
      assert.deepEqual(await inbox.handled('bob'), { seen: ['old'], dismissed: [] });
      assert.equal((await missedCallsOf(inbox)).length, most);
    });

    it('removes handled calls after 30 days', async () => {
      const inbox = await create();
      for (const callID of ['c', 'd']) {
        await inbox.put(invitation(callID));
        await inbox.end('bob', callID, ended(now));
        await inbox.seen('bob', [callID], callID === 'c');
      }
      now += KEEP_MISSED_MS - 1;
      assert.deepEqual(await inbox.handled('bob'), { seen: ['d'], dismissed: ['c'] });
      now += 1;
      assert.deepEqual(await inbox.handled('bob'), { seen: [], dismissed: [] });
      assert.deepEqual(await missedCallsOf(inbox), []);
    });
  });
}
