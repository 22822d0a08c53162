import {
  readSignedIn,
  type NoticeClicked,
  type SignedIn,
  type PresenceQuery,
} from '../core/protocol/notices.js';
import { scope, type PageClient } from './scope.js';

/** How long open pages may take to say who is signed in there, in ms: one that is frozen says nothing. */
const ANSWER_MS = 400;

/** The open pages of this origin, with who is signed in there. */
export async function askPages(): Promise<ReadonlyMap<PageClient, readonly SignedIn[]>> {
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const answers = await Promise.all(
    windows.map(async (window) => [window, await accountsOf(window)] as const),
  );
  return new Map(answers);
}

/** Each provider of a page answers for itself. */
function accountsOf(window: PageClient): Promise<readonly SignedIn[]> {
  return new Promise((resolve) => {
    const accounts: SignedIn[] = [];
    const { port1, port2 } = new MessageChannel();
    const question: PresenceQuery = { ringkit: 'who' };
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      const signedIn = readSignedIn(data);
      if (signedIn) accounts.push(signedIn);
    };
    window.postMessage(question, [port2]);
    setTimeout(() => {
      port1.close();
      resolve(accounts);
    }, ANSWER_MS);
  });
}

/** The page to which a click belongs: one that the user looks at, if there are several. */
export async function pageOf(account: string): Promise<PageClient | undefined> {
  const theirs = [...(await askPages())].filter(([, accounts]) =>
    accounts.some((signedIn) => signedIn.account === account),
  );
  const windows = theirs.map(([window]) => window);
  return windows.find(({ visibilityState }) => visibilityState === 'visible') ?? windows[0];
}

/** Hands a click to a page, and shows that page unless the click only declines. */
export async function handOver(page: PageClient, click: NoticeClicked): Promise<void> {
  page.postMessage(click);
  if (click.action === 'decline') return;
  await page.focus().catch(() => {
    // Not by a click of the user.
  });
}
