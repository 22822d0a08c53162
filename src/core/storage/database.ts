import { createStore, get, set, update, type UseStore } from 'idb-keyval';
import type { NoticeClicked } from '../protocol/notices.js';

/*
 * The IndexedDB database of the pages of an origin and their service worker: values by key. Each change of a value is
 * one transaction, so that concurrent changes of two pages are ordered.
 */

/** A page that was opened by a click must sign in within this time to get the click, in ms. */
const CLICK_LIFETIME_MS = 120_000;

type Click = NoticeClicked & { readonly at: number };

const clickKey = (account: string): string => `click ${account}`;

/** If the browser denies access to storage, each use of the store rejects. */
export const openStore = (): UseStore => createStore('ringkit', 'kept');

/** Number of claims that are stored for one user: far more than there are notifications at one time. */
const MAX_CLAIMS = 300;

/**
 * Claims a notification, so that only one of the pages and the worker shows it.
 * @param what callID of a missed call, or another name that the worker uses
 * @returns whether this round was not claimed before
 */
export async function claim(
  store: UseStore,
  account: string,
  what: string,
  round: number,
): Promise<boolean> {
  let isFirst = false;
  await update<ReadonlyMap<string, number>>(
    `claims ${account}`,
    (kept) => {
      const claims = new Map(kept);
      isFirst = (claims.get(what) ?? 0) < round;
      if (!isFirst) return claims;
      claims.delete(what);
      const latest = [...claims, [what, round] as const].slice(-MAX_CLAIMS);
      return new Map(latest);
    },
    store,
  );
  return isFirst;
}

const offsetKey = (account: string): string => `offset ${account}`;

/** Stores the time of day of this device minus the server's time, in ms, as a page has measured it. */
export async function saveOffset(store: UseStore, account: string, ms: number): Promise<void> {
  await set(offsetKey(account), ms, store);
}

/** @returns the stored offset; 0 if no page has measured it. Never rejects. */
export async function loadOffset(account: string): Promise<number> {
  try {
    return (await get<number>(offsetKey(account), openStore())) ?? 0;
  } catch {
    // The browser denies access to storage.
    return 0;
  }
}

/** Stores a click for the page that it opens. `at`: time of the click, in ms since the epoch. */
export async function saveClick(click: NoticeClicked, at = Date.now()): Promise<void> {
  const kept: Click = { ...click, at };
  await set(clickKey(click.account), kept, openStore());
}

/** Takes the click that was stored for this account: only once, and only within {@link CLICK_LIFETIME_MS} after it. */
export async function takeClick(
  store: UseStore,
  account: string,
): Promise<NoticeClicked | undefined> {
  let click: Click | undefined;
  await update<Click | undefined>(
    clickKey(account),
    (kept) => {
      click = kept;
      return undefined;
    },
    store,
  );
  // Stored by the worker or another page. `Math.abs`, since the time of day may have been set back meanwhile.
  return click && Math.abs(Date.now() - click.at) < CLICK_LIFETIME_MS ? click : undefined;
}
