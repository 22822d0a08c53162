import type { Clock } from '../../core/ports/clock.js';

export interface UndoTimerOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** How long something can be undone, in ms. */
  readonly durationMs: number;
  /** How often the time can start again. Default: without limit. */
  readonly maxRestarts?: number;
  /** Whether the button that undoes it is in use: the mouse is on it, or it has the focus. */
  readonly isInUse: () => boolean;
  /** Called when the time is over. */
  readonly onExpired: () => void;
}

/** The time in which something can be undone. It starts again while the button that undoes it is in use (WCAG 2.2.1). */
export class UndoTimer {
  readonly #options: UndoTimerOptions;
  #stop: () => void = () => {};

  constructor(options: UndoTimerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#run(this.#options.maxRestarts ?? Infinity);
  }

  stop(): void {
    this.#stop();
  }

  #run(restarts: number): void {
    const { clock, durationMs, isInUse, onExpired } = this.#options;
    this.#stop();
    this.#stop = clock.after(durationMs, () => {
      if (restarts > 0 && isInUse()) this.#run(restarts - 1);
      else onExpired();
    });
  }
}
