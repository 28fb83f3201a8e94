-- Writes a new batch of sign-ins, unless too many are at work in one of its regions, and drops what
-- is too much: the oldest before others, none that is at work, the new one never.
-- KEYS: batches by id, their order, of those at work the text `endsAt regions nodeId`
-- ARGV: id, document, that text ('' when nothing is to be done), now, how many may be at work in a
--       region, how many are kept, then its regions
local now = tonumber(ARGV[4])
local busy = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local work = redis.call('HGET', KEYS[3], id)
  local endsAt, regions = string.match(work or '', '^(%d+) (%S+) ')
  if endsAt and tonumber(endsAt) > now then
    busy[id] = true
    table.insert(busy, { id = id, regions = ',' .. regions .. ',' })
  end
end
for argument = 7, #ARGV do
  local answer = { ARGV[argument] }
  for _, one in ipairs(busy) do
    if string.find(one.regions, ',' .. ARGV[argument] .. ',', 1, true) then
      table.insert(answer, one.id)
    end
  end
  if #answer > tonumber(ARGV[5]) then return answer end
end

local newest = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
local former = redis.call('ZRANGE', KEYS[2], 0, -1)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], (tonumber(newest[2]) or 0) + 1, ARGV[1])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[3], ARGV[1], ARGV[3]) end

local tooMany = #former + 1 - tonumber(ARGV[6])
for _, id in ipairs(former) do
  if tooMany > 0 and not busy[id] then
    redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
    redis.call('HDEL', KEYS[3], id)
    tooMany = tooMany - 1
  end
end
return {}
