import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { invite } from '../test/support/wire-client.js';
import type { Invitation } from './inbox.js';
import {
  KEEP_MISSED_MS,
  KEEP_SETTLED_MS,
  MAX_MISSED_PER_USER,
  MAX_OPEN_PER_USER,
  SETTLE_MS,
} from './limits.js';
import { MemoryInbox } from './memory-inbox.js';

const ended = (at: number, fresh = true) => ({ reason: 'timeout' as const, at, fresh });

describe('the inbox in memory', () => {
  let now = 1_000_000;
  const create = () => new MemoryInbox(() => now);
  const invitation = (callID: string, userID = 'bob', round = 1): Invitation => {
    const sent = invite(callID, [userID]);
    const from = { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' };
    const message = { ...sent, from, at: now };
    const times = { receivedAt: now, expiresAt: now + 60_000 };
    return { userID, callID, round, invite: sent, message, ...times };
  };
  const callsOf = (entries: readonly { callID: string }[]) => entries.map(({ callID }) => callID);

  it('keeps one invitation for each user and call: the latest round', async () => {
    const inbox = create();
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

  it('does not open again what is decided, but its next round', async () => {
    const inbox = create();
    await inbox.put(invitation('c'));
    await inbox.answer('bob', 'c', 1);
    assert.equal(await inbox.put(invitation('c')), 'settled');
    assert.equal((await inbox.openFor('bob')).length, 0);
    assert.equal(await inbox.put(invitation('c', 'bob', 2)), 'kept');
  });

  it('takes an answer to an earlier round for no answer to this one', async () => {
    const inbox = create();
    await inbox.put(invitation('c', 'bob', 2));
    await inbox.answer('bob', 'c', 1);
    assert.equal((await inbox.openFor('bob')).length, 1);
    await inbox.end('bob', 'c', ended(now));
    await inbox.answer('bob', 'c', 1);
    assert.equal((await inbox.tell('bob', now)).length, 1);
  });

  it('takes a late answer for one: nothing is missed any more', async () => {
    const inbox = create();
    await inbox.put(invitation('c'));
    assert.equal((await inbox.end('bob', 'c', ended(now)))?.callID, 'c');
    await inbox.answer('bob', 'c', 1);
    assert.deepEqual(await inbox.tell('bob', now), []);
    assert.deepEqual(await inbox.settled('bob'), [{ callID: 'c', round: 1, how: 'answered' }]);
  });

  it('ends nothing twice, and nothing that is not open', async () => {
    const inbox = create();
    await inbox.put(invitation('c'));
    await inbox.end('bob', 'c', ended(now));
    assert.equal(await inbox.end('bob', 'c', ended(now)), undefined);
    assert.equal(await inbox.end('nobody', 'c', ended(now)), undefined);
    assert.equal((await inbox.tell('bob', now)).length, 1);
  });

  it('tells of a missed call at once when it is fresh, else when it is settled', async () => {
    const inbox = create();
    await inbox.put(invitation('fresh'));
    await inbox.put(invitation('heard'));
    await inbox.end('bob', 'fresh', ended(now));
    await inbox.end('bob', 'heard', ended(now, false));
    const told = async (time: number) =>
      (await inbox.tell('bob', time - SETTLE_MS)).map(
        ({ invitation: { callID }, fresh }) => `${callID} ${String(fresh)}`,
      );
    assert.deepEqual(await told(now), ['fresh true']);
    assert.deepEqual(await told(now), []);
    assert.deepEqual(await told(now + SETTLE_MS), ['fresh false', 'heard false']);
  });

  it('makes room for a call that is missed again', async () => {
    const inbox = create();
    await inbox.put(invitation('c'));
    await inbox.end('bob', 'c', ended(now));
    await inbox.put(invitation('c', 'bob', 2));
    assert.deepEqual(await inbox.tell('bob', now), []);
  });

  it('knows what is due', async () => {
    const inbox = create();
    await inbox.put(invitation('c'));
    assert.deepEqual(await inbox.dueBy(now + 59_999), []);
    assert.deepEqual(callsOf(await inbox.dueBy(now + 60_000)), ['c']);
    await inbox.drop('bob', 'c');
    assert.deepEqual(await inbox.dueBy(Infinity), []);
    assert.deepEqual(await inbox.settled('bob'), []);
  });

  it('keeps so much for a user, and no more: the oldest goes', async () => {
    const inbox = create();
    for (let index = 0; index <= MAX_OPEN_PER_USER; index += 1) {
      await inbox.put(invitation(`open-${String(index)}`));
    }
    const open = await inbox.openFor('bob');
    assert.equal(open.length, MAX_OPEN_PER_USER);
    assert.equal(open[0]?.callID, 'open-1');
    assert.equal((await inbox.openIn('open-0')).length, 0);
    assert.equal((await inbox.dueBy(Infinity)).length, MAX_OPEN_PER_USER);
    for (let index = 0; index <= MAX_MISSED_PER_USER; index += 1) {
      const callID = `missed-${String(index)}`;
      await inbox.put(invitation(callID, 'carol'));
      await inbox.end('carol', callID, ended(now));
    }
    const missed = await inbox.tell('carol', now);
    assert.equal(missed.length, MAX_MISSED_PER_USER);
    assert.equal(missed[0]?.invitation.callID, 'missed-1');
    assert.equal((await inbox.settled('carol')).length, MAX_MISSED_PER_USER);
  });

  it('forgets what was decided after ten minutes, and what was missed after thirty days', async () => {
    const inbox = create();
    await inbox.put(invitation('c'));
    await inbox.end('bob', 'c', ended(now));
    now += KEEP_SETTLED_MS - 1;
    assert.equal((await inbox.settled('bob')).length, 1);
    now += 1;
    assert.equal((await inbox.settled('bob')).length, 0);
    now += KEEP_MISSED_MS;
    assert.deepEqual(await inbox.tell('bob', now), []);
  });
});
