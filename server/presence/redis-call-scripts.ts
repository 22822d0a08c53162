import { MAX_NAMED } from '../calls/call-knowledge.js';
import { step } from './redis-presence-scripts.js';

/*
 * Lua scripts for the state of calls in Redis.
 *
 *   call:<call>   hash: `!` → origin; `u<user>` → "round rank inviter device state/reason" of a member (the reason
 *                 only if the member has left); `n<user>` → users named by the devices of that user, separated by
 *                 spaces; `#u`, `#n`: number of members and of naming users
 */

/**
 * Arguments: call, users whose display names are needed.
 * @returns the hash; sender, connection and call of each device in the call; the names
 */
export const CALL = step(`
local devices = {}
for _, d in ipairs(call('ZRANGE', P .. 'in:' .. A[1], 0, -1)) do
  devices[#devices + 1] = call('HMGET', key(d), 'sender', 'conn', 'call')
end
local names = {}
for index = 2, #A do names[#names + 1] = call('GET', P .. 'name:' .. A[index]) end
return {call('HGETALL', P .. 'call:' .. A[1]), devices, names}
`);

/**
 * Arguments: call; initiator and origin, or ''; number of members, then for each: user, round, rank, inviter, device, state;
 * then pairs of a user and the users named by that user. Members merge as in `mergeMember`.
 * @returns as `Presence.note`
 */
export const NOTE = step(`
local c, initiator, origin, count = A[1], A[2], A[3], tonumber(A[4])
local at = P .. 'call:' .. c
if origin ~= '' then
  local known = call('HGET', at, '!')
  if known and string.match(known, '^%S+') ~= initiator then return 'other-initiator' end
end
local fields, added = {}, {['#u'] = 0, ['#n'] = 0}
local function put(kind, field, known, value)
  if not known then added[kind] = added[kind] + 1 end
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
local function merge(known, round, rank, inviter, device, state)
  if known then
    local r, k, i, d = string.match(known, '^(%d+) (%d+) (%S+) (%S+)')
    r, k = tonumber(r), tonumber(k)
    if r > round then return nil end
    if r == round then
      if k > rank or k == rank and not (device ~= '-' and d ~= '-' and device < d) then return nil end
      if k > 0 then inviter = i end
    end
  end
  return table.concat({round, rank, inviter, device, state}, ' ')
end
local index = 5
for _ = 1, count do
  local field = 'u' .. A[index]
  local known = call('HGET', at, field)
  local member = merge(known, tonumber(A[index + 1]), tonumber(A[index + 2]),
    A[index + 3], A[index + 4], A[index + 5])
  if member then put('#u', field, known, member) end
  index = index + 6
end
while index < #A do
  local field = 'n' .. A[index]
  local known = call('HGET', at, field)
  local all, names = {}, {}
  for name in string.gmatch((known or '') .. ' ' .. A[index + 1], '%S+') do
    if not all[name] and #names < ${MAX_NAMED} then
      all[name] = true
      names[#names + 1] = name
    end
  end
  put('#n', field, known, table.concat(names, ' '))
  index = index + 2
end
for kind, new in pairs(added) do
  if new > 0 then
    local total = tonumber(call('HGET', at, kind) or '0') + new
    if total > MOST_USERS then return 'too-many' end
    fields[#fields + 1] = kind
    fields[#fields + 1] = total
  end
end
if #fields > 0 then call('HSET', at, unpack(fields)) end
if origin ~= '' then call('HSETNX', at, '!', initiator .. ' ' .. origin) end
if call('EXISTS', P .. 'in:' .. c) == 1 then call('PERSIST', at) else call('PEXPIRE', at, KEEP) end
return 'noted'
`);
