import { deviceKey } from '../../src/core/machine/call.js';
import type { Call } from '../../src/core/machine/types.js';
import type { MemberRecord } from '../../src/core/protocol/messages.js';
import type { Page } from './device.js';
import type { Scene } from './invariants.js';

export const phaseOf = (page: Page, callID: string): string | undefined =>
  page.state.calls.get(callID)?.phase;

export const pagesIn = (scene: Scene, callID: string): Page[] =>
  scene.pages().filter((page) => phaseOf(page, callID) === 'in');

/** How long this page has been connected, in ms. */
export const connectedForMs = ({ connection }: Page, now: number): number =>
  connection?.open && !connection.dead ? now - connection.since : 0;

/** Whether a page counts a device that was in as out: it is lost, and no media flow. */
export const isGone = (call: Call, { user, device = '' }: MemberRecord): boolean => {
  const key = deviceKey(user, device);
  return call.absent.has(key) && call.links.get(key)?.state !== 'up';
};
