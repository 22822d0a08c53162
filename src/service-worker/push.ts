import {
  DECLINE_PATH,
  STATE_PATH,
  parseInvitationState,
  parsePushPayload,
  type IncomingPush,
  type InvitationState,
} from '../core/protocol/push.js';
import { readNoticeData } from '../core/protocol/notices.js';
import { loadOffset } from '../core/storage/database.js';
import { claimNotification, showIncoming, showMissed, shownOf } from './notifications.js';
import { askPages } from './pages.js';

/** How long to wait for the server's response, in ms. */
const ANSWER_MS = 5_000;
/** Interval at which the server is asked for the state of a ringing call, in ms. */
const POLL_MS = 5_000;

/** @returns undefined for a push that is not from a ringkit server */
export function readPush(data: { json(): unknown } | null): ReturnType<typeof parsePushPayload> {
  try {
    return parsePushPayload(data?.json());
  } catch {
    return undefined;
  }
}

/** Handles a push: shows or closes a notification, unless a page of the user is connected in this browser. */
export async function handlePush(push: NonNullable<ReturnType<typeof readPush>>): Promise<void> {
  const { account, callID } = push;
  const pages = [...(await askPages()).values()].flat();
  const theirs = pages.filter((page) => page.account === account);
  // A connected page rings, and shows notifications itself.
  if (theirs.some(({ connected }) => connected)) return;
  const shown = await shownOf(account, callID);
  // If another user is signed in in an open page, nothing of this user is shown.
  if (push.kind === 'answered' || pages.length > theirs.length) return shown?.close();
  if (push.kind === 'missed') {
    // Converted from the server's time; never in the future.
    const at = push.at + (await loadOffset(account));
    return showMissed(push, Math.min(at, Date.now()));
  }
  // A duplicate or late push is ignored.
  if (!(await claimNotification(account, `incoming ${callID}`, push.round))) return;
  await showIncoming(push);
  await watchIncoming(push);
}

/** Polls the state of a ringing call, and closes or replaces its notification when it ends. */
async function watchIncoming(push: IncomingPush): Promise<void> {
  const { account, callID } = push;
  const isShown = async (): Promise<boolean> =>
    readNoticeData((await shownOf(account, callID))?.data)?.ringkit === 'incoming';
  const end = async (state: InvitationState['state']): Promise<void> => {
    if (!(await isShown())) return;
    if (state === 'missed' && push.missed) return showMissed(push, Date.now());
    (await shownOf(account, callID))?.close();
  };
  let left = push.remainingMs;
  for (;;) {
    // The call may have been answered before this push arrived, and the push about that may be lost.
    const now = await ask(push, STATE_PATH);
    if (now && now.state !== 'ringing') return end(now.state);
    left = now?.remainingMs ?? left;
    if (left <= 0) return end('missed');
    if (!(await isShown())) return;
    const wait = Math.min(left, POLL_MS);
    await new Promise((resolve) => setTimeout(resolve, wait));
    left -= wait;
  }
}

/** Declines a call without opening a page. */
export const declineBy = (data: { server: string; ticket: string }): Promise<unknown> =>
  ask(data, DECLINE_PATH);

/** @returns undefined if the server can't be reached, or rejects the ticket */
async function ask(
  { server, ticket }: { readonly server: string; readonly ticket: string },
  path: string,
): Promise<InvitationState | undefined> {
  try {
    const response = await fetch(server + path, {
      method: 'POST',
      // Makes it a simple request (Fetch): no CORS preflight.
      headers: { 'content-type': 'text/plain' },
      body: ticket,
      credentials: 'omit',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return response.ok ? parseInvitationState(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}
