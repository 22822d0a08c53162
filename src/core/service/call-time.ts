import type { MachineSnapshot, SavedCall } from '../machine/types.js';
import type { Clock } from '../ports/clock.js';

/**
 * When the call became active, and for how long it has been. The machine knows the start by the monotonic clock; pages
 * see it as a moment of the time of day, which is read once and does not follow when that is set.
 */
export class CallTime {
  readonly #clock: Clock;
  #startedAt: number | undefined;
  #shownStart: number | undefined;
  #endedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The snapshot as pages see it. */
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

  /** In ms; after the call's end, how long it was. Undefined before it became active. */
  get elapsedMs(): number | undefined {
    if (this.#startedAt === undefined) return undefined;
    return (this.#endedAt ?? this.#clock.now()) - this.#startedAt;
  }

  /** For another page load, whose monotonic clock is another one: the time of day is all that both share. */
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

  /** One that is to come yet, since the time of day was set back, counts as now. */
  #fromEpoch(at: number): number {
    return this.#clock.now() - Math.max(0, this.#clock.epoch() - at);
  }

  #map(at: number | undefined, to: (at: number) => number): number | undefined {
    return at === undefined ? undefined : to(at);
  }
}
