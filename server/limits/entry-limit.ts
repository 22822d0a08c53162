/** The limit of a cache, as options of `LRUCache`. */
interface EntryLimit {
  readonly maxSize: number;
  readonly sizeCalculation: () => number;
}

/**
 * Limits an `LRUCache` to a number of entries. Its memory grows with its entries: the option `max` allocates the memory of
 * all of them when the cache is created.
 *
 * @param count largest number of entries
 * @example
 * new LRUCache<string, string>(entryLimit(1_000))
 */
export const entryLimit = (count: number): EntryLimit => ({
  maxSize: count,
  sizeCalculation: () => 1,
});
