import type { Clock } from '../ports/clock.js';

/** A smaller difference is network latency or clock drift, not sleep, in ms. */
const MIN_SLEEP_MS = 5_000;
/** Smaller changes of the offset are ignored, so that displayed times do not vary with the latency, in ms. */
const MIN_CHANGE_MS = 2_000;

/** Readings of the server's clock and of both clocks of this device at the same moment. */
interface Measurement {
  readonly server: number;
  readonly now: number;
  readonly epoch: number;
}

const median = (a: number, b: number, c: number): number => [a, b, c].sort((x, y) => x - y)[1] ?? a;

/**
 * Converts between the server's time and that of this device. The server's time is measured at each connection. Between
 * two measurements it is extrapolated with the monotonic clock, so that setting the time of day does not affect it.
 * Before the first measurement, and without a server, the time of day is used as the server's time.
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
   * Records the server's time on a connection that was just established.
   *
   * Also detects that the device was asleep. With the device's own clocks alone, sleep looks like a time of day that
   * was set forward. So the elapsed time is the median of three: by the monotonic clock, the time of day and the
   * server's time.
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

  /** To be called when the connection is lost: the device may sleep before the next one. */
  disconnected(): void {
    this.#isConnected = false;
  }

  /** The server's current time, in ms since the epoch. */
  now(): number {
    const epoch = this.#clock.epoch();
    if (!this.#measured) return epoch;
    const { server, ...then } = this.#measured;
    const counted = this.#clock.now() - then.now;
    // Without a connection, time that the monotonic clock has not counted is considered sleep.
    return server + (this.#isConnected ? counted : Math.max(counted, epoch - then.epoch));
  }

  /** Time of day of this device minus the server's time, in ms. */
  get offset(): number {
    const offset = this.#clock.epoch() - this.now();
    if (Math.abs(offset - this.#offset) >= MIN_CHANGE_MS) this.#offset = offset;
    return this.#offset;
  }

  /** Converts a server time to this device's time of day, both in ms since the epoch. */
  toLocal(at: number): number {
    return at + this.offset;
  }
}
