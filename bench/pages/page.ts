/**
 * The functions of a contestant's page for the benchmark, which calls them from outside. Times are measured inside the page,
 * in ms since the epoch, with the clock that all processes of the machine share.
 */
export interface BenchPage {
  /** Resolves when the page can place and receive calls. */
  ready(): Promise<void>;
  /** Places a video call to the other user. @returns the time of the call of this function */
  call(user: string): Promise<number>;
  /** Caller: resolves when the other side rings, and the own camera is open. */
  ringing(): Promise<void>;
  /** Callee: resolves when the dialog is on the screen. @returns the time when it was painted */
  rung(): Promise<number>;
  /** Resolves when the page is idle. */
  atRest(): Promise<void>;
  /** Callee: presses accept. @returns the time */
  accept(): number;
  /** Resolves at the first frame of the other side's camera. */
  firstFrame(): Promise<FirstFrame>;
  /** Events in the page, in order, to find out where time is spent. */
  marks(): readonly Mark[];
  /** Difference between this page's clock and the system's, in ms. */
  clockError(): number;
}

/** When the first frame of the other side was decoded, and when the first frame was presented. */
export interface FirstFrame {
  readonly decoded: number;
  readonly shown: number;
}

export interface Mark {
  readonly at: number;
  readonly what: string;
}

/** The user of this page and the URL of its signalling server, from the query of the page's URL. */
export interface Place {
  readonly user: string;
  readonly signaling: string;
  /** Variant of a contestant that has several. */
  readonly way: string;
  /** `kit`, or `other` for the build that was given with `--compare`. */
  readonly kit: string;
}

export function readPlace(): Place {
  const parameters = new URLSearchParams(location.search);
  return {
    user: parameters.get('user') ?? '',
    signaling: parameters.get('signaling') ?? '',
    way: parameters.get('way') ?? '',
    kit: parameters.get('kit') ?? 'kit',
  };
}

/** The video constraints of all contestants, which are those of the kit. */
export const camera: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  facingMode: 'user',
};

/** Exposes the page's functions to the benchmark. */
export function offer(page: BenchPage): void {
  (globalThis as { bench?: BenchPage }).bench = page;
}
