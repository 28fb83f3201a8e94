-- Gives an administrator another role, and returns what is kept of him then.
-- KEYS: administrators by folded name
-- ARGV: folded name, role
local former = redis.call('HGET', KEYS[1], ARGV[1])
if not former then return false end
local text = ARGV[2] .. string.sub(former, (string.find(former, ' ', 1, true)))
redis.call('HSET', KEYS[1], ARGV[1], text)
return text
