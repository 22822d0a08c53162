import { randomUUID } from 'node:crypto';
import { keyPart } from '../storage/journal.js';
import type { Presence } from '../presence/presence.js';
import type { ConnectedPages, PageConnection } from './connected-pages.js';
import { Script, idOf, type RedisStore } from '../storage/redis-store.js';
import { hashOf } from './redis-subscriptions.js';

/** How long an entry is stored if its node crashes before it removes the entry, in ms (30 days). */
const KEEP_ENTRY_MS = 30 * 24 * 3_600_000;

/** Arguments: key, device, entry. Does not remove a newer entry of the device by another connection. */
const REMOVE = new Script(`
if redis.call('HGET', ARGV[2], ARGV[3]) == ARGV[4] then redis.call('HDEL', ARGV[2], ARGV[3]) end
`);

interface PageEntry {
  readonly key: string;
  readonly device: string;
  /** `<user> <unique ID>` */
  readonly text: string;
}

/**
 * The connected pages of all nodes. The key `pages:<endpoint>` is a hash: user and device → the entry's user and unique ID.
 * Entries of a crashed node have no effect, because its devices are not connected.
 */
export class RedisConnectedPages implements ConnectedPages {
  readonly #store: RedisStore;
  readonly #presence: Pick<Presence, 'devicesOf'>;
  readonly #entries = new Map<PageConnection, PageEntry>();

  constructor(store: RedisStore, presence: Pick<Presence, 'devicesOf'>) {
    this.#store = store;
    this.#presence = presence;
  }

  async add(page: PageConnection, userID: string, endpoint: string): Promise<void> {
    await this.remove(page);
    const key = this.#store.key('pages', hashOf(endpoint));
    const device = `${keyPart(page.sender.userID)}:${keyPart(page.sender.deviceID)}`;
    const text = `${keyPart(userID)} ${randomUUID()}`;
    this.#entries.set(page, { key, device, text });
    await this.#store.execute((redis) => redis.hset(key, device, text));
    await this.#store.execute((redis) => redis.pexpire(key, KEEP_ENTRY_MS));
  }

  async remove(page: PageConnection): Promise<void> {
    const entry = this.#entries.get(page);
    this.#entries.delete(page);
    // If this fails, the entry has no effect after the device has disconnected.
    if (entry) await this.#store.run(REMOVE, entry.key, entry.device, entry.text).catch(() => {});
  }

  async has(userID: string, endpoint: string): Promise<boolean> {
    const key = this.#store.key('pages', hashOf(endpoint));
    const entries = await this.#store.execute((redis) => redis.hgetall(key));
    const own = Object.keys(entries).filter(
      (device) => entries[device]?.split(' ')[0] === keyPart(userID),
    );
    if (own.length === 0) return false;
    const connected = new Set(await this.#presence.devicesOf(userID));
    return own.some((device) => connected.has(idOf(device.split(':')[1] ?? '')));
  }
}
