import type { Clock } from '../../src/core/ports/clock.js';

/** A clock for tests in a browser, which advances only when the test advances it. */
export class FakeTimers implements Pick<Clock, 'epoch' | 'after'> {
  time = 1_800_000_000_000;
  readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  epoch = (): number => this.time;

  after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.time + ms, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };

  /** Runs the timers that are due. */
  advance(ms: number): void {
    this.time += ms;
    for (const timer of [...this.timers]) {
      if (timer.at <= this.time && this.timers.delete(timer)) timer.run();
    }
  }
}
