/** Number of entries in the maps, sets and lists of a value, including nested ones. */
export function countEntries(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) {
    const inner = value instanceof Map ? [...value.values()] : [...value];
    return inner.reduce((sum: number, each: unknown) => sum + 1 + countEntries(each), 0);
  }
  return Object.values(value).reduce((sum: number, each: unknown) => sum + countEntries(each), 0);
}

/** Number of entries that `action` writes into maps and sets, including copies of other maps and sets. */
export function countCopies(action: () => void): number {
  let count = 0;
  const { Map: RealMap, Set: RealSet } = globalThis;
  // The constructors call `set` and `add` for each entry that they copy.
  class CountingMap<K, V> extends RealMap<K, V> {
    override set(key: K, value: V): this {
      count++;
      return super.set(key, value);
    }
  }
  class CountingSet<T> extends RealSet<T> {
    override add(value: T): this {
      count++;
      return super.add(value);
    }
  }
  Object.assign(globalThis, { Map: CountingMap, Set: CountingSet });
  try {
    action();
  } finally {
    Object.assign(globalThis, { Map: RealMap, Set: RealSet });
  }
  return count;
}
