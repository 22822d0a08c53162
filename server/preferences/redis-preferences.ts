import { MAX_BLOCKED } from '../../src/core/protocol/limits.js';
import {
  peopleOf,
  type DoNotDisturbRecord,
  type PreferencesChange,
  type PreferencesRecord,
} from '../../src/core/protocol/preferences.js';
import { keyPart } from '../storage/journal.js';
import { idOf, Script, type RedisStore } from '../storage/redis-store.js';
import type { ChangeResult, Preferences } from './preferences.js';

/*
 *   preferences:<user>  hash: `d` → do-not-disturb (JSON), only while it is on; `b<user>` → "serial name" of a blocked
 *                       person; the serial increases
 */

/** Arguments: user; JSON of do-not-disturb, `-` to switch it off, or ''; number of unblocked users, these; user and name of each blocked one. */
const CHANGE = new Script(`
local P, user, quiet, count = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local call = redis.call
local at = P .. 'preferences:' .. user
local new = 0
for index = 5 + count, #ARGV, 2 do
  if call('HEXISTS', at, 'b' .. ARGV[index]) == 0 then new = new + 1 end
end
for index = 5, 4 + count do new = new - call('HEXISTS', at, 'b' .. ARGV[index]) end
local blocked = call('HLEN', at) - call('HEXISTS', at, 'd')
if new > 0 and blocked + new > ${MAX_BLOCKED} then return 0 end
if quiet == '-' then call('HDEL', at, 'd') elseif quiet ~= '' then call('HSET', at, 'd', quiet) end
for index = 5, 4 + count do call('HDEL', at, 'b' .. ARGV[index]) end
for index = 5 + count, #ARGV, 2 do
  local field = 'b' .. ARGV[index]
  local old = call('HGET', at, field)
  local serial = old and string.sub(old, 1, 15) or string.format('%015d', call('INCR', P .. 'serial'))
  call('HSET', at, field, serial .. ' ' .. ARGV[index + 1])
end
return 1
`);

const SERIAL_LENGTH = 16;

/** Preferences that several nodes share. Methods reject with `UnavailableError` while Redis is unreachable. */
export class RedisPreferences implements Preferences {
  readonly #store: RedisStore;

  constructor(store: RedisStore) {
    this.#store = store;
  }

  async of(userID: string): Promise<PreferencesRecord> {
    const key = this.#store.key('preferences', userID);
    const { d: quiet, ...people } = await this.#store.execute((redis) => redis.hgetall(key));
    const blocked = Object.entries(people)
      .sort(([, one], [, other]) => (one < other ? -1 : 1))
      .map(([field, value]) => ({
        userID: idOf(field.slice(1)),
        userName: value.slice(SERIAL_LENGTH),
      }));
    return {
      blocked,
      ...(quiet !== undefined && { doNotDisturb: JSON.parse(quiet) as DoNotDisturbRecord }),
    };
  }

  async change(userID: string, change: PreferencesChange): Promise<ChangeResult> {
    const { doNotDisturb } = change;
    const { block, unblock } = peopleOf(change);
    const quiet = doNotDisturb && (doNotDisturb.on ? JSON.stringify(doNotDisturb) : '-');
    const people = block.flatMap(({ userID: id, userName }) => [keyPart(id), userName]);
    const what = [quiet ?? '', unblock.length, ...unblock.map(keyPart), ...people];
    const isChanged = (await this.#store.run(CHANGE, keyPart(userID), ...what)) === 1;
    return isChanged ? 'changed' : 'too-many';
  }
}
