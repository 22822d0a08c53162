import type { Clock } from '../ports/clock.js';

/** Interval between two readings of the statistics of a link that is opening, in ms. */
export const PROGRESS_INTERVAL_MS = 3_000;
/** A reading that is later than this shows that the device is short of CPU time, or was suspended. In ms. */
export const BUSY_DELAY_MS = 1_500;
/** Most readings of one link that count as progress because they are late: what was lost must be sent again at some time. */
export const MAX_BUSY_READINGS = 6;
/** For this time after it was built, a link also gets more time because others of the call come further. In ms. */
export const OTHERS_COUNT_MS = 30_000;

export interface LinkProgressOptions {
  readonly clock: Pick<Clock, 'after' | 'now'>;
  /** Statistics of the connection; undefined if it is closed. */
  readonly stats: () => Promise<RTCStatsReport | undefined>;
  /**
   * The link has come a step further, something has arrived over it, or this device was too busy to process what
   * arrived: the link may still come up.
   * @param isOwn false if only another link of the call has come further
   */
  readonly onProgress: (isOwn: boolean) => void;
}

/** The members of W3C webrtc-stats that are read here. */
interface Entry {
  readonly type: string;
  readonly requestsReceived?: number;
  readonly responsesReceived?: number;
  readonly bytesReceived?: number;
}

/**
 * Observes whether a link that is not up makes progress: ICE enters another state, or connectivity checks, answers to
 * them, or packets arrive. On a busy device this can take longer than the time after which a link without progress is
 * rebuilt: then a link that is rebuilt costs the CPU time that the others need. So being busy counts as progress, for a while, and
 * so does the progress of other links of the call: the device at the other end may be the one that is busy.
 */
export class LinkProgress {
  readonly #options: LinkProgressOptions;
  #stopTimer: (() => void) | undefined;
  #seen = 0;
  #busyReadings = 0;
  readonly #since: number;
  /** Whether another link has come further since the last reading. */
  #hasOtherProgress = false;
  #isStopped = false;

  constructor(options: LinkProgressOptions) {
    this.#options = options;
    this.#since = options.clock.now();
    this.#wait();
  }

  /** Also observes the state of ICE. By `checking`, candidates of the other side have arrived. */
  watch(connection: Pick<RTCPeerConnection, 'iceConnectionState' | 'addEventListener'>): void {
    connection.addEventListener('iceconnectionstatechange', () => {
      const isProgress = /checking|^connected|completed/.test(connection.iceConnectionState);
      if (isProgress && !this.#isStopped) this.#options.onProgress(true);
    });
  }

  /** To be called when another link of the call is up or has come further. */
  noteOther(): void {
    this.#hasOtherProgress = true;
  }

  /** To be called when the link is up or closed. */
  stop(): void {
    this.#isStopped = true;
    this.#stopTimer?.();
  }

  #wait(): void {
    const { clock } = this.#options;
    const due = clock.now() + PROGRESS_INTERVAL_MS;
    this.#stopTimer = clock.after(PROGRESS_INTERVAL_MS, () => void this.#look(clock.now() - due));
  }

  /** @param delayMs how much later than requested the timer has run */
  async #look(delayMs: number): Promise<void> {
    const report = await this.#options.stats();
    if (this.#isStopped || !report) return;
    const arrived = countArrived(report);
    const hasGrown = arrived > this.#seen;
    this.#seen = arrived;
    this.#wait();
    const isBusy = delayMs > BUSY_DELAY_MS && this.#busyReadings++ < MAX_BUSY_READINGS;
    const isYoung = this.#options.clock.now() - this.#since < OTHERS_COUNT_MS;
    const hasOther = this.#hasOtherProgress && isYoung;
    this.#hasOtherProgress = false;
    if (hasGrown || isBusy || hasOther) this.#options.onProgress(hasGrown || isBusy);
  }
}

/** A measure of everything that has arrived from the other side, on all paths. */
function countArrived(report: RTCStatsReport): number {
  let sum = 0;
  report.forEach((entry: Entry) => {
    if (entry.type !== 'candidate-pair') return;
    const { requestsReceived = 0, responsesReceived = 0, bytesReceived = 0 } = entry;
    sum += requestsReceived + responsesReceived + bytesReceived;
  });
  return sum;
}
