import { KEEP_NAME_MS, MAX_CALLS_PER_DEVICE } from '../limits/limits.js';
import { Script } from '../storage/redis-store.js';

/*
 * Lua scripts for presence in Redis. All IDs in them are key parts (`keyPart`). JSON is passed as text and never decoded,
 * because Lua's JSON library would change it.
 *
 *   nodes          zset: node → end of its lease, in ms of Redis' clock
 *   node:<node>    set: devices connected to the node
 *   device:<dev>   hash: sender (JSON); conn and node while it is connected; call while it is in some: their IDs, separated
 *                  by spaces, the one that it has entered last is last; at: time of the last entry into or departure
 *                  from a call, in ms of the reporting node's clock
 *                  busy: the calls that it has stated to be in, separated by spaces; stated: time of that statement, in ms of
 *                  the reporting node's clock
 *   busy:<user>    set: devices of the user that have stated to be in calls
 *   devices:<user> zset: connected devices, oldest connection first
 *   online         set: users with a connected device
 *   name:<user>    last display name of the user
 *   in:<call>      zset: devices in a call
 *   call:<call>    state of a call; see redis-call-scripts.ts
 *   gone           zset: disconnected device that is in a call → when it is lost, in ms of Redis' clock
 *   lost           zset: lost device → when; limited, the oldest are removed
 *   telling        zset: lost device that a node is reporting → until when it may take, in ms of Redis' clock
 *   telling:<dev>  hash: its sender (JSON) and calls; busy if it had stated to be in calls
 *
 * A device is <user>:<device ID>, because two users may choose the same device ID.
 */
const HEAD = `
local P, NODE, VANISH, KEEP = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local MOST_USERS, MOST_LOST = tonumber(ARGV[5]), tonumber(ARGV[6])
local MOST_CALLS = ${MAX_CALLS_PER_DEVICE}
local A = {unpack(ARGV, 7)}
local call = redis.call
local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function key(d) return P .. 'device:' .. d end
local function userOf(d) return string.match(d, '^[^:]*') end
local function idsIn(list)
  local ids = {}
  for c in string.gmatch(list or '', '%S+') do ids[#ids + 1] = c end
  return ids
end
local function has(list, c) return string.find(' ' .. list .. ' ', ' ' .. c .. ' ', 1, true) ~= nil end
local function leave(d, c)
  local left = {}
  for _, other in ipairs(idsIn(call('HGET', key(d), 'call'))) do
    if other ~= c then left[#left + 1] = other end
  end
  if #left > 0 then call('HSET', key(d), 'call', table.concat(left, ' ')) else call('HDEL', key(d), 'call') end
  call('ZREM', P .. 'in:' .. c, d)
  if call('EXISTS', P .. 'in:' .. c) == 0 then call('PEXPIRE', P .. 'call:' .. c, KEEP) end
end
-- Starts to wait for a device that is disconnected but in a call. Removes one that is neither.
local function settle(d)
  local known = call('HMGET', key(d), 'conn', 'call', 'busy')
  if known[1] then return end
  if known[2] or known[3] then
    call('ZADD', P .. 'gone', 'NX', now() + VANISH, d)
  else
    call('ZREM', P .. 'gone', d)
    call('DEL', key(d))
  end
end
local function confirmReport(d)
  if call('ZREM', P .. 'telling', d) == 1 then call('DEL', P .. 'telling:' .. d) end
end
local function at(d, time)
  if call('EXISTS', key(d)) == 1 then call('HSET', key(d), 'at', time) end
end
-- Whether a queued report about a device is older than its current state.
local function isOld(d, time, late)
  if late == '' then return false end
  local newest = call('HGET', key(d), 'at') or call('ZSCORE', P .. 'lost', d)
  return newest and tonumber(newest) > tonumber(time)
end
local function enter(d, sender, c, time, keeps)
  local known = call('HMGET', key(d), 'sender', 'call')
  if not known[1] then call('HSET', key(d), 'sender', sender) end
  local others = {}
  for _, other in ipairs(idsIn(known[2])) do if other ~= c then others[#others + 1] = other end end
  for index, other in ipairs(others) do
    if not keeps or #others - index >= MOST_CALLS - 1 then leave(d, other) end
  end
  local stays = idsIn(call('HGET', key(d), 'call'))
  local all = {}
  for _, other in ipairs(stays) do if other ~= c then all[#all + 1] = other end end
  all[#all + 1] = c
  call('HSET', key(d), 'call', table.concat(all, ' '), 'at', time)
  call('ZADD', P .. 'in:' .. c, 'NX', call('INCR', P .. 'serial'), d)
  call('PERSIST', P .. 'call:' .. c)
  settle(d)
end
local function detach(d)
  local node = call('HGET', key(d), 'node')
  call('HDEL', key(d), 'conn', 'node')
  if node then call('SREM', P .. 'node:' .. node, d) end
  local siblings = P .. 'devices:' .. userOf(d)
  call('ZREM', siblings, d)
  if call('EXISTS', siblings) == 0 then call('SREM', P .. 'online', userOf(d)) end
  settle(d)
end
local function state(d, calls)
  if calls ~= '' then
    call('HSET', key(d), 'busy', calls)
    call('SADD', P .. 'busy:' .. userOf(d), d)
  else
    call('HDEL', key(d), 'busy')
    call('SREM', P .. 'busy:' .. userOf(d), d)
  end
end
local function lose(d)
  local was = call('HMGET', key(d), 'sender', 'conn', 'call', 'busy')
  if not was[2] then
    call('ZADD', P .. 'lost', now(), d)
    call('ZREMRANGEBYRANK', P .. 'lost', 0, -MOST_LOST - 1)
  end
  if not was[3] and not was[4] then return nil end
  state(d, '')
  for _, c in ipairs(idsIn(was[3])) do leave(d, c) end
  settle(d)
  return was
end
`;
export const step = (body: string): Script => new Script(HEAD + body);

/**
 * Arguments: device, sender, display name, connection; `1` if the node registers the device again, then its calls; time.
 * @returns 2 if the device is connected elsewhere by now
 */
export const CONNECT = step(`
local d, sender, name, conn, again, c, time = A[1], A[2], A[3], A[4], A[5] == '1', A[6], A[7]
local known = call('HMGET', key(d), 'sender', 'conn', 'node')
if again and known[2] and known[2] ~= conn then return 2 end
local lost = call('ZSCORE', P .. 'lost', d)
if known[3] and known[3] ~= NODE then call('SREM', P .. 'node:' .. known[3], d) end
call('HSET', key(d), 'sender', sender, 'conn', conn, 'node', NODE)
if lost then at(d, lost) end
call('SADD', P .. 'node:' .. NODE, d)
call('ZREM', P .. 'gone', d)
call('ZREM', P .. 'lost', d)
confirmReport(d)
call('ZADD', P .. 'devices:' .. userOf(d), 'NX', call('INCR', P .. 'serial'), d)
call('SADD', P .. 'online', userOf(d))
call('SET', P .. 'name:' .. userOf(d), name, 'PX', ${KEEP_NAME_MS})
if again and not known[1] and not lost then
  for _, one in ipairs(idsIn(c)) do enter(d, sender, one, time, true) end
end
return 1
`);

export const DISCONNECT = step(`
if call('HGET', key(A[1]), 'conn') == A[2] then detach(A[1]) end
`);

/** @returns device and connection of each device that is connected to this node */
export const CONNECTED = step(`
local found = {}
for _, d in ipairs(call('SMEMBERS', P .. 'node:' .. NODE)) do
  local known = call('HMGET', key(d), 'node', 'conn')
  if known[1] == NODE then found[#found + 1] = {d, known[2]} end
end
return found
`);

/*
 * The last two arguments of the following scripts are the time of the report, and `1` if it was queued: then it does not
 * override a newer state.
 */

/**
 * Arguments: device, sender, call; `1` if it stays in its other calls. A queued report from another node does not move a
 * device out of another call.
 */
export const ENTER = step(`
local d, sender, c, keeps, time, late = A[1], A[2], A[3], A[4] == '1', A[5], A[6]
if isOld(d, time, late) then return end
local known = call('HMGET', key(d), 'node', 'call')
if late ~= '' and known[1] ~= NODE and known[2] and not has(known[2], c) then return end
enter(d, sender, c, time, keeps)
`);

/** Arguments: device, call. */
export const LEAVE = step(`
local d, c, time, late = A[1], A[2], A[3], A[4]
local known = call('HGET', key(d), 'call')
if known and not has(known, c) or isOld(d, time, late) then return end
leave(d, c)
at(d, time)
settle(d)
`);

/** Argument: device. @returns sender, connection, calls and stated calls; nil if it was in no call, and has stated none */
export const LOSE = step(`
local d, time, late = A[1], A[2], A[3]
if call('EXISTS', key(d)) == 0 or isOld(d, time, late) then return nil end
local was = lose(d)
at(d, time)
return was
`);

/** Arguments: device, the calls that it states to be in, separated by spaces. No effect on a device that is not connected. */
export const STATE = step(`
local d, calls, time, late = A[1], A[2], A[3], A[4]
local known = call('HMGET', key(d), 'conn', 'stated')
if not known[1] or late ~= '' and known[2] and tonumber(known[2]) > tonumber(time) then return end
call('HSET', key(d), 'stated', time)
state(d, calls)
`);

/** Argument: user. @returns device and stated calls of each device that has stated some */
export const BUSY = step(`
local found = {}
for _, d in ipairs(call('SMEMBERS', P .. 'busy:' .. A[1])) do
  local calls = call('HGET', key(d), 'busy')
  if calls then found[#found + 1] = {d, calls} else call('SREM', P .. 'busy:' .. A[1], d) end
end
return found
`);

/** Argument: call. @returns sender, connection and calls of each device in it */
export const DEVICES_IN = step(`
local found = {}
for _, d in ipairs(call('ZRANGE', P .. 'in:' .. A[1], 0, -1)) do
  found[#found + 1] = call('HMGET', key(d), 'sender', 'conn', 'call')
end
return found
`);

/** @returns one sender of each connected user */
export const USERS = step(`
local found = {}
for _, user in ipairs(call('SMEMBERS', P .. 'online')) do
  local last = call('ZRANGE', P .. 'devices:' .. user, -1, -1)[1]
  if last then found[#found + 1] = call('HGET', key(last), 'sender') end
end
return found
`);

/**
 * Arguments: lease and time to report, in ms. Renews the lease of this node. Disconnects the devices of nodes whose lease is
 * over. Devices that did not reconnect in time are lost, and returned to this node, which reports them; if it does not
 * confirm with REPORTED in time, another TICK returns them again.
 * @returns `again` if the lease of this node was over: then nothing else was done, as all nodes may be late
 */
export const TICK = step(`
local time = now()
local lease = call('ZSCORE', P .. 'nodes', NODE)
call('ZADD', P .. 'nodes', time + tonumber(A[1]), NODE)
if not lease or tonumber(lease) <= time then return {'again'} end
for _, dead in ipairs(call('ZRANGEBYSCORE', P .. 'nodes', '-inf', time)) do
  for _, d in ipairs(call('SPOP', P .. 'node:' .. dead, 2000)) do
    if call('HGET', key(d), 'node') == dead then detach(d) end
  end
  if call('EXISTS', P .. 'node:' .. dead) == 0 then call('ZREM', P .. 'nodes', dead) end
end
for _, d in ipairs(call('ZRANGEBYSCORE', P .. 'gone', '-inf', time, 'LIMIT', 0, 500)) do
  local was = lose(d)
  call('ZREM', P .. 'gone', d)
  if was then
    call('HSET', P .. 'telling:' .. d, 'sender', was[1], 'call', was[3] or '', 'busy', was[4] and '1' or '')
    call('ZADD', P .. 'telling', time, d)
  end
end
local reports = {}
for _, d in ipairs(call('ZRANGEBYSCORE', P .. 'telling', '-inf', time, 'LIMIT', 0, 500)) do
  call('ZADD', P .. 'telling', time + tonumber(A[2]), d)
  local about = call('HMGET', P .. 'telling:' .. d, 'sender', 'call', 'busy')
  reports[#reports + 1] = {d, about[1], about[2], about[3] or ''}
end
return {'renewed', reports}
`);

/** Argument: device. Its loss has been reported to the other members. */
export const REPORTED = step(`confirmReport(A[1])`);

/** This node stops: its devices are disconnected now. */
export const STOP = step(`
for _, d in ipairs(call('SMEMBERS', P .. 'node:' .. NODE)) do
  if call('HGET', key(d), 'node') == NODE then detach(d) end
end
call('DEL', P .. 'node:' .. NODE)
call('ZREM', P .. 'nodes', NODE)
`);
