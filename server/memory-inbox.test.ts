import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inboxContract } from '../test/contract/inbox.js';
import { invite } from '../test/support/wire-client.js';
import { MAX_INBOXES } from './limits.js';
import { MemoryInbox } from './memory-inbox.js';

inboxContract('the inbox in memory', async (now) => new MemoryInbox(now));

describe('the inbox in memory', () => {
  it('forgets the users whose last invitation is oldest when there are too many', async () => {
    const inbox = new MemoryInbox();
    const from = { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' };
    const message = { from, at: 0 };
    const put = (callID: string, number: number) =>
      inbox.put({
        ...{ userID: `user-${number}`, callID, round: 1, message, receivedAt: 0, expiresAt: 1 },
        invite: call,
      });
    const call = invite('call', ['bob']);
    for (let number = 0; number < MAX_INBOXES; number += 1) await put('first', number);
    await put('second', 0);
    await put('first', MAX_INBOXES);
    await put('first', MAX_INBOXES + 1);
    await put('second', 3);
    await put('first', MAX_INBOXES + 2);
    const open = [0, 1, 2, 3, 4, 5, MAX_INBOXES, MAX_INBOXES + 2].map(
      async (number) => (await inbox.openFor(`user-${number}`)).length,
    );
    assert.deepEqual(await Promise.all(open), [2, 0, 0, 2, 0, 1, 1, 1]);
  });

  it('takes no more memory for invitations that are over and forgotten', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let now = 1_000_000_000;
    const inbox = new MemoryInbox(() => now);
    const message = { from: { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' }, at: 0 };
    const times = { receivedAt: 0, expiresAt: 1 };
    const call = invite('call', ['bob']);
    const ring = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const userID = `user-${String(index % 100)}`;
        const callID = `call-${String(index % 1_000)}`;
        await inbox.put({ userID, callID, round: 1, message, invite: call, ...times });
        await inbox.answer(userID, callID, 1);
        now += 60_000;
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await ring(20_000);
    const grown = (await ring(200_000)) - before;
    assert.ok(grown < 2_000_000, `${String(grown)} bytes for 200,000 invitations`);
  });
});
