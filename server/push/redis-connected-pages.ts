import { randomUUID } from 'node:crypto';
import { keyPart } from '../storage/journal.js';
import type { Presence } from '../presence/presence.js';
import type { ConnectedPages, PageConnection } from './connected-pages.js';
import { Script, idOf, type RedisStore } from '../storage/redis-store.js';
import { hashOf } from './redis-subscriptions.js';

/** How long a tie is kept when the node that made it can't end it any more, in ms: a month. */
const KEEP_TIE_MS = 30 * 24 * 3_600_000;

/** Key, device, tie: another connection of the device may have made a newer one. */
const UNTIE = new Script(`
if redis.call('HGET', ARGV[2], ARGV[3]) == ARGV[4] then redis.call('HDEL', ARGV[2], ARGV[3]) end
`);

interface Tie {
  readonly key: string;
  readonly device: string;
  /** `<user> <a name that no other tie has>` */
  readonly text: string;
}

/**
 * The pages that are connected to any node. `pages:<endpoint>` is a hash: user and device → whose, and by which connection. What
 * a killed node has left there is of no effect: its devices are not connected.
 */
export class RedisConnectedPages implements ConnectedPages {
  readonly #store: RedisStore;
  readonly #presence: Pick<Presence, 'devicesOf'>;
  readonly #ties = new Map<PageConnection, Tie>();

  constructor(store: RedisStore, presence: Pick<Presence, 'devicesOf'>) {
    this.#store = store;
    this.#presence = presence;
  }

  async add(page: PageConnection, userID: string, endpoint: string): Promise<void> {
    await this.remove(page);
    const key = this.#store.key('pages', hashOf(endpoint));
    const device = `${keyPart(page.sender.userID)}:${keyPart(page.sender.deviceID)}`;
    const text = `${keyPart(userID)} ${randomUUID()}`;
    this.#ties.set(page, { key, device, text });
    await this.#store.ask((redis) => redis.hset(key, device, text));
    await this.#store.ask((redis) => redis.pexpire(key, KEEP_TIE_MS));
  }

  async remove(page: PageConnection): Promise<void> {
    const tie = this.#ties.get(page);
    this.#ties.delete(page);
    // What can't be ended now ends with the device's presence.
    if (tie) await this.#store.run(UNTIE, tie.key, tie.device, tie.text).catch(() => {});
  }

  async has(userID: string, endpoint: string): Promise<boolean> {
    const key = this.#store.key('pages', hashOf(endpoint));
    const ties = await this.#store.ask((redis) => redis.hgetall(key));
    const own = Object.keys(ties).filter(
      (device) => ties[device]?.split(' ')[0] === keyPart(userID),
    );
    if (own.length === 0) return false;
    const connected = new Set(await this.#presence.devicesOf(userID));
    return own.some((device) => connected.has(idOf(device.split(':')[1] ?? '')));
  }
}
