import type { Machine } from './device.js';
import { examine } from './examine.js';
import type { Schedule } from './schedule.js';

/** Number of network seeds that are tried for each smaller schedule. */
const LUCK = 6;

/**
 * Reduces a failing schedule: removes actions, repeats and delays while the same invariant fails.
 * @returns the smallest failing schedule found
 */
export function shrink(schedule: Schedule, kind: string, machine: Machine): Schedule {
  const fails = (candidate: Schedule): Schedule | undefined => {
    for (let luck = 0; luck < LUCK; luck++) {
      const tried = luck === 0 ? candidate : { ...candidate, networkSeed: 1_000 + luck };
      const { violations } = examine(tried, machine);
      if (violations.some((violation) => violation.kind === kind)) return tried;
    }
    return undefined;
  };
  let smallest = schedule;
  for (let changed = true; changed;) {
    changed = false;
    const attempt = (candidate: Schedule) => {
      const failing = fails(candidate);
      if (!failing) return;
      smallest = failing;
      changed = true;
    };
    for (let index = smallest.actions.length - 1; index >= 0; index--) {
      attempt({ ...smallest, actions: smallest.actions.filter((_, other) => other !== index) });
    }
    if (smallest.repeats > 0) attempt({ ...smallest, repeats: 0 });
    if (smallest.slow) attempt({ ...smallest, slow: false });
    if (smallest.staleTimers) attempt({ ...smallest, staleTimers: false });
    if (smallest.endWithInitiator) attempt({ ...smallest, endWithInitiator: false });
  }
  return smallest;
}
