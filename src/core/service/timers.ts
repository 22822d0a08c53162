import type { TimerRef } from '../machine/timer-ref.js';
import type { Clock } from '../ports/clock.js';

export interface Timers {
  /** Starts a timer; restarts one with the same fields. */
  start(timer: TimerRef, ms: number): void;
  /** Stops the timers of one call, or all. */
  stop(callID?: string): void;
}

/** Runs the machine's timers on a clock. */
export function createTimers(clock: Clock, fire: (timer: TimerRef) => void): Timers {
  const running = new Map<string, { callID: string; stop: () => void }>();
  return {
    start(timer, ms) {
      const name = JSON.stringify(Object.entries(timer).sort());
      running.get(name)?.stop();
      const stop = clock.after(ms, () => {
        running.delete(name);
        fire(timer);
      });
      running.set(name, { callID: timer.callID, stop });
    },
    stop(callID) {
      for (const [name, timer] of running) {
        if (callID !== undefined && timer.callID !== callID) continue;
        timer.stop();
        running.delete(name);
      }
    },
  };
}
