-- Writes what became of a command that is `sent`.
-- KEYS: a device's commands by id
-- ARGV: id, the text `status sentAt document`
local former = redis.call('HGET', KEYS[1], ARGV[1])
if not former or string.match(former, '^%S+') ~= 'sent' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
