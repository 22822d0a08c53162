import {
  DECLINE_PATH,
  STATE_PATH,
  parseInvitationState,
  parsePushPayload,
  type IncomingPush,
  type InvitationState,
} from '../core/protocol/push.js';
import { readNoticeData } from '../core/protocol/notices.js';
import { keptOffset } from '../core/storage/database.js';
import { claimNotification, showIncoming, showMissed, shownOf } from './notifications.js';
import { askPages } from './pages.js';

/** The server's answer is waited for so long, in ms. */
const ANSWER_MS = 5_000;
/** While it rings, the server is asked so often how the call stands, in ms. */
const LOOK_MS = 5_000;

/** @returns undefined for a push that is not the kit's */
export function readPush(data: { json(): unknown } | null): ReturnType<typeof parsePushPayload> {
  try {
    return parsePushPayload(data?.json());
  } catch {
    return undefined;
  }
}

/** A call rings, was missed, or was answered elsewhere, and no page of its user is connected in this browser. */
export async function takePush(push: NonNullable<ReturnType<typeof readPush>>): Promise<void> {
  const { account, callID } = push;
  const pages = [...(await askPages()).values()].flat();
  const theirs = pages.filter((page) => page.account === account);
  // A connected page rings and tells by itself.
  if (theirs.some(({ connected }) => connected)) return;
  const shown = await shownOf(account, callID);
  // Where somebody else is signed in, nothing of this user is shown.
  if (push.kind === 'answered' || pages.length > theirs.length) return shown?.close();
  if (push.kind === 'missed') {
    // By the server's time. What was missed is never to come yet.
    const at = push.at + (await keptOffset(account));
    return showMissed(push, Math.min(at, Date.now()));
  }
  // The same push again, or one that comes late.
  if (!(await claimNotification(account, `incoming ${callID}`, push.round))) return;
  await showIncoming(push);
  await follow(push);
}

/** Minds the notification of a call that rings until it has ended. */
async function follow(push: IncomingPush): Promise<void> {
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
    // It may have been answered while the push was under way; a later push of it may get lost.
    const now = await ask(push, STATE_PATH);
    if (now && now.state !== 'ringing') return end(now.state);
    left = now?.remainingMs ?? left;
    if (left <= 0) return end('missed');
    if (!(await isShown())) return;
    const wait = Math.min(left, LOOK_MS);
    await new Promise((resolve) => setTimeout(resolve, wait));
    left -= wait;
  }
}

/** Declines without opening a page. */
export const declineBy = (data: { server: string; ticket: string }): Promise<unknown> =>
  ask(data, DECLINE_PATH);

/** @returns undefined when the server can't be reached, or does not know the ticket */
async function ask(
  { server, ticket }: { readonly server: string; readonly ticket: string },
  path: string,
): Promise<InvitationState | undefined> {
  try {
    const response = await fetch(server + path, {
      method: 'POST',
      // A simple request: no preflight.
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
