-- Replaces a device when its revision is still the expected one.
-- KEYS: devices, users of devices, their order by user, the order of those in its state, then the
--       orders of all other states
-- ARGV: MAC address, expected revision, new revision and document, user ('' for none)
local current = redis.call('HGET', KEYS[1], ARGV[1])
if not current or string.match(current, '^%d+') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
noteUserOfDevice(KEYS[2], KEYS[3], ARGV[1], ARGV[4])
redis.call('ZADD', KEYS[4], 0, ARGV[1])
for other = 5, #KEYS do redis.call('ZREM', KEYS[other], ARGV[1]) end
return 1
