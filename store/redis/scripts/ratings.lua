-- Reads one user's latest ratings, newest first.
--
-- KEYS[1] ratings hash  product → <microseconds, 16 digits><stars>
-- KEYS[2] rated   zset  product, scored by microseconds
-- ARGV[1] at most this many
--
-- Answers product, rating, product, …
local products = redis.call('ZREVRANGE', KEYS[2], 0, tonumber(ARGV[1]) - 1)
local answer = {}
for from = 1, #products, 500 do
  local to = math.min(from + 499, #products)
  local ratings = redis.call('HMGET', KEYS[1], unpack(products, from, to))
  for n = from, to do
    answer[#answer + 1] = products[n]
    answer[#answer + 1] = ratings[n - from + 1]
  end
end
return answer
