import type { ReactiveControllerHost } from 'lit';
import type { Clock } from '../../core/ports/clock.js';
import { systemClock } from '../../core/clock/system-clock.js';
import type { VisibilityController } from './visibility-controller.js';

/** Maximum delay of the timer, in ms, so that a computer that slept or a changed clock is noticed. */
const MAX_TIMER_MS = 3_600_000;

/**
 * Renders an element when the first of its relative times changes. Its single timer runs only while the element is
 * visible and shows times.
 */
export class TimeUpdater {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>;
  readonly #visibility: VisibilityController;
  readonly #clock: Pick<Clock, 'epoch' | 'after'>;
  #until = Infinity;
  #stop: () => void = () => {};

  constructor(
    host: Pick<ReactiveControllerHost, 'requestUpdate'>,
    visibility: VisibilityController,
    clock: Pick<Clock, 'epoch' | 'after'> = systemClock,
  ) {
    this.#host = host;
    this.#clock = clock;
    this.#visibility = visibility;
    visibility.onChange(this.#schedule);
  }

  /** Wall-clock time in ms, like the times that are shown. */
  now(): number {
    return this.#clock.epoch();
  }

  /** @param until when the first text changes, in ms since the epoch; `Infinity` if no time is shown */
  set(until: number): void {
    this.#until = until;
    this.#schedule();
  }

  readonly #schedule = (): void => {
    this.#stop();
    this.#stop = () => {};
    if (!this.#visibility.isOnScreen || this.#until === Infinity) return;
    const left = this.#until - this.now();
    if (left > 0) this.#stop = this.#clock.after(Math.min(left, MAX_TIMER_MS), this.#schedule);
    else this.#host.requestUpdate();
  };
}
