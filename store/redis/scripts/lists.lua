-- Stores recommendation lists of one shard under a model, except those of
-- erased users.
--
-- KEYS[1] models set of models that have lists here
-- KEYS[2] lists  hash user → packed list, of this model
-- KEYS[3] erased hash user → when
-- ARGV[1] model
-- ARGV[2…] user, list, user, list, …
--
-- Answers how many were stored.
local stored = 0
for i = 2, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[3], ARGV[i]) == 0 then
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
    stored = stored + 1
  end
end
if stored > 0 then
  redis.call('SADD', KEYS[1], ARGV[1])
end
return stored
