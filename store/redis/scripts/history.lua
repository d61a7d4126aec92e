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

-- The newest entry of all sources, which moves on; nil at the end.
local function newest()
  local first
  for _, source in ipairs(sources) do
    if source.time and (not first or source.time > first.time
        or source.time == first.time and source.seq > first.seq) then
      first = source
    end
  end
  if first then
    local id, seq = first.id, first.seq
    advance(first)
    return id, seq
  end
end

-- An entry whose number is not its event's counts for nothing. Redis 7.0 makes
-- such: killed while it writes a transaction to the append-only file, it keeps
-- the half of it there, and runs that when it is started the time after next.
local answer, ended = {}, false
while #answer < 2 * wanted and not ended do
  local ids, seqs = {}, {}
  while #ids < math.min(wanted - #answer / 2, 500) and not ended do
    local id, seq = newest()
    if id then
      ids[#ids + 1], seqs[#seqs + 1] = id, seq
    else
      ended = true
    end
  end
  local events = #ids > 0 and redis.call('HMGET', KEYS[1], unpack(ids)) or {}
  for n, event in ipairs(events) do
    if event and tonumber(event:sub(1, 16)) == seqs[n] then
      answer[#answer + 1] = ids[n]
      answer[#answer + 1] = event
    end
  end
end
return answer
