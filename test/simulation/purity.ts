import type { Machine } from './device.js';
import type { EventLoop } from './event-loop.js';

/** The structure of a value as text, including Maps and Sets, independent of the order of object keys. */
export function structure(value: unknown): string {
  if (value instanceof Map) return `Map${structure([...value])}`;
  if (value instanceof Set) return `Set${structure([...value])}`;
  if (Array.isArray(value)) return `[${value.map(structure).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${key}:${structure(Reflect.get(value, key))}`).join()}}`;
}

/** Freezes messages, so that a machine that changes its input throws. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/**
 * Returns the same machine with a check of every n-th transition: the previous state and the event must not have
 * changed, and repeating the transition must give the same result.
 */
export function watchPurity(machine: Machine, loop: EventLoop, every: number): Machine {
  let count = 0;
  return {
    ...machine,
    transition(state, event) {
      if (++count % every !== 0) return machine.transition(state, event);
      const given = structure([state, event]);
      const result = machine.transition(state, event);
      if (structure([state, event]) !== given)
        loop.violate('impure', `${event.type} changes its input`);
      const again = machine.transition(state, event);
      if (structure(result) !== structure(again))
        loop.violate('impure', `${event.type} is not deterministic`);
      if (structure([state, event]) !== given)
        loop.violate('impure', `${event.type} shares its output`);
      return again;
    },
  };
}
