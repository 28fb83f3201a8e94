-- Removes an administrator and the way from his token to him.
-- KEYS: administrators by folded name, folded names by token's hash
-- ARGV: folded name
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 0 end
redis.call('HDEL', KEYS[2], (string.match(text, '^%S+ (%S+) ')))
return redis.call('HDEL', KEYS[1], ARGV[1])
