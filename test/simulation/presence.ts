import type { Page } from './device.js';
import type { Scene } from './invariants.js';

export const phaseOf = (page: Page, callID: string): string | undefined =>
  page.state.calls.get(callID)?.phase;

export const pagesIn = (scene: Scene, callID: string): Page[] =>
  scene.pages().filter((page) => phaseOf(page, callID) === 'in');

/** How long this page has been connected, in ms. */
export const connectedForMs = ({ connection }: Page, now: number): number =>
  connection?.open && !connection.dead ? now - connection.since : 0;
