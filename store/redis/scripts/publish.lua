-- Flips the published pointer, which is the newest publication.
--
-- KEYS[1] lease:publish hash   owner, token, expires
-- KEYS[2] publications  stream <seq>-0 → model, previous, token, time, note
-- ARGV[1] model, [2] fencing token, [3] microseconds, [4] note
--
-- Answers {sequence number, previous model}, or {0, ''} when the token is
-- below the lease's newest, or {-1, ''} when the model is published already.
if tonumber(ARGV[2]) < tonumber(redis.call('HGET', KEYS[1], 'token') or '0') then
  return {0, ''}
end
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
local seq, previous = 1, ''
if last then
  seq = tonumber(last[1]:match('^%d+')) + 1
  for i = 1, #last[2], 2 do
    if last[2][i] == 'model' then
      previous = last[2][i + 1]
    end
  end
  if previous == ARGV[1] then
    return {-1, ''}
  end
end
redis.call('XADD', KEYS[2], string.format('%.0f-0', seq), 'model', ARGV[1], 'previous', previous,
  'token', ARGV[2], 'time', ARGV[3], 'note', ARGV[4])
return {seq, previous}
