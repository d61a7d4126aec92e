-- Removes some interactions of an erased user, all of one type.
--
-- KEYS[1] events         hash
-- KEYS[2] history        zset of this type
-- KEYS[3] log            stream
-- KEYS[4] counts:version integer
-- KEYS[5…] counts of the days concerned, hashes
--
-- ARGV for each interaction: entry of the history, event id, log id, key of
-- its day's counts, count field
--
-- Answers how many were there.
local gone = 0
for i = 1, #ARGV, 5 do
  redis.call('ZREM', KEYS[2], ARGV[i])
  if redis.call('HDEL', KEYS[1], ARGV[i + 1]) == 1 then
    gone = gone + 1
    redis.call('XDEL', KEYS[3], ARGV[i + 2])
    local counts = KEYS[tonumber(ARGV[i + 3])]
    if redis.call('HINCRBY', counts, ARGV[i + 4], -1) <= 0 then
      redis.call('HDEL', counts, ARGV[i + 4])
    end
  end
end
if gone > 0 then
  redis.call('INCR', KEYS[4])
end
return gone
