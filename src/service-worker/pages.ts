import {
  readSignedIn,
  type NoticeClicked,
  type SignedIn,
  type PresenceQuery,
} from '../core/protocol/notices.js';
import { scope, type PageClient } from './scope.js';

/** How long open pages may take to report their signed-in users, in ms: a frozen page does not answer. */
const ANSWER_MS = 400;

/** @returns the open pages of this origin, with their signed-in users */
export async function askPages(): Promise<ReadonlyMap<PageClient, readonly SignedIn[]>> {
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const answers = await Promise.all(
    windows.map(async (window) => [window, await accountsOf(window)] as const),
  );
  return new Map(answers);
}

/** Each provider of a page sends its own answer. */
function accountsOf(window: PageClient): Promise<readonly SignedIn[]> {
  return new Promise((resolve) => {
    const accounts: SignedIn[] = [];
    const { port1, port2 } = new MessageChannel();
    const query: PresenceQuery = { ringkit: 'who' };
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      const signedIn = readSignedIn(data);
      if (signedIn) accounts.push(signedIn);
    };
    window.postMessage(query, [port2]);
    setTimeout(() => {
      port1.close();
      resolve(accounts);
    }, ANSWER_MS);
  });
}

/** @returns the page that handles a click: a visible one, if the account is signed in in several pages */
export async function pageOf(account: string): Promise<PageClient | undefined> {
  const theirs = [...(await askPages())].filter(([, accounts]) =>
    accounts.some((signedIn) => signedIn.account === account),
  );
  const windows = theirs.map(([window]) => window);
  return windows.find(({ visibilityState }) => visibilityState === 'visible') ?? windows[0];
}

/** Passes a click to a page, and focuses that page unless the click declines. */
export async function handOver(page: PageClient, click: NoticeClicked): Promise<void> {
  page.postMessage(click);
  if (click.action === 'decline') return;
  await page.focus().catch(() => {
    // The browser allows it only after a user gesture.
  });
}
