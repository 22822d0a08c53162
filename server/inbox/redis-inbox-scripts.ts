import {
  KEEP_MISSED_MS,
  KEEP_SETTLED_MS,
  MAX_ENTRIES,
  MAX_ENTRIES_BY_SENDER,
} from '../limits/limits.js';
import { SENDER_SHARE } from './inbox-budget.js';
import { BUDGET } from './redis-inbox-budget.js';
import { Script } from '../storage/redis-store.js';

/** How long after its expiry an entry is removed at most, in ms, so that one check covers many entries of a user. */
const MAX_EXPIRY_DELAY_MS = 1_800_000;
/** Users that one FADE step handles, so that it does not block Redis for long. */
const USERS_PER_STEP = 200;

/*
 * Lua scripts for an inbox in Redis, by the rules of `InboxEntries`. All IDs in them are key parts (`keyPart`). Invitations
 * are passed as JSON text and never decoded, because Lua's JSON library would change them.
 *
 *   box:<user>     hash: o:<call> → "round handled known", m:<call> → "round reason at fresh handled",
 *                  s:<call> → "round how at", j:<call> → the invitation of an open or missed call, n → a serial number;
 *                  and the fields of redis-inbox-budget.ts
 *   o:<user>, m:<user>, s:<user>   zsets: open, missed and settled calls, oldest first
 *   due            zset: <user>!<call> of all open invitations → when the time-out is over
 *   ring:<call>    zset: users with an open invitation to the call, oldest first
 *   fade           zset: users with entries → when to check for expired entries
 */
const HEAD = `
local P, U, NOW = ARGV[1], ARGV[2], tonumber(ARGV[3])
local INBOX_BYTES, SENDER_BYTES, STORE_BYTES = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local A = {unpack(ARGV, 7)}
local call = redis.call
local BOX = P .. 'box:' .. U
${BUDGET}
local KEEP = {o = ${KEEP_MISSED_MS}, m = ${KEEP_MISSED_MS}, s = ${KEEP_SETTLED_MS}}
local MOST = {o = ${MAX_ENTRIES.open}, m = ${MAX_ENTRIES.missed}, s = ${MAX_ENTRIES.settled}}
local MOST_BY = {o = ${MAX_ENTRIES_BY_SENDER.open}, m = ${MAX_ENTRIES_BY_SENDER.missed}, s = ${MAX_ENTRIES_BY_SENDER.settled}}
local function order(kind) return P .. kind .. ':' .. U end
local function get(kind, c)
  local text = call('HGET', BOX, kind .. ':' .. c)
  if not text then return nil end
  local parts = {}
  for part in string.gmatch(text, '%S+') do parts[#parts + 1] = part end
  return parts
end
local function set(kind, c, parts)
  call('HSET', BOX, kind .. ':' .. c, table.concat(parts, ' '))
end
-- Updates the charge after a change: without its invitation an entry is smaller; a call without entries is released.
local function account(c)
  local has = call('HMGET', BOX, 'o:' .. c, 'm:' .. c, 's:' .. c, 'j:' .. c)
  if has[1] or has[2] and has[4] then return end
  if has[2] or has[3] then resize(c, ENTRY_BYTES) else release(c) end
end
local function remove(kind, c, stays)
  if call('HDEL', BOX, kind .. ':' .. c) == 0 then return end
  call('ZREM', order(kind), c)
  if kind == 'o' then
    call('ZREM', P .. 'due', U .. '!' .. c)
    call('ZREM', P .. 'ring:' .. c, U)
  end
  if stays then return end
  if kind ~= 's' then call('HDEL', BOX, 'j:' .. c) end
  account(c)
end
local function forget(user, c, sender)
  local u, box = U, BOX
  U, BOX = user, P .. 'box:' .. user
  for kind in pairs(KEEP) do remove(kind, c) end
  release(c)
  U, BOX = u, box
  -- Redis may have expired the box already.
  if sender then unhold(sender, user .. '!' .. c, 0) end
end
-- Evicts entries until the inbox, its sender and the whole store are within their limits.
local function fit(c)
  if heldBytes <= SENDER_BYTES and boxBytes <= INBOX_BYTES * ${SENDER_SHARE} and storeBytes <= STORE_BYTES then
    return
  end
  for _ = 1, 100 do
    local next = excess(c)
    if not next then break end
    forget(unpack(next))
  end
  -- Limits the duration of a step: the following steps evict the rest.
  for _ = 1, 20 do
    local next = overflow()
    if not next then break end
    forget(unpack(next))
  end
end
-- Evicts entries beyond the limits for a kind: of the sender of this call, and in all.
local function trim(kind, c)
  local count = call('ZCARD', order(kind))
  if count <= MOST_BY[kind] then return end
  local own = ownCalls(call('ZRANGE', order(kind), 0, -1), c)
  for index = 1, #own - MOST_BY[kind] do
    remove(kind, own[index])
    count = count - 1
  end
  while count > MOST[kind] do
    remove(kind, greediest(call('ZRANGE', order(kind), 0, -1)))
    count = count - 1
  end
end
-- Adds an entry as the newest.
local function put(kind, c, parts)
  remove(kind, c, true)
  set(kind, c, parts)
  call('ZADD', order(kind), call('HINCRBY', BOX, 'n', 1), c)
  trim(kind, c)
  -- The keys expire by themselves if no node runs FADE, which renews \`fade\`.
  if call('ZADD', P .. 'fade', 'LT', NOW + KEEP[kind] + ${MAX_EXPIRY_DELAY_MS}, U) == 1 then keep(P .. 'fade') end
  for _, key in ipairs({BOX, order(kind), order('c')}) do keep(key) end
end
local function each(kind) return ipairs(call('ZRANGE', order(kind), 0, -1)) end
local function expire()
  for _, c in each('m') do
    if tonumber(get('m', c)[3]) > NOW - KEEP.m then break end
    remove('m', c)
  end
  for _, c in each('s') do
    if tonumber(get('s', c)[3]) > NOW - KEEP.s then break end
    remove('s', c)
  end
end
local function settle(c, round, how)
  -- Settled before its invitation arrived: there is no sender.
  if call('HEXISTS', BOX, 'c:' .. c) == 0 then charge(c, '', ENTRY_BYTES) end
  put('s', c, {round, how, ARGV[3]})
  expire()
  fit(c)
end
local function answer(c, round)
  local open = get('o', c)
  if open and tonumber(open[1]) <= round then
    settle(c, open[1], 'answered')
    remove('o', c)
    return true
  end
  local settled, missed = get('s', c), get('m', c)
  if not open and settled and tonumber(settled[1]) == round then settle(c, settled[1], 'answered') end
  if missed and tonumber(missed[1]) == round then remove('m', c) end
  return false
end
local function mark(c, missed, how)
  set('m', c, {missed[1], missed[2], missed[3], '0', how})
  if how == 'dismissed' then
    call('HDEL', BOX, 'j:' .. c)
    account(c)
  end
end
local function isNews(handled, how)
  return handled == '-' or (handled == 'seen' and how == 'dismissed')
end
`;
const step = (body: string): Script => new Script(HEAD + body);

/** Arguments: call, round, end of the time-out, invitation, sender. @returns as `Inbox.put` */
export const PUT = step(`
local c, round = A[1], tonumber(A[2])
local settled, open = get('s', c), get('o', c)
if settled and tonumber(settled[1]) >= round then return 'settled' end
if open and tonumber(open[1]) >= round then return 'known' end
remove('m', c)
charge(c, A[5], #A[4] + ENTRY_BYTES)
call('HSET', BOX, 'j:' .. c, A[4])
put('o', c, {A[2], '-', '0'})
call('ZADD', P .. 'due', A[3], U .. '!' .. c)
call('ZADD', P .. 'ring:' .. c, call('INCR', P .. 'serial'), U)
call('PEXPIRE', P .. 'ring:' .. c, ${KEEP_MISSED_MS})
fit(c)
return 'kept'
`);

/** Arguments: call, round. @returns 1 if this settled an open invitation */
export const ANSWER = step(`return answer(A[1], tonumber(A[2])) and 1`);

/** Arguments and result as for ANSWER. */
export const SELECT = step(`
local c, round = A[1], tonumber(A[2])
local answered = answer(c, round) and 1
if call('EXISTS', order('c')) == 0 then return answered end
local open, settled = get('o', c), get('s', c)
if open and tonumber(open[1]) > round then return answered end
if not settled or tonumber(settled[1]) < round then settle(c, A[2], 'answered') end
return answered
`);

/** Arguments: call, reason, time, 1 if fresh. @returns the invitation, or nil if none was open */
export const END = step(`
local c = A[1]
local open = get('o', c)
if not open then return nil end
local invitation = call('HGET', BOX, 'j:' .. c)
remove('o', c, true)
local fresh = A[4]
if open[3] == '0' then fresh = '1' end
local missed = {open[1], A[2], A[3], fresh, '-'}
put('m', c, missed)
if open[2] ~= '-' then mark(c, missed, open[2]) end
settle(c, open[1], 'ended')
return invitation
`);

/** Argument: call. */
export const DROP = step(`
local c = A[1]
remove('o', c)
remove('m', c)
local settled = get('s', c)
if settled and settled[2] == 'ended' then remove('s', c) end
`);

export const OPEN_FOR = step(`
local found = {}
for _, c in each('o') do found[#found + 1] = call('HGET', BOX, 'j:' .. c) end
return found
`);

/** Argument: call. */
export const OPEN_IN = step(`
local found = {}
for _, user in ipairs(call('ZRANGE', P .. 'ring:' .. A[1], 0, -1)) do
  local box = P .. 'box:' .. user
  if call('HEXISTS', box, 'o:' .. A[1]) == 1 then found[#found + 1] = call('HGET', box, 'j:' .. A[1]) end
end
return found
`);

/** Removes expired entries, also of users who do not connect. Removes users without entries. */
export const FADE = step(`
keepBudget()
keep(P .. 'fade')
for _, user in ipairs(call('ZRANGEBYSCORE', P .. 'fade', '-inf', NOW, 'LIMIT', 0, ${USERS_PER_STEP})) do
  U, BOX = user, P .. 'box:' .. user
  expire()
  local next
  for kind, ms in pairs(KEEP) do
    local c = call('ZRANGE', order(kind), 0, 0)[1]
    local at = c and NOW
    if c and kind ~= 'o' then at = tonumber(get(kind, c)[3]) end
    if at then next = math.min(next or math.huge, at + ms) end
  end
  if next then
    call('ZADD', P .. 'fade', math.max(next, NOW) + ${MAX_EXPIRY_DELAY_MS}, user)
  else
    call('ZREM', P .. 'fade', user)
    call('DEL', BOX)
  end
end
`);

/** Argument: time in ms. */
export const DUE_BY = step(`
local found = {}
for _, entry in ipairs(call('ZRANGEBYSCORE', P .. 'due', '-inf', A[1])) do
  local user, c = string.match(entry, '^(.-)!(.*)$')
  local box = P .. 'box:' .. user
  if call('HEXISTS', box, 'o:' .. c) == 1 then
    found[#found + 1] = call('HGET', box, 'j:' .. c)
  else
    -- Redis has expired the box.
    call('ZREM', P .. 'due', entry)
  end
end
return found
`);

/** Argument: `settledBefore` in ms. @returns reason, time, fresh and invitation of each missed call */
export const TELL = step(`
expire()
local missedCalls = {}
for _, c in each('m') do
  local missed = get('m', c)
  local invitation = call('HGET', BOX, 'j:' .. c)
  if invitation and missed[5] ~= 'dismissed' and (missed[4] == '1' or tonumber(missed[3]) <= tonumber(A[1])) then
    missedCalls[#missedCalls + 1] = {missed[2], missed[3], missed[4], invitation}
    if missed[4] == '1' then set('m', c, {missed[1], missed[2], missed[3], '0', missed[5]}) end
  end
end
return missedCalls
`);

/** @returns call, round and how of each settled invitation */
export const SETTLED = step(`
expire()
local found = {}
for _, c in each('s') do
  local settled = get('s', c)
  found[#found + 1] = {c, settled[1], settled[2]}
end
return found
`);

/** Arguments: calls. */
export const KNOWN = step(`
for _, c in ipairs(A) do
  local open, missed = get('o', c), get('m', c)
  if open then set('o', c, {open[1], open[2], '1'}) end
  if missed and missed[4] == '1' then set('m', c, {missed[1], missed[2], missed[3], '0', missed[5]}) end
end
`);

/** Arguments: how (seen or dismissed), calls. */
export const SEEN = step(`
local how = A[1]
for index = 2, #A do
  local c = A[index]
  local open, missed = get('o', c), get('m', c)
  if open and isNews(open[2], how) then set('o', c, {open[1], how, open[3]}) end
  if missed and isNews(missed[5], how) then mark(c, missed, how) end
end
`);

/** @returns call and how of each handled call */
export const HANDLED = step(`
expire()
local found = {}
for _, c in each('m') do
  local handled = get('m', c)[5]
  if handled ~= '-' then found[#found + 1] = {c, handled} end
end
return found
`);
