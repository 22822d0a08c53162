import type { Clock } from '../ports/clock.js';

/** Less than this is the latency of the network, or the drift of a clock. */
const MIN_SLEEP_MS = 5_000;
/** A change of the offset below this is not followed, so that moments on screen do not change with the latency. */
const MIN_CHANGE_MS = 2_000;

/** What both clocks of this device and the server's said at the same moment. */
interface Measurement {
  readonly server: number;
  readonly now: number;
  readonly epoch: number;
}

const median = (a: number, b: number, c: number): number => [a, b, c].sort((x, y) => x - y)[1] ?? a;

/**
 * Relates the server's time to that of this device. It is measured at each connection. Between two measurements the
 * monotonic clock continues it, so that the time of day may be set meanwhile. Before the first one, and where the
 * transport has no server, the server's time is taken to be the time of day.
 */
export class ServerTime {
  readonly #clock: Clock;
  #measured: Measurement | undefined;
  #isConnected = false;
  #offset = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The server has said its time, on a connection that was just made.
   *
   * Notices sleep, too. By the device's own clocks alone, sleep looks like a time of day that was set forward: of the
   * monotonic clock, the time of day and the server's time, the elapsed time on which two agree is taken.
   */
  measure(server: number): void {
    const before = this.#measured;
    const epoch = this.#clock.epoch();
    if (before) {
      const counted = this.#clock.now() - before.now;
      const slept = median(counted, epoch - before.epoch, server - before.server) - counted;
      if (slept >= MIN_SLEEP_MS) this.#clock.addSleep(slept);
    }
    this.#measured = { server, epoch, now: this.#clock.now() };
    this.#isConnected = true;
  }

  /** The connection is lost: the device may be asleep before the next one. */
  disconnected(): void {
    this.#isConnected = false;
  }

  /** The server's time at this moment, in ms since the epoch. */
  now(): number {
    const epoch = this.#clock.epoch();
    if (!this.#measured) return epoch;
    const { server, ...then } = this.#measured;
    const counted = this.#clock.now() - then.now;
    // Without a connection, what the monotonic clock has not counted is taken for sleep.
    return server + (this.#isConnected ? counted : Math.max(counted, epoch - then.epoch));
  }

  /** What is added to a time of the server to get that of this device, in ms. */
  get offset(): number {
    const offset = this.#clock.epoch() - this.now();
    if (Math.abs(offset - this.#offset) >= MIN_CHANGE_MS) this.#offset = offset;
    return this.#offset;
  }

  /** A moment of the server's time, as this device's time of day calls it now. */
  toLocal(at: number): number {
    return at + this.offset;
  }
}
