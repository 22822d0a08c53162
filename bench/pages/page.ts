/**
 * What every contestant's page offers to the bench. Each function is called from outside; the times are taken inside,
 * in ms since the epoch, by the clock that all processes of one machine share.
 */
export interface BenchPage {
  /** Settles when the page can ring and be rung. */
  ready(): Promise<void>;
  /** Rings the other user with a video call. @returns when it was asked to */
  call(user: string): Promise<number>;
  /** Caller: settles when the other side is known to ring, and the own camera is open. */
  ringing(): Promise<void>;
  /** Callee: settles when the dialog stands on the screen. @returns when it was painted */
  rung(): Promise<number>;
  /** Settles when the page has nothing left to do for the moment. */
  atRest(): Promise<void>;
  /** Callee: presses accept. @returns when */
  accept(): number;
  /** Settles at the first frame of the other side's camera. */
  firstFrame(): Promise<FirstFrame>;
  /** What happened in the page, in order: to look for where time goes. */
  marks(): readonly Mark[];
  /** How far this page's clock is from the system's, in ms. */
  clockError(): number;
}

/** When the first frame of the other side was decoded, and when the first one went to the screen. */
export interface FirstFrame {
  readonly decoded: number;
  readonly shown: number;
}

export interface Mark {
  readonly at: number;
  readonly what: string;
}

/** Who this page is, and where its signalling server listens: both stand in the address of the page. */
export interface Place {
  readonly user: string;
  readonly signaling: string;
  /** For contestants that come in several ways. */
  readonly way: string;
}

export function readPlace(): Place {
  const parameters = new URLSearchParams(location.search);
  return {
    user: parameters.get('user') ?? '',
    signaling: parameters.get('signaling') ?? '',
    way: parameters.get('way') ?? '',
  };
}

/** What all contestants ask of the browser: it is what the kit asks of it. */
export const camera: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  facingMode: 'user',
};

/** Makes the page known to the bench. */
export function offer(page: BenchPage): void {
  (globalThis as { bench?: BenchPage }).bench = page;
}
