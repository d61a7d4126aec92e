-- Replaces records and their index entries, each record only if it is still
-- the one that the change was computed from.
--
-- KEYS[1] records  hash    id → record
-- KEYS[2] ids      zset    id, by bytes
-- KEYS[3] version  integer
-- KEYS[4] erased   hash    ids that must not come back
-- KEYS[5…] indexes that ARGV points at by number
--
-- ARGV for each change: id, record expected (empty: none), record to store
-- (empty: delete), number of index operations, then for each of those
--   z+ z-  key, member, 0       in a zset by bytes
--   s+ s-  key, member, 0       in a set
--   n+ n-  key, member, roster  counted in a hash; the roster, unless 0, is a
--                               zset by bytes of the names that count above 0
--
-- Answers a list parallel to the changes: 1 done, 2 another record is there,
-- 3 refused since erased.
local function count(key, name, roster, by)
  local n = redis.call('HINCRBY', key, name, by)
  if n <= 0 then
    redis.call('HDEL', key, name)
  end
  if roster > 0 and n <= 0 then
    redis.call('ZREM', KEYS[roster], name)
  elseif roster > 0 and n == by then
    redis.call('ZADD', KEYS[roster], 0, name)
  end
end

local operations = {
  ['z+'] = function(key, member) redis.call('ZADD', key, 0, member) end,
  ['z-'] = function(key, member) redis.call('ZREM', key, member) end,
  ['s+'] = function(key, member) redis.call('SADD', key, member) end,
  ['s-'] = function(key, member) redis.call('SREM', key, member) end,
  ['n+'] = function(key, member, roster) count(key, member, roster, 1) end,
  ['n-'] = function(key, member, roster) count(key, member, roster, -1) end,
}

local function store(id, record)
  if record == '' then
    redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
  else
    redis.call('HSET', KEYS[1], id, record)
    redis.call('ZADD', KEYS[2], 0, id)
  end
end

local answers, done, i = {}, 0, 1
while i <= #ARGV do
  local id, expected, record, n = ARGV[i], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[i + 3])
  i = i + 4
  local answer = 1
  if (redis.call('HGET', KEYS[1], id) or '') ~= expected then
    answer = 2
  elseif record ~= '' and redis.call('HEXISTS', KEYS[4], id) == 1 then
    answer = 3
  else
    done = done + 1
    store(id, record)
    for o = i, i + 4 * n - 1, 4 do
      operations[ARGV[o]](KEYS[tonumber(ARGV[o + 1])], ARGV[o + 2], tonumber(ARGV[o + 3]))
    end
  end
  answers[#answers + 1] = answer
  i = i + 4 * n
end
if done > 0 then
  redis.call('INCRBY', KEYS[3], done)
end
return answers
