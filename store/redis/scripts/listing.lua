-- Reads one page of products in one order.
--
-- KEYS[1] the order to walk  zset <sort key>\0<id>, by bytes
-- KEYS[2] products           hash id → record
-- KEYS[3…5] scratch, empty before and after
-- KEYS[6…] terms: ARGV[4] sets of ids that must all hold a product, and ARGV[5]
--          sets of words of one prefix, any of which will do; then, as many
--          of the latter again after ARGV[6] of the former, the terms of what
--          is left out, if any
--
-- ARGV[1] entry to start after, empty for the front
-- ARGV[2] how many
-- ARGV[3] the order: 0 title, 1 newest, 2 price
-- ARGV[4] how many terms stand alone
-- ARGV[5] how many words the prefix stands for
-- ARGV[6] how many terms of what is left out stand alone
--
-- Answers how many match in all, also of what is left out, then entry, record, entry, record, …
--
-- Without terms the order itself is the answer. With terms the matches are
-- intersected; few are put in order, many are met soon by walking the order.
local order, products, matches, union, sorted = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local after = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local wanted, alone, words, excepted = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local function range(key, from, n)
  return redis.call('ZRANGEBYLEX', key, from, '+', 'LIMIT', 0, n)
end

local function idOf(entry)
  return entry:match('%z([^%z]*)$')
end

local function page(total, entries)
  local ids, answer = {}, {total}
  for n, entry in ipairs(entries) do
    ids[n] = idOf(entry)
  end
  local records = #ids > 0 and redis.call('HMGET', products, unpack(ids)) or {}
  for n, entry in ipairs(entries) do
    answer[#answer + 1] = entry
    answer[#answer + 1] = records[n]
  end
  return answer
end

-- A record starts with 16 digits of its time of change, 16 of the key by
-- newest, 16 of the key by price, and the title up to a NUL.
local function entryOf(id, record)
  local key
  if ARGV[3] == '0' then
    key = record:match('^([^%z]*)%z', 49)
  else
    key = ARGV[3] == '1' and record:sub(17, 32) or record:sub(33, 48)
  end
  return key .. '\0' .. id
end

local function sort()
  local ids = redis.call('SMEMBERS', matches)
  for from = 1, #ids, 500 do
    local to = math.min(from + 499, #ids)
    local records = redis.call('HMGET', products, unpack(ids, from, to))
    local entries = {}
    for n = from, to do
      entries[#entries + 1] = 0
      entries[#entries + 1] = entryOf(ids[n], records[n - from + 1])
    end
    redis.call('ZADD', sorted, unpack(entries))
  end
  return range(sorted, after, wanted)
end

local function walk()
  local entries, from = {}, after
  while true do
    local block = range(order, from, 500)
    if #block == 0 then
      return entries
    end
    local ids = {}
    for n, entry in ipairs(block) do
      ids[n] = idOf(entry)
    end
    for n, is in ipairs(redis.call('SMISMEMBER', matches, unpack(ids))) do
      if is == 1 then
        entries[#entries + 1] = block[n]
        if #entries == wanted then
          return entries
        end
      end
    end
    from = '(' .. block[#block]
  end
end

if #KEYS == 5 then
  return page(redis.call('ZCARD', order), range(order, after, wanted))
end

-- Scratch concerns neither replicas nor the append-only file.
redis.replicate_commands()
redis.set_repl(redis.REPL_NONE)
redis.call('UNLINK', matches, union, sorted)

-- The terms from a key on; the union of the words goes to a scratch set.
local function termsFrom(first, count, into)
  local terms = {unpack(KEYS, first, first + count - 1)}
  if words > 0 then
    redis.call('SUNIONSTORE', into, unpack(KEYS, first + count, first + count + words - 1))
    terms[#terms + 1] = into
  end
  return terms
end

local total
local terms = termsFrom(6, alone, union)
if #terms == 1 then
  matches = terms[1]
  total = redis.call('SCARD', matches)
else
  total = redis.call('SINTERSTORE', matches, unpack(terms))
end
local left = total
if #KEYS > 5 + alone + words then
  redis.call('SINTERSTORE', sorted, unpack(termsFrom(6 + alone + words, excepted, sorted)))
  left = redis.call('SDIFFSTORE', KEYS[3], matches, sorted)
  matches = KEYS[3]
  redis.call('UNLINK', sorted)
end
local few = left * left <= redis.call('ZCARD', order) * wanted
local answer = page(total, left == 0 and {} or few and sort() or walk())
redis.call('UNLINK', KEYS[3], KEYS[4], KEYS[5])
return answer
