/**
 * One page with the kit and with a bare Socket.IO connection: what a dialog costs more than a message, in the same
 * surroundings.
 */
import { atRest, clockError, now, painted } from './probe.js';
import { connectBare } from './bare-socket.js';
import { acceptButton, connected, mountKit, status } from './kit.js';
import { readPlace } from './page.js';
import { createPlainDialog } from './plain-dialog.js';

/** What this page offers to the bench. All times are in ms since the epoch. */
export interface InvitationPage {
  ready(): Promise<void>;
  atRest(): Promise<void>;
  clockError(): number;
  /** Caller: sends an invitation. @returns when it was asked to */
  send(way: Way, callee: string): number;
  /** Callee: settles when the dialog has been painted, and says when. Ask before it is sent. */
  rung(way: Way): Promise<number>;
  /** Caller: takes the invitation back. */
  cancel(way: Way, callee: string): Promise<void>;
  /** Both: settles when nothing of the invitation is left. */
  over(way: Way): Promise<void>;
}

export type Way = 'ringkit' | 'bare';

const parameters = new URLSearchParams(location.search);
const provider = mountKit(readPlace().signaling);
const bare = connectBare<'invite' | 'cancel'>(parameters.get('bare') ?? '', readPlace().user);
const dialog = createPlainDialog(() => {});

bare.listen((message, from) => {
  if (message === 'invite') dialog.show(from);
  else dialog.hide();
});

let mounted: Awaited<typeof provider> | undefined;

const page: InvitationPage = {
  async ready() {
    mounted = await provider;
    await Promise.all([connected(mounted), bare.connected()]);
  },
  atRest,
  clockError,
  send(way, callee) {
    const at = now();
    if (way === 'bare') bare.send(callee, 'invite');
    else void mounted?.service.send({ invitees: [callee], callType: 'video' });
    return at;
  },
  rung: (way) =>
    painted(() => (way === 'bare' ? dialog.element : mounted && acceptButton(mounted))),
  async cancel(way, callee) {
    if (way === 'bare') bare.send(callee, 'cancel');
    else await mounted?.service.cancel();
  },
  async over(way) {
    if (way === 'bare') await gone(dialog.element);
    else if (mounted) await status(mounted, 'idle');
  },
};
(globalThis as { invitation?: InvitationPage }).invitation = page;

/** Settles when the element is out of sight. */
function gone(element: Element): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (element.getClientRects().length > 0) requestAnimationFrame(look);
      else resolve();
    };
    look();
  });
}
