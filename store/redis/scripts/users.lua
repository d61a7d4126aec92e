-- Reads one shard's part of a page of users, by id.
--
-- KEYS[1] users          hash id → record
-- KEYS[2] ids to choose from  zset, by bytes
-- KEYS[3] users:names    zset <name>\0<id>, by bytes
-- KEYS[4] scratch, empty before and after
--
-- ARGV[1] id to start after, empty for the front
-- ARGV[2] how many
-- ARGV[3] prefix of the id or of the name, empty for all
-- ARGV[4] at most this many matches by name are looked at
-- ARGV[5] where the range of ids starts, as ZRANGEBYLEX has it: the prefix or
--         what is after ARGV[1], whichever is later
--
-- Answers how many match in all, then id, record, id, record, … in no order,
-- among them the first that match.
local ids, names, scratch = KEYS[2], KEYS[3], KEYS[4]
local wanted, prefix = tonumber(ARGV[2]), ARGV[3]
local low, high = '-', '+'
if prefix ~= '' then
  low, high = '[' .. prefix, '(' .. prefix .. '\255'
end

local found = redis.call('ZRANGEBYLEX', ids, ARGV[5], high, 'LIMIT', 0, wanted)
local total = redis.call('ZLEXCOUNT', ids, low, high)
if prefix ~= '' then
  -- Scratch concerns neither replicas nor the append-only file.
  redis.replicate_commands()
  redis.set_repl(redis.REPL_NONE)
  redis.call('UNLINK', scratch)
  for _, entry in ipairs(redis.call('ZRANGEBYLEX', names, low, high, 'LIMIT', 0, ARGV[4])) do
    local id = entry:match('%z([^%z]*)$')
    if id:sub(1, #prefix) ~= prefix and redis.call('ZSCORE', ids, id) then
      redis.call('ZADD', scratch, 0, id)
    end
  end
  total = total + redis.call('ZCARD', scratch)
  local after = ARGV[1] == '' and '-' or '(' .. ARGV[1]
  for _, id in ipairs(redis.call('ZRANGEBYLEX', scratch, after, '+', 'LIMIT', 0, wanted)) do
    found[#found + 1] = id
  end
  redis.call('UNLINK', scratch)
end

local answer = {total}
if #found > 0 then
  for n, record in ipairs(redis.call('HMGET', KEYS[1], unpack(found))) do
    answer[#answer + 1] = found[n]
    answer[#answer + 1] = record
  end
end
return answer
