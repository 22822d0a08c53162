import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LRUCache } from 'lru-cache';
import { entryLimit } from './entry-limit.js';

describe('the limit of a cache', () => {
  it('removes the entries that were used least recently', () => {
    const cache = new LRUCache<string, number>(entryLimit(2));
    cache.set('a', 1).set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    assert.deepEqual([...cache.keys()], ['c', 'a']);
  });

  it('expires entries, too', () => {
    let now = 1;
    const perf = { now: () => now };
    const cache = new LRUCache<string, number>({
      ...entryLimit(2),
      ...{ ttl: 10, ttlResolution: 0, perf },
    });
    cache.set('a', 1);
    now = 12;
    assert.equal(cache.get('a'), undefined);
    cache.set('b', 2).set('c', 3).set('d', 4);
    assert.deepEqual([...cache.keys()], ['d', 'c']);
  });
});
