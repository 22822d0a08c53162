import { KEEP_NAME_MS } from '../limits/limits.js';
import { Script } from '../storage/redis-store.js';

/*
 * The steps of presence over Redis. All IDs in them are parts of keys (`keyPart`); JSON is carried, and never read: Lua
 * would change it.
 *
 *   nodes          zset: node → end of its lease, in ms of Redis' clock
 *   node:<node>    set: the devices that are connected to it
 *   device:<dev>   hash: sender (JSON), conn and node while it is connected, call while it is in one, at: when it entered
 *                  or left one last, in ms of the clock of the node that says so
 *   devices:<user> zset: connected devices, in the order of their coming
 *   online         set: users with a connected device
 *   name:<user>    the name that the user was last connected with
 *   in:<call>      zset: devices that are in a call
 *   call:<call>    what is known of a call: see call-scripts.ts
 *   gone           zset: device that is in a call but away → when it is lost, in ms of Redis' clock
 *   lost           zset: lost devices, by when; the oldest are forgotten
 *   telling        zset: lost device that a node makes known → until when it may take, in ms of Redis' clock
 *   telling:<dev>  hash: sender (JSON) and call of it
 *
 * A device is <user>:<its ID>: two users may have drawn the same ID.
 */
const HEAD = `
local P, NODE, VANISH, KEEP = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local MOST_USERS, MOST_LOST = tonumber(ARGV[5]), tonumber(ARGV[6])
local A = {unpack(ARGV, 7)}
local call = redis.call
local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function key(d) return P .. 'device:' .. d end
local function userOf(d) return string.match(d, '^[^:]*') end
local function leave(d)
  local c = call('HGET', key(d), 'call')
  if not c then return end
  call('HDEL', key(d), 'call')
  call('ZREM', P .. 'in:' .. c, d)
  if call('EXISTS', P .. 'in:' .. c) == 0 then call('PEXPIRE', P .. 'call:' .. c, KEEP) end
end
-- Waits for a device that is away from its call; forgets one that is neither connected nor in a call.
local function settle(d)
  local known = call('HMGET', key(d), 'conn', 'call')
  if known[1] then return end
  if known[2] then
    call('ZADD', P .. 'gone', 'NX', now() + VANISH, d)
  else
    call('ZREM', P .. 'gone', d)
    call('DEL', key(d))
  end
end
local function told(d)
  if call('ZREM', P .. 'telling', d) == 1 then call('DEL', P .. 'telling:' .. d) end
end
local function at(d, time)
  if call('EXISTS', key(d)) == 1 then call('HSET', key(d), 'at', time) end
end
-- Whether what is said late of a device is older than what is known.
local function isOld(d, time, late)
  if late == '' then return false end
  local newest = call('HGET', key(d), 'at') or call('ZSCORE', P .. 'lost', d)
  return newest and tonumber(newest) > tonumber(time)
end
local function enter(d, sender, c, time)
  local known = call('HMGET', key(d), 'sender', 'call')
  if not known[1] then call('HSET', key(d), 'sender', sender) end
  if known[2] ~= c then leave(d) end
  call('HSET', key(d), 'call', c, 'at', time)
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
local function lose(d)
  local was = call('HMGET', key(d), 'sender', 'conn', 'call')
  if not was[2] then
    call('ZADD', P .. 'lost', now(), d)
    call('ZREMRANGEBYRANK', P .. 'lost', 0, -MOST_LOST - 1)
  end
  if not was[3] then return nil end
  leave(d)
  settle(d)
  return was
end
`;
export const step = (body: string): Script => new Script(HEAD + body);

/**
 * A device, its sender, its user's name, its connection; `1` when the node registers anew what it has: then its call, too;
 * when.
 * @returns 2 when it is connected elsewhere by now
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
told(d)
call('ZADD', P .. 'devices:' .. userOf(d), 'NX', call('INCR', P .. 'serial'), d)
call('SADD', P .. 'online', userOf(d))
call('SET', P .. 'name:' .. userOf(d), name, 'PX', ${KEEP_NAME_MS})
if again and c ~= '' and not known[1] and not lost then enter(d, sender, c, time) end
return 1
`);

export const DISCONNECT = step(`
if call('HGET', key(A[1]), 'conn') == A[2] then detach(A[1]) end
`);

/** @returns device and connection of each that is connected to this node */
export const CONNECTED = step(`
local found = {}
for _, d in ipairs(call('SMEMBERS', P .. 'node:' .. NODE)) do
  local known = call('HMGET', key(d), 'node', 'conn')
  if known[1] == NODE then found[#found + 1] = {d, known[2]} end
end
return found
`);

/*
 * What follows is said of a device at a time, which comes last but one, and `1` when it comes late: then it undoes
 * nothing that is newer.
 */

/** A device, its sender, a call. Nobody is taken out of another call by what another node says late. */
export const ENTER = step(`
local d, sender, c, time, late = A[1], A[2], A[3], A[4], A[5]
if isOld(d, time, late) then return end
local known = call('HMGET', key(d), 'node', 'call')
if late ~= '' and known[1] ~= NODE and known[2] and known[2] ~= c then return end
enter(d, sender, c, time)
`);

/** A device, a call. */
export const LEAVE = step(`
local d, c, time, late = A[1], A[2], A[3], A[4]
local known = call('HGET', key(d), 'call')
if known and known ~= c or isOld(d, time, late) then return end
leave(d)
at(d, time)
settle(d)
`);

/** A device. @returns sender, connection, call; nothing when it was in no call */
export const LOSE = step(`
local d, time, late = A[1], A[2], A[3]
if call('EXISTS', key(d)) == 0 or isOld(d, time, late) then return nil end
local was = lose(d)
at(d, time)
return was
`);

/** @returns sender, connection, call of each device in a call */
export const DEVICES_IN = step(`
local found = {}
for _, d in ipairs(call('ZRANGE', P .. 'in:' .. A[1], 0, -1)) do
  found[#found + 1] = call('HMGET', key(d), 'sender', 'conn', 'call')
end
return found
`);

/** @returns one sender of each user who is there */
export const USERS = step(`
local found = {}
for _, user in ipairs(call('SMEMBERS', P .. 'online')) do
  local last = call('ZRANGE', P .. 'devices:' .. user, -1, -1)[1]
  if last then found[#found + 1] = call('HGET', key(last), 'sender') end
end
return found
`);

/**
 * Renews the lease of this node for so many ms. Takes the devices of nodes that are dead for disconnected, and those
 * that were waited for in vain for lost: whoever is answered speaks for them, and says so within so many ms more, or
 * another one does.
 * @returns `again` when the lease was over: then nothing else was done, as all other nodes may be as late as this one
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
    call('HSET', P .. 'telling:' .. d, 'sender', was[1], 'call', was[3])
    call('ZADD', P .. 'telling', time, d)
  end
end
local tell = {}
for _, d in ipairs(call('ZRANGEBYSCORE', P .. 'telling', '-inf', time, 'LIMIT', 0, 500)) do
  call('ZADD', P .. 'telling', time + tonumber(A[2]), d)
  local about = call('HMGET', P .. 'telling:' .. d, 'sender', 'call')
  tell[#tell + 1] = {d, about[1], about[2]}
end
return {'renewed', tell}
`);

/** It is known everywhere by now that a device is lost. */
export const TOLD = step(`told(A[1])`);

/** This node stops: its devices are waited for at once. */
export const STOP = step(`
for _, d in ipairs(call('SMEMBERS', P .. 'node:' .. NODE)) do
  if call('HGET', key(d), 'node') == NODE then detach(d) end
end
call('DEL', P .. 'node:' .. NODE)
call('ZREM', P .. 'nodes', NODE)
`);
