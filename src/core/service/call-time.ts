import type { MachineSnapshot, SavedCall } from '../machine/types.js';
import type { Clock } from '../ports/clock.js';

/**
 * When the call became active, and its duration. The machine records the start by the monotonic clock. Pages see it as
 * a time of day that is computed once, and that does not change when the time of day is set.
 */
export class CallTime {
  readonly #clock: Clock;
  #startedAt: number | undefined;
  #shownStart: number | undefined;
  #endedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the monotonic start time in the snapshot by the time of day that pages see. */
  show(snapshot: MachineSnapshot): MachineSnapshot {
    const { startedAt, status } = snapshot;
    if (startedAt !== this.#startedAt) {
      this.#startedAt = startedAt;
      this.#shownStart = startedAt === undefined ? undefined : this.#toEpoch(startedAt);
    }
    if (status !== 'ended') this.#endedAt = undefined;
    else this.#endedAt ??= this.#clock.now();
    return { ...snapshot, startedAt: this.#shownStart };
  }

  /** Duration in ms; after the call's end, the total one. Undefined before it became active. */
  get elapsedMs(): number | undefined {
    if (this.#startedAt === undefined) return undefined;
    return (this.#endedAt ?? this.#clock.now()) - this.#startedAt;
  }

  /** Converts for the next page load, whose monotonic clock differs: both share only the time of day. */
  toSaved<T extends Pick<SavedCall, 'startedAt'>>(call: T): T {
    return { ...call, startedAt: this.#map(call.startedAt, (at) => this.#toEpoch(at)) };
  }

  fromSaved<T extends Pick<SavedCall, 'startedAt'>>(saved: T): T {
    const { startedAt } = saved;
    return { ...saved, startedAt: this.#map(startedAt, (at) => this.#fromEpoch(at)) };
  }

  #toEpoch(at: number): number {
    return this.#clock.epoch() - (this.#clock.now() - at);
  }

  /** A start in the future, because the time of day was set back, counts as now. */
  #fromEpoch(at: number): number {
    return this.#clock.now() - Math.max(0, this.#clock.epoch() - at);
  }

  #map(at: number | undefined, to: (at: number) => number): number | undefined {
    return at === undefined ? undefined : to(at);
  }
}
