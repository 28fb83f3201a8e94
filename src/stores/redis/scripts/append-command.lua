-- Appends a command unless it is there, and drops what is too much: settled ones first, the oldest
-- before others, the new one never. A command is kept as the text `status sentAt document`.
-- KEYS: a device's commands by id, their order
-- ARGV: id, the text, how many are kept
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
local ids = redis.call('ZRANGE', KEYS[2], 0, -1)
local newest = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
redis.call('ZADD', KEYS[2], (tonumber(newest[2]) or 0) + 1, ARGV[1])

local tooMany = #ids + 1 - tonumber(ARGV[3])
if tooMany <= 0 then return 1 end
local settled, open = {}, {}
for _, id in ipairs(ids) do
  local status = string.match(redis.call('HGET', KEYS[1], id), '^%S+')
  local isOpen = status == 'queued' or status == 'sent'
  table.insert(isOpen and open or settled, id)
end
for number = 1, tooMany do
  local id = settled[number] or open[number - #settled]
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
return 1
