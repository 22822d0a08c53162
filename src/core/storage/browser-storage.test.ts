import { assert } from '@open-wc/testing';
import { historyStorageContract } from '../../../test/contract/history-storage.js';
import { missedCallStorageContract } from '../../../test/contract/missed-call-storage.js';
import type { StoredMissedCall } from '../ports/missed-call-storage.js';
import type { NoticeClicked } from '../protocol/notices.js';
import { createBrowserStorage } from './browser-storage.js';
import { createBrowserHistoryStorage } from './history-storage.js';
import { loadOffset, openStore, saveClick, takeClick } from './database.js';

// Accounts are unique in each run: the browser keeps the data of earlier runs.
const run = Math.random().toString(36);

missedCallStorageContract(
  'the browser storage',
  (account) => createBrowserStorage(`${run} ${account}`),
  { describe, it },
);

historyStorageContract(
  'the browser storage of the history',
  (account) => createBrowserHistoryStorage(`${run} ${account}`),
  { describe, it },
);

describe('createBrowserHistoryStorage', () => {
  it('is shared by the pages of an account, and by no others', async () => {
    const [page, other, stranger] = ['bob', 'bob', 'carol'].map((user) =>
      createBrowserHistoryStorage(`${run} ${user}`),
    );
    await page?.update(() => ({ entries: [{ callID: 'c', deletedAt: 1 }], state: {} }));
    assert.equal((await other?.load())?.entries.length, 1);
    assert.equal((await stranger?.load())?.entries.length, 0);
  });
});

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

  it('returns the click that has opened a page once, to one page of its account', async () => {
    await saveClick(click(`${run} dave`));
    assert.equal(await createBrowserStorage(`${run} erin`).takeClick(), undefined);
    const pages = [1, 2].map(() => createBrowserStorage(`${run} dave`));
    const taken = await Promise.all(pages.map((page) => page.takeClick()));
    assert.deepEqual(
      taken.filter(Boolean).map((one) => one?.callID),
      ['c'],
    );
  });

  it('stores the offset of the server’s time for each account', async () => {
    await createBrowserStorage(`${run} gina`).setServerOffset?.(7_200_000);
    assert.equal(await loadOffset(`${run} gina`), 7_200_000);
    assert.equal(await loadOffset(`${run} hugo`), 0);
  });

  it('ignores a click with a time in the future, after the time of day was set back', async () => {
    await saveClick(click(`${run} ivan`), Date.now() + 3_600_000);
    assert.equal(await takeClick(openStore(), `${run} ivan`), undefined);
  });

  it('ignores a click that is a day old', async () => {
    const day = 24 * 3_600_000;
    await saveClick(click(`${run} frank`), Date.now() - day);
    assert.equal(await takeClick(openStore(), `${run} frank`), undefined);
  });
});
