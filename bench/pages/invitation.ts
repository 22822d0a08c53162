/**
 * A page with the kit and with a bare Socket.IO connection, to compare a dialog with a mere message under the same
 * conditions.
 */
import { atRest, clockError, now, painted } from './probe.js';
import { connectBare } from './bare-socket.js';
import { acceptButton, connected, mountKit, status } from './kit.js';
import { readPlace } from './page.js';
import { createPlainDialog } from './plain-dialog.js';

/** The functions of this page for the benchmark. All times are in ms since the epoch. */
export interface InvitationPage {
  ready(): Promise<void>;
  atRest(): Promise<void>;
  clockError(): number;
  /** Caller: sends an invitation. @returns the time of the call of this function */
  send(way: Way, callee: string): number;
  /** Callee: resolves to the time when the dialog was painted. Call it before the invitation is sent. */
  rung(way: Way): Promise<number>;
  /** Caller: cancels the invitation. */
  cancel(way: Way, callee: string): Promise<void>;
  /** Both: resolves when the invitation has ended and its dialog is hidden. */
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

/** Resolves when the element is not visible any more. */
function gone(element: Element): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (element.getClientRects().length > 0) requestAnimationFrame(look);
      else resolve();
    };
    look();
  });
}
