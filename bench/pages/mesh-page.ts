import type { Mark } from './page.js';

/** The functions of a group member's page for the benchmark, independent of the implementation of links. */
export interface MeshPage {
  /** Resolves when the page can place and receive calls. */
  ready(): Promise<void>;
  /** Places a video call to these users. */
  call(users: readonly string[]): Promise<void>;
  /** Callee: resolves when the call has arrived. */
  rung(): Promise<void>;
  /** Resolves when the page is idle. */
  atRest(): Promise<void>;
  /** Callee: accepts. @returns the time */
  accept(): number;
  /** Resolves when a frame was decoded on this number of links. @returns the time on the last of them */
  pictures(links: number): Promise<number>;
  /** Number of renders of elements so far. */
  renders(): number;
  /** Bytes that all connections of the page have sent and received so far, with the headers of RTP, without those below it. */
  traffic(): Promise<Traffic>;
  /** Events in the page, in order, to find out where time is spent. */
  marks(): readonly Mark[];
}

export interface Traffic {
  readonly sent: number;
  readonly received: number;
}

/** `bare`: simple-peer links; `ringkit`: the whole kit; `plain`: the kit without its elements. */
export type MeshWay = 'bare' | 'ringkit' | 'plain';

/** Exposes the page's functions to the benchmark. */
export function offerMesh(page: MeshPage): void {
  (globalThis as { mesh?: MeshPage }).mesh = page;
}
