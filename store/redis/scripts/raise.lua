-- Makes an integer at least as high as asked.
--
-- KEYS[1] integer
-- ARGV[1] least value
--
-- Answers the value.
local value = tonumber(redis.call('GET', KEYS[1]) or '0')
if value < tonumber(ARGV[1]) then
  value = tonumber(ARGV[1])
  redis.call('SET', KEYS[1], string.format('%.0f', value))
end
return value
