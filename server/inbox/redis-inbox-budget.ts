import { ACTIVITY_TOLERANCE, SENDER_SHARE } from './inbox-budget.js';
import {
  ACTIVITY_HALF_LIFE_MS,
  ENTRY_BYTES,
  KEEP_MISSED_MS,
  MAX_SENDERS,
} from '../limits/limits.js';

/** Number of senders among whom the oldest entry is looked for when the store is full. */
const MAX_CANDIDATES = 20;

/*
 * The part of the inbox scripts that counts and limits the memory of inboxes, by the rules of `InboxBudget`. The size of an
 * invitation is the length of its JSON in bytes.
 *
 *   box:<user>      hash, also: c:<call> → "sender bytes" of a charged call, b → bytes of the whole inbox
 *   c:<user>        zset: charged calls, oldest first
 *   held:<sender>   zset: <user>!<call> charged to a sender → time in ms
 *   held            zset: senders with charges → bytes
 *   active          zset: senders → activity (see `addActivity`); limited, the least active are removed
 *   greedy          zset: senders with charges → activity
 *   bytes           bytes in all inboxes
 */
export const BUDGET = `
local ENTRY_BYTES = ${ENTRY_BYTES}
local function cell(c)
  local text = call('HGET', BOX, 'c:' .. c)
  if not text then return nil end
  local sender, bytes = string.match(text, '^(%S*) (%d+)$')
  return sender, tonumber(bytes)
end
local function activityOf(sender)
  return tonumber(call('ZSCORE', P .. 'active', sender) or 0)
end
-- Removes a charge of a sender. After the last one, removes the sender's remaining bytes as well.
local function unhold(sender, member, bytes)
  local held = P .. 'held:' .. sender
  call('ZREM', held, member)
  if call('EXISTS', held) == 1 then
    call('ZINCRBY', P .. 'held', -bytes, sender)
  else
    bytes = tonumber(call('ZSCORE', P .. 'held', sender) or bytes)
    call('ZREM', P .. 'held', sender)
    call('ZREM', P .. 'greedy', sender)
  end
  call('DECRBY', P .. 'bytes', bytes)
end
-- Changes the bytes of an existing charge.
local function resize(c, bytes)
  local sender, was = cell(c)
  if not sender or was == bytes then return end
  call('HSET', BOX, 'c:' .. c, sender .. ' ' .. bytes)
  call('HINCRBY', BOX, 'b', bytes - was)
  call('ZINCRBY', P .. 'held', bytes - was, sender)
  call('INCRBY', P .. 'bytes', bytes - was)
end
local function release(c)
  local sender, bytes = cell(c)
  if not sender then return end
  call('HDEL', BOX, 'c:' .. c)
  call('HINCRBY', BOX, 'b', -bytes)
  call('ZREM', P .. 'c:' .. U, c)
  unhold(sender, U .. '!' .. c, bytes)
end
local function addActivity(sender, bytes)
  local new = NOW / ${ACTIVITY_HALF_LIFE_MS} + math.log(bytes) / math.log(2)
  local old = call('ZSCORE', P .. 'active', sender)
  if old then
    local low, high = math.min(old, new), math.max(old, new)
    new = high + math.log(1 + 2 ^ (low - high)) / math.log(2)
  elseif call('ZCARD', P .. 'active') >= ${MAX_SENDERS} then
    call('ZPOPMIN', P .. 'active')
  end
  new = string.format('%.17g', new)
  call('ZADD', P .. 'active', new, sender)
  call('ZADD', P .. 'greedy', new, sender)
end
-- Keys expire if no node is running. Each FADE step renews them.
local function keep(key) call('PEXPIRE', key, ${2 * KEEP_MISSED_MS}) end
local function keepBudget()
  for _, name in ipairs({'held', 'active', 'greedy', 'bytes'}) do keep(P .. name) end
end
-- Sizes after the charge of this step: of the inbox, of the sender, and of the store.
local boxBytes, heldBytes, storeBytes = 0, 0, 0
-- Charges a call in this inbox to its sender, as the newest entry of both.
local function charge(c, sender, bytes)
  release(c)
  addActivity(sender, bytes)
  local held = P .. 'held:' .. sender
  call('HSET', BOX, 'c:' .. c, sender .. ' ' .. bytes)
  call('ZADD', P .. 'c:' .. U, NOW, c)
  call('ZADD', held, NOW, U .. '!' .. c)
  keep(held)
  boxBytes = call('HINCRBY', BOX, 'b', bytes)
  heldBytes = tonumber(call('ZINCRBY', P .. 'held', bytes, sender))
  storeBytes = call('INCRBY', P .. 'bytes', bytes)
  if storeBytes == bytes then keepBudget() end
end
-- Those of the calls that have the same sender as call c.
local function ownCalls(calls, c)
  local sender, own = cell(c), {}
  for _, other in ipairs(calls) do
    if cell(other) == sender then own[#own + 1] = other end
  end
  return own
end
-- The first of these calls (oldest first) whose sender is about as active as the most active of their senders.
local function greediest(calls)
  local most, by, activities = -math.huge, {}, {}
  for index, c in ipairs(calls) do
    local sender = cell(c)
    if sender then
      by[index] = sender
      activities[sender] = activities[sender] or activityOf(sender)
      most = math.max(most, activities[sender])
    end
  end
  for index, c in ipairs(calls) do
    if by[index] and activities[by[index]] >= most - ${ACTIVITY_TOLERANCE} then return c end
  end
  return calls[1]
end
-- The next charge to evict because this inbox, or the sender of this call, exceeds a limit. @returns user, call, sender
local function excess(c)
  local sender = cell(c)
  if not sender then return nil end
  if tonumber(call('ZSCORE', P .. 'held', sender) or 0) > SENDER_BYTES then
    local user, first = string.match(call('ZRANGE', P .. 'held:' .. sender, 0, 0)[1], '^(.-)!(.*)$')
    return {user, first, sender}
  end
  local bytes = tonumber(call('HGET', BOX, 'b') or 0)
  if bytes <= INBOX_BYTES * ${SENDER_SHARE} then return nil end
  local calls = call('ZRANGE', P .. 'c:' .. U, 0, -1)
  local own, sum = ownCalls(calls, c), 0
  for _, other in ipairs(own) do sum = sum + select(2, cell(other)) end
  if #own > 1 and sum > INBOX_BYTES * ${SENDER_SHARE} then return {U, own[1], sender} end
  if bytes <= INBOX_BYTES then return nil end
  local first = greediest(calls)
  return {U, first, cell(first)}
end
-- The next charge to evict because all inboxes together exceed the limit. @returns user, call, sender
local function overflow()
  if tonumber(call('GET', P .. 'bytes') or 0) <= STORE_BYTES then return nil end
  local top = call('ZRANGE', P .. 'greedy', 0, 0, 'REV', 'WITHSCORES')
  if not top[1] then return nil end
  local found, oldest
  local least = tonumber(top[2]) - ${ACTIVITY_TOLERANCE}
  for _, sender in ipairs(call('ZRANGE', P .. 'greedy', '+inf', least, 'BYSCORE', 'REV', 'LIMIT', 0, ${MAX_CANDIDATES})) do
    local first = call('ZRANGE', P .. 'held:' .. sender, 0, 0, 'WITHSCORES')
    if not first[1] then
      unhold(sender, '', 0)
    elseif not oldest or tonumber(first[2]) < oldest then
      local user, c = string.match(first[1], '^(.-)!(.*)$')
      found, oldest = {user, c, sender}, tonumber(first[2])
    end
  end
  return found
end
`;
