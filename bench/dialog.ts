import type { Page } from '@playwright/test';
import { inTime, type Browsers, type Pair } from './browsers.js';
import type { InvitationPage, Way } from './pages/invitation.js';
import type { Contestant } from './rounds.js';

type InvitationWindow = typeof globalThis & { invitation: InvitationPage };

const CALLEE = 'callee';

/** Opens the two pages that all rounds use. */
export async function openInvitationPages(
  site: string,
  browsers: Browsers,
  signaling: { readonly kit: string; readonly bare: string },
): Promise<Pair> {
  const address = (user: string): string => {
    const query = new URLSearchParams({ user, signaling: signaling.kit, bare: signaling.bare });
    return `${site}invitation.html?${query.toString()}`;
  };
  const pair = await browsers.open({ caller: address('caller'), callee: address(CALLEE) });
  await inTime('ready', Promise.all(both(pair, (page) => page.evaluate(ready))));
  return pair;
}

/** Measures the time from `send()` at the caller to the dialog on the callee's screen, in ms. Then cancels the call. */
export function dialogOf(way: Way, name: string, pair: Pair): Contestant<number> {
  const { caller, callee } = pair;
  const to = { way, callee: CALLEE };
  return {
    name,
    async round() {
      await inTime('rest', Promise.all(both(pair, (page) => page.evaluate(rest))));
      const rung = callee.evaluate(watchDialog, way);
      // The callee observes the dialog before the invitation is sent.
      await callee.evaluate(nextFrame);
      const sent = await caller.evaluate(send, to);
      const painted = await inTime('dialog', rung);
      await caller.evaluate(cancel, to);
      await inTime('end', Promise.all(both(pair, (page) => page.evaluate(over, way))));
      return painted - sent;
    },
  };
}

const both = <T>({ caller, callee }: Pair, ask: (page: Page) => Promise<T>): Promise<T>[] => [
  ask(caller),
  ask(callee),
];

// The following functions run in the pages.
const ready = (): Promise<void> => (globalThis as InvitationWindow).invitation.ready();
const rest = (): Promise<void> => (globalThis as InvitationWindow).invitation.atRest();
const watchDialog = (way: Way): Promise<number> =>
  (globalThis as InvitationWindow).invitation.rung(way);
const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
const send = ({ way, callee }: { way: Way; callee: string }): number =>
  (globalThis as InvitationWindow).invitation.send(way, callee);
const cancel = ({ way, callee }: { way: Way; callee: string }): Promise<void> =>
  (globalThis as InvitationWindow).invitation.cancel(way, callee);
const over = (way: Way): Promise<void> => (globalThis as InvitationWindow).invitation.over(way);
