-- Replaces a device when its revision is still the expected one.
-- KEYS: devices, the order of those in its state, then the orders of all other states
-- ARGV: MAC address, expected revision, new revision and document
local current = redis.call('HGET', KEYS[1], ARGV[1])
if not current or string.match(current, '^%d+') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
for other = 3, #KEYS do redis.call('ZREM', KEYS[other], ARGV[1]) end
return 1
