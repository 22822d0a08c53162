import { KEEP_OWNER_MS } from '../limits.js';
import { Script } from './store.js';

/*
 * The steps of presence over Redis. All IDs in them are parts of keys (`keyPart`); JSON is carried, and never read: Lua
 * would change it.
 *
 *   nodes          zset: node → end of its lease, in ms of Redis' clock
 *   node:<node>    set: the devices that are connected to it
 *   device:<dev>   hash: user, sender (JSON), conn and node while it is connected, call while it is in one, at: when it
 *                  entered or left one last, in ms of the clock of the node that says so; proved: it was connected
 *   owner:<dev>    user of a device that was connected and has gone
 *   user:<user>    zset: connected devices, in the order of their coming
 *   online         set: users with a connected device
 *   in:<call>      zset: devices that are in a call
 *   who:<call>     set: users whom it concerns; `!all` when these are all
 *   gone           zset: device that is in a call but away → when it is lost, in ms of Redis' clock
 *   lost           zset: lost devices, by when; the oldest are forgotten
 *   telling        zset: lost device that a node makes known → until when it may take, in ms of Redis' clock
 *   telling:<dev>  hash: sender (JSON) and call of it
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
local function leave(d)
  local c = call('HGET', key(d), 'call')
  if not c then return end
  call('HDEL', key(d), 'call')
  call('ZREM', P .. 'in:' .. c, d)
  if call('EXISTS', P .. 'in:' .. c) == 0 then call('PEXPIRE', P .. 'who:' .. c, KEEP) end
end
-- Waits for a device that is away from its call; forgets one that is neither connected nor in a call.
local function settle(d)
  local known = call('HMGET', key(d), 'conn', 'call')
  if known[1] then return end
  if known[2] then
    call('ZADD', P .. 'gone', 'NX', now() + VANISH, d)
  else
    local was = call('HMGET', key(d), 'user', 'proved')
    if was[2] then call('SET', P .. 'owner:' .. d, was[1], 'PX', ${KEEP_OWNER_MS}) end
    call('ZREM', P .. 'gone', d)
    call('DEL', key(d))
  end
end
-- Whether somebody else has been connected with it. What others say of a device proves nothing.
local function isAnothers(d, user)
  local known = call('HMGET', key(d), 'user', 'proved')
  local owner = known[2] and known[1] or call('GET', P .. 'owner:' .. d)
  return owner and owner ~= user
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
local function enter(d, user, sender, c, time)
  local known = call('HMGET', key(d), 'user', 'call')
  if known[1] and known[1] ~= user or isAnothers(d, user) then return end
  if not known[1] then call('HSET', key(d), 'user', user, 'sender', sender) end
  if known[2] ~= c then leave(d) end
  call('HSET', key(d), 'call', c, 'at', time)
  call('ZADD', P .. 'in:' .. c, 'NX', call('INCR', P .. 'serial'), d)
  call('PERSIST', P .. 'who:' .. c)
  settle(d)
end
local function detach(d)
  local known = call('HMGET', key(d), 'user', 'node')
  call('HDEL', key(d), 'conn', 'node')
  if known[2] then call('SREM', P .. 'node:' .. known[2], d) end
  if not known[1] then return end
  local siblings = P .. 'user:' .. known[1]
  call('ZREM', siblings, d)
  if call('EXISTS', siblings) == 0 then call('SREM', P .. 'online', known[1]) end
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
const step = (body: string): Script => new Script(HEAD + body);

/**
 * A device, its user, its sender, its connection; `again` when the node registers anew what it has: then its call, too; when.
 * @returns 0 when the device is another user's, 2 when it is connected elsewhere by now
 */
export const CONNECT = step(`
local d, user, sender, conn, again, c, time = A[1], A[2], A[3], A[4], A[5] == '1', A[6], A[7]
if isAnothers(d, user) then return 0 end
if call('HGET', key(d), 'user') ~= user then
  leave(d)
  call('DEL', key(d))
end
local known = call('HMGET', key(d), 'user', 'conn', 'node')
if again and known[2] and known[2] ~= conn then return 2 end
local lost = call('ZSCORE', P .. 'lost', d)
if known[3] and known[3] ~= NODE then call('SREM', P .. 'node:' .. known[3], d) end
call('HSET', key(d), 'user', user, 'sender', sender, 'conn', conn, 'node', NODE, 'proved', '1')
if lost then at(d, lost) end
call('SADD', P .. 'node:' .. NODE, d)
call('ZREM', P .. 'gone', d)
call('ZREM', P .. 'lost', d)
told(d)
call('ZADD', P .. 'user:' .. user, 'NX', call('INCR', P .. 'serial'), d)
call('SADD', P .. 'online', user)
if again and c ~= '' and not known[1] and not lost then enter(d, user, sender, c, time) end
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

/** A device, its user, its sender, a call. Nobody is taken out of another call by what another node says late. */
export const ENTER = step(`
local d, user, sender, c, time, late = A[1], A[2], A[3], A[4], A[5], A[6]
if isOld(d, time, late) then return end
local known = call('HMGET', key(d), 'node', 'call')
if late ~= '' and known[1] ~= NODE and known[2] and known[2] ~= c then return end
enter(d, user, sender, c, time)
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

/** A device, its user. @returns sender, connection, call; nothing when it was in no call */
export const LOSE = step(`
local d, user, time, late = A[1], A[2], A[3], A[4]
if call('HGET', key(d), 'user') ~= user or isOld(d, time, late) then return nil end
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

/** A call, `1` when the users are all, and the users. @returns 0 when it can not have so many, else 1 */
export const INVOLVE = step(`
local who = P .. 'who:' .. A[1]
local users, added = {unpack(A, 3)}, {}
for index, known in ipairs(#users > 0 and call('SMISMEMBER', who, unpack(users)) or {}) do
  if known == 0 then added[users[index]] = true end
end
local count = 0
for _ in pairs(added) do count = count + 1 end
if count > 0 and call('SCARD', who) - call('SISMEMBER', who, '!all') + count > MOST_USERS then return 0 end
if A[2] == '1' then call('SADD', who, '!all') end
for user in pairs(added) do call('SADD', who, user) end
if call('EXISTS', P .. 'in:' .. A[1]) == 1 then call('PERSIST', who) else call('PEXPIRE', who, KEEP) end
return 1
`);

/** @returns one sender of each user who is there */
export const USERS = step(`
local found = {}
for _, user in ipairs(call('SMEMBERS', P .. 'online')) do
  local last = call('ZRANGE', P .. 'user:' .. user, -1, -1)[1]
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
