import type { Clock } from '../clock/clock.js';
import { DRAIN_PAUSE_MS, DRAIN_BATCH_SIZE } from '../limits/limits.js';

/** A connection that can be drained. */
interface Movable {
  /** Closes the connection after its messages are handled; then resolves. */
  move(): Promise<void>;
}

/**
 * Closes connections gracefully, 100 at a time, so that other servers are not overloaded by clients that reconnect. A slow
 * connection does not delay the others.
 * @param withinMs time limit in ms. Resolves when all connections are closed, or after this time
 */
export async function drain(
  connections: Iterable<Movable>,
  withinMs: number,
  clock: Clock,
): Promise<void> {
  const left = [...connections];
  const pauseMs = Math.min(DRAIN_PAUSE_MS, (withinMs * DRAIN_BATCH_SIZE) / left.length);
  const closing: Promise<void>[] = [];
  let next = clock.now();
  const deadline = next + withinMs;
  while (left.length > 0) {
    closing.push(...left.splice(0, DRAIN_BATCH_SIZE).map((connection) => connection.move()));
    next += pauseMs;
    if (left.length > 0) await sleep(next - clock.now(), clock);
  }
  const allClosed = Promise.allSettled(closing);
  await sleep(deadline - clock.now(), clock, allClosed);
}

/** @param unless ends the wait early when it settles */
function sleep(ms: number, clock: Clock, unless?: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(Math.max(0, ms), resolve);
    void unless?.then(() => {
      cancel();
      resolve();
    });
  });
}
