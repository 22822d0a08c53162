import { assert } from '@open-wc/testing';
import { missedCallStorageContract } from '../../../test/contract/missed-call-storage.js';
import type { StoredMissedCall } from '../ports/missed-call-storage.js';
import type { NoticeClicked } from '../protocol/notices.js';
import { createBrowserStorage } from './browser-storage.js';
import { keptOffset, leaveClick, openStore, takeClick } from './database.js';

// Accounts of this run: the browser keeps those of the last one.
const run = Math.random().toString(36);

missedCallStorageContract(
  'the browser storage',
  (account) => createBrowserStorage(`${run} ${account}`),
  { describe, it },
);

describe('createBrowserStorage', () => {
  const missed = (callID: string): StoredMissedCall => ({
    ...{ callID, callType: 'voice', callees: [], customData: '', at: 1, reason: 'timeout' },
    ...{ caller: { userID: 'alice', userName: 'Alice' }, seen: false, group: false, round: 1 },
    resourceID: undefined,
  });
  const click = (account: string): NoticeClicked => ({
    ...{ ringkit: 'click', account, kind: 'missed', callID: 'c', action: 'open' },
  });

  it('is shared by the pages of an account, and by no others', async () => {
    const [page, other, stranger] = ['bob', 'bob', 'carol'].map((user) =>
      createBrowserStorage(`${run} ${user}`),
    );
    await page?.add(missed('c'));
    assert.equal((await other?.load())?.length, 1);
    assert.equal((await stranger?.load())?.length, 0);
    const pages = [page, other, stranger].flatMap((one) => one ?? []);
    const first = await Promise.all(pages.map((one) => one.claim('c', 1)));
    assert.equal(first.filter(Boolean).length, 2);
  });

  it('gives the click that has opened a page to one page of its account, once', async () => {
    await leaveClick(click(`${run} dave`));
    assert.equal(await createBrowserStorage(`${run} erin`).takeClick(), undefined);
    const pages = [1, 2].map(() => createBrowserStorage(`${run} dave`));
    const taken = await Promise.all(pages.map((page) => page.takeClick()));
    assert.deepEqual(
      taken.filter(Boolean).map((one) => one?.callID),
      ['c'],
    );
  });

  it('keeps the offset of the server’s time for the worker, for each account', async () => {
    await createBrowserStorage(`${run} gina`).setServerOffset?.(7_200_000);
    assert.equal(await keptOffset(`${run} gina`), 7_200_000);
    assert.equal(await keptOffset(`${run} hugo`), 0);
  });

  it('gives no click that was left in the future, before the time of day was set back', async () => {
    await leaveClick(click(`${run} ivan`), Date.now() + 3_600_000);
    assert.equal(await takeClick(openStore(), `${run} ivan`), undefined);
  });

  it('gives no click that is old: nobody calls back a day later', async () => {
    const day = 24 * 3_600_000;
    await leaveClick(click(`${run} frank`), Date.now() - day);
    assert.equal(await takeClick(openStore(), `${run} frank`), undefined);
  });
});
