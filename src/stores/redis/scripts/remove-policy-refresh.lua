-- Removes a device's policy refresh.
-- KEYS: policy refreshes, their places by MAC address, the order of those places
-- ARGV: MAC address
local place = redis.call('HGET', KEYS[2], ARGV[1])
if not place then return 0 end
redis.call('ZREM', KEYS[3], place)
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[1])
