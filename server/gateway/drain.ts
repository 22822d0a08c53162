import type { Clock } from '../clock/clock.js';
import { MOVE_PAUSE_MS, MOVED_AT_ONCE } from '../limits/limits.js';

/** What is sent away. */
interface Movable {
  /** Resolves when it has gone. */
  move(): Promise<void>;
}

/**
 * Sends connections away, a hundred at a time, so that other servers take them in without haste. One that takes its time
 * holds up none of the others.
 * @param withinMs resolves when all have gone, or after this, whoever is left
 */
export async function drain(
  connections: Iterable<Movable>,
  withinMs: number,
  clock: Clock,
): Promise<void> {
  const left = [...connections];
  const pauseMs = Math.min(MOVE_PAUSE_MS, (withinMs * MOVED_AT_ONCE) / left.length);
  const going: Promise<void>[] = [];
  let next = clock.now();
  const deadline = next + withinMs;
  while (left.length > 0) {
    going.push(...left.splice(0, MOVED_AT_ONCE).map((connection) => connection.move()));
    next += pauseMs;
    if (left.length > 0) await sleep(next - clock.now(), clock);
  }
  const gone = Promise.allSettled(going);
  await sleep(deadline - clock.now(), clock, gone);
}

/** @param unless the sleep ends with this, if that is sooner */
function sleep(ms: number, clock: Clock, unless?: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(Math.max(0, ms), resolve);
    void unless?.then(() => {
      cancel();
      resolve();
    });
  });
}
