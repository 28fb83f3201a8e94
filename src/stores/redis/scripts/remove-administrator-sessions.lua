-- Ends all sessions of an administrator.
-- KEYS: the administrator's sessions by their creation
-- ARGV: what stands before an id's hash in a session's key
for _, idHash in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  redis.call('DEL', ARGV[1] .. idHash)
end
return redis.call('DEL', KEYS[1])
