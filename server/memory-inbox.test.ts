import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inboxContract, invitationAt } from '../test/contract/inbox.js';
import { InboxEntries } from './inbox-entries.js';
import { MemoryInbox } from './memory-inbox.js';

inboxContract('the inbox in memory', async (now) => new MemoryInbox(now));

describe('the inbox in memory', () => {
  it('forgets what was put first when the store is full, and nobody has sent more than others', async () => {
    const most = 1_000_000;
    const limits = { inboxBytes: most, senderBytes: most, storeBytes: most };
    const entries = new InboxEntries(undefined, limits);
    const inbox = new MemoryInbox(() => 0, { entries });
    const kept = async (number: number) => (await inbox.openFor(`user-${number}`)).length;
    for (let number = 0; number < 1_000; number += 1) {
      await inbox.put(invitationAt(number, 'c', `user-${number}`, 1, { by: `caller-${number}` }));
      assert.ok(entries.bytes <= most);
    }
    const left = await Promise.all(Array.from({ length: 1_000 }, (_, number) => kept(number)));
    const first = left.indexOf(1);
    assert.ok(first > 0 && left.slice(first).every((count) => count === 1));
    assert.ok(entries.bytes > 0.9 * most);
  });
});
