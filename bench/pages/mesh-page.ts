/** What the page of one member of a group offers to the bench, whoever builds the links. */
export interface MeshPage {
  /** Settles when the page can ring and be rung. */
  ready(): Promise<void>;
  /** Rings these users with a video call. */
  call(users: readonly string[]): Promise<void>;
  /** Callee: settles when the call has arrived. */
  rung(): Promise<void>;
  /** Settles when the page has nothing left to do for the moment. */
  atRest(): Promise<void>;
  /** Callee: accepts. @returns when */
  accept(): number;
  /** Settles when a frame was decoded on so many links. @returns when, on the last of them */
  pictures(links: number): Promise<number>;
  /** How often an element was rendered so far. */
  renders(): number;
}

/** `bare`: links of simple-peer; `ringkit`: all of the kit; `plain`: the kit with none of its elements. */
export type MeshWay = 'bare' | 'ringkit' | 'plain';

/** Makes the page known to the bench. */
export function offerMesh(page: MeshPage): void {
  (globalThis as { mesh?: MeshPage }).mesh = page;
}
