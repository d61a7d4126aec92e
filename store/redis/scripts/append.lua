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
-- ARGV[4] record of a user who is new
-- ARGV[5] number of users, then for each: id, notice, key of events
-- ARGV[…] number of days, then for each: day, key of its counts, 1 if it is
--         older than yesterday
-- ARGV[…] number of series, then for each: user (number), key of the history of
--         one type, day (number)
-- ARGV[…] number of ratings, then for each: interaction (number), product,
--         stars, keys of ratings and rated
-- ARGV[…] number of credits, then for each: interaction (number), key of the
--         day's credits, field
-- ARGV[…] number of places of interactions that are put back, none or one each:
--         sequence number and time of acceptance, 16 digits each
-- ARGV[…] the interactions in order, each: series (number), event id,
--         microseconds, count field, body
--
-- Answers a list parallel to the interactions: 1 created, 2 exists,
-- 3 conflict, 4 erased; after them the last sequence number. The error LOST
-- says that the shard ends below the least number, and that nothing was done.
local accepted, channel = ARGV[1], ARGV[2]
local at = 5
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

local function numbered(list)
  local by = {}
  for _, row in ipairs(list) do
    by[tonumber(row[1])] = row
  end
  return by
end

local function key(number)
  return KEYS[tonumber(number)]
end

local function rate(rating, micros)
  local product, stars, ratings, rated = rating[2], rating[3], key(rating[4]), key(rating[5])
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

local users, days, series = rows(3), rows(3), rows(3)
local ratings, credits, places = numbered(rows(5)), numbered(rows(3)), rows(1)
local ids = {}
for n, user in ipairs(users) do
  ids[n] = user[1]
end
local erased = redis.call('HMGET', KEYS[3], unpack(ids))
for _, row in ipairs(series) do
  local n = tonumber(row[1])
  row.user, row.day, row.erased = users[n], days[tonumber(row[3])], erased[n]
  row.id, row.events, row.history, row.counts = row.user[1], key(row.user[3]), key(row[2]), key(row.day[2])
end

local log, first, outcomes, n = KEYS[1], last, {}, 0
for i = at, #ARGV, 5 do
  n = n + 1
  local row, id, body = series[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 4]
  local place = places[n] and places[n][1]
  local seq = place and place:sub(1, 16) or string.format('%016d', last + 1)
  local packed = (place or seq .. accepted) .. body
  if row.erased then
    outcomes[n] = 4
  elseif redis.call('HSETNX', row.events, id, packed) == 0 then
    outcomes[n] = redis.call('HGET', row.events, id):sub(33) == body and 2 or 3
  else
    outcomes[n] = 1
    last = tonumber(seq)
    redis.call('ZADD', row.history, ARGV[i + 2], seq .. id)
    redis.call('XADD', log, seq .. '-0', 'u', row.id, 'e', id, 'b', packed)
    redis.call('HINCRBY', row.counts, ARGV[i + 3], '1')
    if credits[n] then
      redis.call('HINCRBY', key(credits[n][2]), credits[n][3], '1')
    end
    if ratings[n] then
      rate(ratings[n], ARGV[i + 2])
    end
    row.user.created, row.day.created = true, true
  end
end
outcomes[n + 1] = last
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
local known, notices = redis.call('ZMSCORE', KEYS[5], unpack(ids)), {}
for n, user in ipairs(users) do
  if user.created then
    if not known[n] then
      redis.call('HSET', KEYS[4], user[1], ARGV[4])
      redis.call('ZADD', KEYS[5], 0, user[1])
      redis.call('INCR', KEYS[6])
    end
    notices[#notices + 1] = user[2]
  end
end
redis.call('PUBLISH', channel, '[' .. table.concat(notices, ',') .. ']')
return outcomes
