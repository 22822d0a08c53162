import type { SavedCall } from '../machine/types.js';
import type { MachineSnapshot } from '../machine/snapshot-types.js';
import type { Clock } from '../ports/clock.js';

/** Calls whose start is remembered: those that a device may be in at the same time, with a margin. */
const MAX_STARTS = 16;

/**
 * When the call became active, and its duration. The machine records the start by the monotonic clock. Pages see it as
 * a time of day that is computed once, and that does not change when the time of day is set.
 */
export class CallTime {
  readonly #clock: Clock;
  #startedAt: number | undefined;
  /** The time of day at which each call became active that was shown, by the monotonic time. */
  readonly #shownStarts = new Map<number, number>();
  #endedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the monotonic start time in the snapshot by the time of day that pages see. */
  show(snapshot: MachineSnapshot): MachineSnapshot {
    const { startedAt, status } = snapshot;
    this.#startedAt = startedAt;
    if (status !== 'ended') this.#endedAt = undefined;
    else this.#endedAt ??= this.#clock.now();
    return this.toShown(snapshot);
  }

  /** As `show`, for a call that is not the current one. */
  toShown(snapshot: MachineSnapshot): MachineSnapshot {
    return { ...snapshot, startedAt: this.#map(snapshot.startedAt, (at) => this.#shownStart(at)) };
  }

  #shownStart(at: number): number {
    const start = this.#shownStarts.get(at) ?? this.#toEpoch(at);
    this.#shownStarts.set(at, start);
    const [oldest = at] = this.#shownStarts.keys();
    if (this.#shownStarts.size > MAX_STARTS) this.#shownStarts.delete(oldest);
    return start;
  }

  /** How long a call has been active, in ms. */
  durationOf({ startedAt }: MachineSnapshot): number | undefined {
    return this.#map(startedAt, (at) => this.#clock.now() - at);
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
