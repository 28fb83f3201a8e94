-- Puts commands that are `sent` for too long back into the queue; says how many `sent` ones are left.
-- KEYS: a device's commands by id
-- ARGV: the time before which they were sent
local left = 0
local all = redis.call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  local status, sentAt, text = string.match(all[at + 1], '^(%S+) (%S+) (.*)$')
  if status == 'sent' then
    if tonumber(sentAt) < tonumber(ARGV[1]) then
      redis.call('HSET', KEYS[1], all[at], 'queued - ' .. text)
    else
      left = left + 1
    end
  end
end
return left
