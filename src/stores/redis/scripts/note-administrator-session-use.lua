-- Notes when a session was used; one that is not there stays away.
-- KEYS: the session
-- ARGV: used at
local text = redis.call('GET', KEYS[1])
if not text then return 0 end
local document = string.sub(text, (string.find(text, ' ', 1, true)))
redis.call('SET', KEYS[1], ARGV[1] .. document, 'KEEPTTL')
return 1
