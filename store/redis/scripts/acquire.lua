-- Takes or renews a lease, by the server's clock.
--
-- KEYS[1] lease hash owner, token, expires (microseconds)
-- ARGV[1] owner
-- ARGV[2] time to live, microseconds
--
-- Answers {token, expires}; the token is 0 while another owner holds it.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1e6 + tonumber(clock[2])
local lease = redis.call('HMGET', KEYS[1], 'owner', 'token', 'expires')
local token, expires = tonumber(lease[2] or '0'), tonumber(lease[3] or '0')
local live = expires > now
if live and lease[1] ~= ARGV[1] then
  return {0, string.format('%.0f', expires)}
end
if not live then
  -- Above every token of before, also when the server has lost the lease.
  token = math.max(token + 1, math.floor(now / 1e6))
end
expires = string.format('%.0f', now + tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', token, 'expires', expires)
return {token, expires}
