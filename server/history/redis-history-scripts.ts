import { KEEP_HISTORY_MS, MAX_HISTORY } from '../../src/core/protocol/history.js';
import {
  HISTORY_ITEM_BYTES,
  HISTORY_USERS_PER_STEP,
  MAX_HISTORY_DELETIONS,
  MAX_HISTORY_PAGE,
} from '../limits/limits.js';
import { Script } from '../storage/redis-store.js';

/*
 * Lua scripts for call histories in Redis, by the rules of `HistoryBox`. Entries are JSON text and never decoded. They are
 * merged by the node, and stored if the stored entry is still the one with which the node has merged.
 *
 *   history:<user>          hash: e<call> → the entry, d<call> → when it was deleted, u → until when all are deleted,
 *                           n → time of the last change
 *   history-at:<user>       zset: e<call> → when the call was placed, d<call> → when the entry was deleted
 *   history-changed:<user>  zset: the same keys, and u → when the item was changed
 *   history-due             zset: users → when the oldest item expires
 *   history-bytes           zset: users → bytes
 *   history-total           bytes in all histories
 */
const HEAD = `
local P, U, NOW = ARGV[1], ARGV[2], tonumber(ARGV[3])
local USER_BYTES, STORE_BYTES = tonumber(ARGV[4]), tonumber(ARGV[5])
local A = {unpack(ARGV, 6)}
local call = redis.call
local KEEP = ${KEEP_HISTORY_MS}
local BOX, AT, CHANGED
local function use(user)
  U = user
  BOX, AT, CHANGED = P .. 'history:' .. user, P .. 'history-at:' .. user, P .. 'history-changed:' .. user
end
use(U)
local function text(number) return string.format('%.0f', number) end
local function resize(bytes)
  if bytes == 0 then return end
  local left = tonumber(call('ZINCRBY', P .. 'history-bytes', bytes, U))
  if left <= 0 then call('ZREM', P .. 'history-bytes', U) end
  call('INCRBY', P .. 'history-total', bytes)
end
local function sizeOf(key)
  local value = call('HGET', BOX, key)
  if not value then return 0 end
  local first = string.sub(key, 1, 1)
  return ${HISTORY_ITEM_BYTES} + (first == 'e' and #value or 0)
end
local function remove(key)
  resize(-sizeOf(key))
  call('HDEL', BOX, key)
  call('ZREM', AT, key)
  call('ZREM', CHANGED, key)
end
-- Stores an item as the latest change. The keys expire by themselves if no node runs EXPIRE.
local function put(key, value, at)
  local before = sizeOf(key)
  local changed = math.max(NOW, tonumber(call('HGET', BOX, 'n') or '0') + 1)
  call('HSET', BOX, key, value, 'n', text(changed))
  resize(sizeOf(key) - before)
  call('ZADD', AT, at, key)
  call('ZADD', CHANGED, changed, key)
  call('ZADD', P .. 'history-due', 'LT', at + KEEP, U)
  for _, name in ipairs({BOX, AT, CHANGED}) do call('PEXPIRE', name, KEEP) end
end
local function deletedUntil() return tonumber(call('HGET', BOX, 'u') or '-1') end
local function isDeleted(key, at, restored)
  local one = tonumber(call('HGET', BOX, 'd' .. key) or '-1')
  if one >= 0 and one >= restored then return true end
  local all = deletedUntil()
  return all >= 0 and all >= at and all >= restored
end
local function keysOf(kind)
  local found = {}
  for _, key in ipairs(call('ZRANGE', AT, 0, -1)) do
    if string.sub(key, 1, 1) == kind then found[#found + 1] = key end
  end
  return found
end
local function bytesOf() return tonumber(call('ZSCORE', P .. 'history-bytes', U) or '0') end
-- Removes what is too old, too many or too large.
local function trim()
  for _, key in ipairs(call('ZRANGEBYSCORE', AT, '-inf', NOW - KEEP)) do remove(key) end
  local entries = keysOf('e')
  local first = 1
  while #entries - first + 1 > ${MAX_HISTORY} or (entries[first] and bytesOf() > USER_BYTES) do
    remove(entries[first])
    first = first + 1
  end
  local deletions = keysOf('d')
  for index = 1, #deletions - ${MAX_HISTORY_DELETIONS} do remove(deletions[index]) end
end
-- Evicts the oldest entries of the largest histories; a limited number, so that the step does not take long.
local function limitStore()
  for _ = 1, 20 do
    if tonumber(call('GET', P .. 'history-total') or '0') <= STORE_BYTES then return end
    local largest = call('ZREVRANGE', P .. 'history-bytes', 0, 0)[1]
    if not largest then return end
    local user = U
    use(largest)
    local entries = keysOf('e')
    if #entries == 0 then resize(-bytesOf()) end
    for index = 1, math.ceil(#entries / 10) do remove(entries[index]) end
    use(user)
  end
end
`;
const step = (body: string): Script => new Script(HEAD + body);

/**
 * Arguments: call, the stored entry with which the new one was merged ('' if none), the new entry, when the call was
 * placed, when the entry was restored (-1 if never).
 * @returns `stored`, `deleted`, or `conflict` and the entry that is stored instead
 */
export const STORE = step(`
local key = 'e' .. A[1]
local stored = call('HGET', BOX, key) or ''
if stored ~= A[2] then return {'conflict', stored} end
local at = tonumber(A[4])
if isDeleted(A[1], at, tonumber(A[5])) then
  remove(key)
  return {'deleted'}
end
put(key, A[3], at)
trim()
limitStore()
return {'stored'}
`);

/** Arguments: call, time, when its entry was restored (-1 if never). @returns 1 if it is news */
export const DELETE = step(`
local c, at = A[1], tonumber(A[2])
if tonumber(call('HGET', BOX, 'd' .. c) or '-1') >= at or deletedUntil() >= at then return 0 end
put('d' .. c, A[2], at)
if tonumber(A[3]) <= at then remove('e' .. c) end
trim()
limitStore()
return 1
`);

/** Arguments: time; then the calls that were restored later, which stay. @returns 1 if it is news */
export const DELETE_UNTIL = step(`
local at = tonumber(A[1])
if at <= NOW - KEEP or at <= deletedUntil() then return 0 end
put('u', A[1], at)
local stays = {}
for index = 2, #A do stays['e' .. A[index]] = true end
for _, key in ipairs(call('ZRANGEBYSCORE', AT, '-inf', at)) do
  if key ~= 'u' and not stays[key] then remove(key) end
end
return 1
`);

/** Argument: time. @returns time of the last of these changes, 1 if there are more, and the items: key, value */
export const PAGE = step(`
trim()
local found = call('ZRANGEBYSCORE', CHANGED, '(' .. A[1], '+inf', 'LIMIT', 0, ${MAX_HISTORY_PAGE + 1})
local last = call('HGET', BOX, 'n') or '0'
local items = {}
for index = 1, math.min(#found, ${MAX_HISTORY_PAGE}) do
  local key = found[index]
  items[#items + 1] = {key, call('HGET', BOX, key) or ''}
  last = text(tonumber(call('ZSCORE', CHANGED, key)))
end
return {last, #found > ${MAX_HISTORY_PAGE} and 1 or 0, items}
`);

/** Removes expired items, also of users who do not connect. */
export const EXPIRE = step(`
for _, user in ipairs(call('ZRANGEBYSCORE', P .. 'history-due', '-inf', NOW, 'LIMIT', 0, ${HISTORY_USERS_PER_STEP})) do
  use(user)
  trim()
  local oldest = call('ZRANGE', AT, 0, 0, 'WITHSCORES')
  if oldest[2] then
    call('ZADD', P .. 'history-due', tonumber(oldest[2]) + KEEP, user)
  else
    -- Redis may have expired the keys of this user already.
    resize(-bytesOf())
    call('DEL', BOX, AT, CHANGED)
    call('ZREM', P .. 'history-due', user)
  end
end
`);
