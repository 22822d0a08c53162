import { createStore, get, set, update, type UseStore } from 'idb-keyval';
import type { NoticeClicked } from '../protocol/notices.js';

/*
 * What the pages of an origin and their service worker keep, in IndexedDB: values by key. Each change of a value is one
 * transaction, so that of two pages one is first.
 */

/** A page that was opened by a click must have signed in by then, in ms. */
const CLICK_LIFETIME_MS = 120_000;

type Click = NoticeClicked & { readonly at: number };

const clickKey = (account: string): string => `click ${account}`;

/** Rejects, at each use, where storage is refused. */
export const openStore = (): UseStore => createStore('ringkit', 'kept');

/** Claims kept for one user: far more than notifications that anybody waits for. */
const MAX_CLAIMS = 300;

/**
 * Who is first to claim something shows its notification, of the pages and the worker.
 * @param what a missed call's ID, or a name of the worker's own
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

/** What is added to a time of the account's server to get that of this device, in ms: as a page has measured it. */
export async function keepOffset(store: UseStore, account: string, ms: number): Promise<void> {
  await set(offsetKey(account), ms, store);
}

/** 0 where no page has measured it. Never rejects. */
export async function keptOffset(account: string): Promise<number> {
  try {
    return (await get<number>(offsetKey(account), openStore())) ?? 0;
  } catch {
    // Storage is refused.
    return 0;
  }
}

/** Keeps a click for the page that it opens. `at`: when it was, ms since the epoch. */
export async function leaveClick(click: NoticeClicked, at = Date.now()): Promise<void> {
  const kept: Click = { ...click, at };
  await set(clickKey(click.account), kept, openStore());
}

/** Takes the click that was left for this account: once, and while it is fresh. */
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
  // Left by the worker or another page. The time of day may have been set since, also back.
  return click && Math.abs(Date.now() - click.at) < CLICK_LIFETIME_MS ? click : undefined;
}
