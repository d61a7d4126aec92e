-- Enters a finished erasure into the partition's list, once per erasure begun.
--
-- KEYS[1] erasing  zset   users being erased, scored by when it began
-- KEYS[2] erasures stream <seq>-0 → user, time
-- ARGV[1] user
-- ARGV[2] microseconds
--
-- Answers the sequence number, 0 if another process entered it.
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then
  return 0
end
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
local seq = 1 + (last and tonumber(last[1]:match('^%d+')) or 0)
redis.call('XADD', KEYS[2], string.format('%.0f-0', seq), 'user', ARGV[1], 'time', ARGV[2])
return seq
