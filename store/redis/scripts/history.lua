-- Reads a part of one user's history, newest first by time, ties by sequence
-- number, merging one sorted set per type.
--
-- KEYS[1] events   hash   event id → packed event
-- KEYS[2…] history zset   <seq, 16 digits><event id>, scored by microseconds
--
-- ARGV[1] how many
-- ARGV[2] microseconds and ARGV[3] sequence number to start below; empty for
--         the newest
--
-- Answers event id, packed event, event id, …
local wanted = tonumber(ARGV[1])
local block = math.min(wanted, 500)

-- Rank, counted from the newest, of the first entry below the cursor: among
-- equal times found by bisection, so that a tie of any length costs little.
local function start(key)
  if ARGV[2] == '' then
    return 0
  end
  local low = redis.call('ZCOUNT', key, '(' .. ARGV[2], '+inf')
  local high = low + redis.call('ZCOUNT', key, ARGV[2], ARGV[2])
  local seq = tonumber(ARGV[3])
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = redis.call('ZREVRANGE', key, middle, middle)[1]
    if tonumber(entry:sub(1, 16)) < seq then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

-- Moves a source to its next entry; its time is nil at the end.
local function advance(source)
  source.at = source.at + 2
  if source.at > #source.entries then
    source.entries = redis.call('ZREVRANGE', source.key, source.rank, source.rank + block - 1, 'WITHSCORES')
    source.rank, source.at = source.rank + block, 1
  end
  local entry = source.entries[source.at]
  source.id = entry and entry:sub(17)
  source.seq = entry and tonumber(entry:sub(1, 16))
  source.time = entry and tonumber(source.entries[source.at + 1])
end

local sources = {}
for n = 2, #KEYS do
  local source = {key = KEYS[n], rank = start(KEYS[n]), entries = {}, at = 0}
  advance(source)
  sources[#sources + 1] = source
end

local ids = {}
while #ids < wanted do
  local newest
  for _, source in ipairs(sources) do
    if source.time and (not newest or source.time > newest.time
        or source.time == newest.time and source.seq > newest.seq) then
      newest = source
    end
  end
  if not newest then
    break
  end
  ids[#ids + 1] = newest.id
  advance(newest)
end

local answer = {}
for from = 1, #ids, 500 do
  local to = math.min(from + 499, #ids)
  local packed = redis.call('HMGET', KEYS[1], unpack(ids, from, to))
  for n = from, to do
    answer[#answer + 1] = ids[n]
    answer[#answer + 1] = packed[n - from + 1]
  end
end
return answer
