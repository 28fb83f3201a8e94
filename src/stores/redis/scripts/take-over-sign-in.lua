-- Gives a pending sign-in to another node, if it still stands as the former text says.
-- KEYS: sign-ins by MAC address, nodes of the pending ones by MAC address
-- ARGV: MAC address, the former text `pending id document`, the new one, its node
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
return 1
