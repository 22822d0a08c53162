import { createHash } from 'node:crypto';
import type { PushRegistration } from '../../src/core/protocol/push.js';
import { keyPart } from '../storage/journal.js';
import { MAX_SUBSCRIPTIONS_PER_USER } from '../limits/limits.js';
import type { PushSubscriptions } from './subscriptions.js';
import { Script, type RedisStore } from '../storage/redis-store.js';

/*
 *   push:<user>      hash: endpoint (its SHA-256) → "serial JSON"; the serial increases with each registration
 *   browser:<hash>   the user who owns the endpoint
 */
const HEAD = `
local P = ARGV[1]
local call = redis.call
local function remove(user, endpoint)
  call('HDEL', P .. 'push:' .. user, endpoint)
  call('DEL', P .. 'browser:' .. endpoint)
end
`;

/** Arguments: user, endpoint, JSON. @returns the stored value */
const REGISTER = new Script(`${HEAD}
local user, endpoint = ARGV[2], ARGV[3]
local owner = call('GET', P .. 'browser:' .. endpoint)
if owner then remove(owner, endpoint) end
local stored = string.format('%015d', call('INCR', P .. 'serial')) .. ' ' .. ARGV[4]
call('HSET', P .. 'push:' .. user, endpoint, stored)
call('SET', P .. 'browser:' .. endpoint, user)
if call('HLEN', P .. 'push:' .. user) > ${MAX_SUBSCRIPTIONS_PER_USER} then
  local oldest, least
  local all = call('HGETALL', P .. 'push:' .. user)
  for index = 1, #all, 2 do
    if not least or all[index + 1] < least then oldest, least = all[index], all[index + 1] end
  end
  remove(user, oldest)
end
return stored
`);

/** Arguments: user, endpoint. */
const REMOVE = new Script(`${HEAD}
if call('GET', P .. 'browser:' .. ARGV[3]) == ARGV[2] then remove(ARGV[2], ARGV[3]) end
`);

/** Arguments: endpoint, stored value. */
const FORGET = new Script(`${HEAD}
local owner = call('GET', P .. 'browser:' .. ARGV[2])
if owner and call('HGET', P .. 'push:' .. owner, ARGV[2]) == ARGV[3] then remove(owner, ARGV[2]) end
`);

/** Push subscriptions that several nodes share. Methods reject with `UnavailableError` while Redis is unreachable. */
export class RedisSubscriptions implements PushSubscriptions {
  readonly #store: RedisStore;
  /** The stored value with its serial number, to detect that a subscription was registered again. */
  readonly #stored = new WeakMap<PushRegistration, string>();

  constructor(store: RedisStore) {
    this.#store = store;
  }

  async register(userID: string, registration: PushRegistration): Promise<void> {
    const what = [hashOf(registration.endpoint), JSON.stringify(registration)];
    const stored = await this.#store.run(REGISTER, keyPart(userID), ...what);
    this.#stored.set(registration, stored as string);
  }

  async remove(userID: string, endpoint: string): Promise<void> {
    await this.#store.run(REMOVE, keyPart(userID), hashOf(endpoint));
  }

  async forget(registration: PushRegistration): Promise<void> {
    const stored = this.#stored.get(registration);
    if (stored === undefined) return;
    await this.#store.run(FORGET, hashOf(registration.endpoint), stored);
  }

  async of(userID: string): Promise<readonly PushRegistration[]> {
    const key = this.#store.key('push', userID);
    const found = await this.#store.execute((redis) => redis.hvals(key));
    return found.sort().map((stored) => {
      const registration = JSON.parse(stored.slice(stored.indexOf(' '))) as PushRegistration;
      this.#stored.set(registration, stored);
      return registration;
    });
  }
}

/** The hash of an endpoint, as a part of a key: an endpoint is long, and a secret of its browser. */
export const hashOf = (endpoint: string): string =>
  createHash('sha256').update(endpoint).digest('base64url');
