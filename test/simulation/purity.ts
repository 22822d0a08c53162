import type { Machine } from './device.js';
import type { EventLoop } from './event-loop.js';

/** Freezes messages, so that a machine that changes its input throws. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/** A copy that shares nothing with the value. Other objects than Maps, Sets and arrays are copied as plain ones. */
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, copyOf(each)]));
  if (value instanceof Set) return new Set([...value].map(copyOf));
  if (Array.isArray(value)) return value.map(copyOf);
  const copy: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) copy[key] = copyOf(each);
  return copy;
}

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, index) => isSame(each, b[index]));

/** Whether two values have the same structure. The order counts in Maps and Sets, but not that of object keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map) return b instanceof Map && isSameList([...a], [...b]);
  if (a instanceof Set) return b instanceof Set && isSameList([...a], [...b]);
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b);
  if (b instanceof Map || b instanceof Set || Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(Reflect.get(a, key), Reflect.get(b, key)))
  );
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
      const given = copyOf([state, event]);
      const result = machine.transition(state, event);
      if (!isSame([state, event], given)) loop.violate('impure', `${event.type} changes its input`);
      const again = machine.transition(state, event);
      if (!isSame(result, again)) loop.violate('impure', `${event.type} is not deterministic`);
      if (!isSame([state, event], given)) loop.violate('impure', `${event.type} shares its output`);
      return again;
    },
  };
}
