-- Gives a lease back if it is still the caller's. The token stays, so that the
-- next holder's is above it.
--
-- KEYS[1] lease hash owner, token, expires (microseconds)
-- ARGV[1] owner, [2] token
--
-- Answers 1 if it was given back, 0 if it was lost before.
local lease = redis.call('HMGET', KEYS[1], 'owner', 'token')
if lease[1] ~= ARGV[1] or lease[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'expires', 0)
return 1
