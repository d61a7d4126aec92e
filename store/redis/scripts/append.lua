-- Appends interactions of one shard, each once: the pair (user, event id)
-- decides. History, latest rating, day count, credit and log entry follow in this
-- step.
--
-- KEYS[1] log          stream    <seq>-0 → u user, e event id, b packed event
-- KEYS[2] log:end      integer   last sequence number
-- KEYS[3] erased       hash      user → when
-- KEYS[4] users        hash      user → record
-- KEYS[5] users:ids    zset      user, by bytes
-- KEYS[6] users:version integer
-- KEYS[7] days         zset      day with counts, scored by itself
-- KEYS[8] counts:version integer
-- KEYS[9…] what ARGV points at by number
--
-- ARGV[1] time of acceptance, 16 digits of microseconds
-- ARGV[2] channel for notices
-- ARGV[3] least last sequence number that a shard which lost nothing has
-- ARGV[4] number of users, then for each:
--         id, record if the user is new, notice, keys of events, ratings, rated
-- ARGV[…] number of days, then for each: day, key of its counts, 1 if it is
--         older than yesterday, key of its credits
-- ARGV[…] the interactions in order, each: user (number), event id, key of the
--         history of this type, microseconds, day (number), count field,
--         product, stars (empty unless a rating), body, credit field (empty
--         for none), and the place of an interaction that is put back (sequence
--         number and time of acceptance, 16 digits each; empty for a new one)
--
-- Answers a list parallel to the interactions: 1 created, 2 exists,
-- 3 conflict, 4 erased; after them the last sequence number. The error LOST
-- says that the shard ends below the least number, and that nothing was done.
local accepted, channel = ARGV[1], ARGV[2]
local at = 4
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if last < tonumber(ARGV[3]) then
  return redis.error_reply('LOST the shard ends at ' .. string.format('%.0f', last))
end

local function rows(columns)
  local list = {}
  for n = 1, tonumber(ARGV[at]) do
    local row = {}
    for c = 1, columns do
      row[c] = ARGV[at + (n - 1) * columns + c]
    end
    list[n] = row
  end
  at = at + 1 + #list * columns
  return list
end

local function rate(user, product, micros, stars)
  local ratings, rated = KEYS[tonumber(user[5])], KEYS[tonumber(user[6])]
  local known = redis.call('HGET', ratings, product)
  if known and tonumber(known:sub(1, 16)) > tonumber(micros) then
    return
  end
  redis.call('HSET', ratings, product, string.format('%016.0f', tonumber(micros)) .. stars)
  if stars == '0' then
    redis.call('ZREM', rated, product)
  else
    redis.call('ZADD', rated, micros, product)
  end
end

local users, days, ids = rows(6), rows(4), {}
for n, user in ipairs(users) do
  ids[n] = user[1]
end
local erased = redis.call('HMGET', KEYS[3], unpack(ids))

local first, outcomes = last, {}
for i = at, #ARGV, 11 do
  local n, id, body, place = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 8], ARGV[i + 10]
  local user = users[n]
  local events = KEYS[tonumber(user[4])]
  local seq = place ~= '' and place:sub(1, 16) or string.format('%016.0f', last + 1)
  local packed = (place ~= '' and place or seq .. accepted) .. body
  local outcome
  if erased[n] then
    outcome = 4
  elseif redis.call('HSETNX', events, id, packed) == 0 then
    outcome = redis.call('HGET', events, id):sub(33) == body and 2 or 3
  else
    outcome = 1
    last = tonumber(seq)
    local day = days[tonumber(ARGV[i + 4])]
    redis.call('ZADD', KEYS[tonumber(ARGV[i + 2])], ARGV[i + 3], seq .. id)
    redis.call('XADD', KEYS[1], seq .. '-0', 'u', user[1], 'e', id, 'b', packed)
    redis.call('HINCRBY', KEYS[tonumber(day[2])], ARGV[i + 5], 1)
    if ARGV[i + 9] ~= '' then
      redis.call('HINCRBY', KEYS[tonumber(day[4])], ARGV[i + 9], 1)
    end
    if ARGV[i + 7] ~= '' then
      rate(user, ARGV[i + 6], ARGV[i + 3], ARGV[i + 7])
    end
    user.created, day.created = true, true
  end
  outcomes[#outcomes + 1] = outcome
end
outcomes[#outcomes + 1] = last
if last == first then
  return outcomes
end

redis.call('SET', KEYS[2], string.format('%.0f', last))
local old = false
for _, day in ipairs(days) do
  if day.created then
    redis.call('ZADD', KEYS[7], day[1], day[1])
    old = old or day[3] == '1'
  end
end
if old then
  redis.call('INCR', KEYS[8])
end
local known = redis.call('ZMSCORE', KEYS[5], unpack(ids))
for n, user in ipairs(users) do
  if user.created then
    if not known[n] then
      redis.call('HSET', KEYS[4], user[1], user[2])
      redis.call('ZADD', KEYS[5], 0, user[1])
      redis.call('INCR', KEYS[6])
    end
    redis.call('PUBLISH', channel, user[3])
  end
end
return outcomes
