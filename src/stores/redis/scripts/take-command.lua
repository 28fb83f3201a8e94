-- Takes the oldest queued command, which becomes `sent`, unless another one is on its way.
-- KEYS: a device's commands by id, their order
-- ARGV: now, the time before which a `sent` one was sent when it no longer counts
local oldest, document
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local status, sentAt, text = string.match(redis.call('HGET', KEYS[1], id), '^(%S+) (%S+) (.*)$')
  if status == 'sent' and tonumber(sentAt) >= tonumber(ARGV[2]) then return false end
  if status == 'queued' and not oldest then oldest, document = id, text end
end
if not oldest then return false end
local taken = 'sent ' .. ARGV[1] .. ' ' .. document
redis.call('HSET', KEYS[1], oldest, taken)
return taken
