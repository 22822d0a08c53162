import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inboxContract, invitationAt } from '../../test/contract/inbox.js';
import { invite } from '../../test/support/wire-client.js';
import { InboxEntries } from './inbox-entries.js';
import { MemoryInbox } from './memory-inbox.js';

inboxContract('the inbox in memory', async (now) => new MemoryInbox(now));

describe('the inbox in memory', () => {
  it('evicts the oldest invitation when the store is full and all senders are equally active', async () => {
    const most = 1_000_000;
    const limits = { inboxBytes: most, senderBytes: most, storeBytes: most };
    const entries = new InboxEntries(undefined, limits);
    const inbox = new MemoryInbox(() => 0, { entries });
    const countOpen = async (number: number) => (await inbox.openFor(`user-${number}`)).length;
    for (let number = 0; number < 1_000; number += 1) {
      await inbox.put(invitationAt(number, 'c', `user-${number}`, 1, { by: `caller-${number}` }));
      assert.ok(entries.bytes <= most);
    }
    const left = await Promise.all(Array.from({ length: 1_000 }, (_, number) => countOpen(number)));
    const first = left.indexOf(1);
    assert.ok(first > 0 && left.slice(first).every((count) => count === 1));
    assert.ok(entries.bytes > 0.9 * most);
  });

  it('does not leak memory of settled and expired invitations', async () => {
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
    // Invitations that are kept take hundreds of bytes each; compiled code and the test runner take a few megabytes in all.
    assert.ok(grown < 10_000_000, `${String(grown)} bytes for 200,000 invitations`);
  });
});
