-- Adds a device unless it is there.
-- KEYS: devices, users of devices, their order by user, their order, the order of those in its state
-- ARGV: MAC address, revision and document, user ('' for none)
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
noteUserOfDevice(KEYS[2], KEYS[3], ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[4], 0, ARGV[1])
redis.call('ZADD', KEYS[5], 0, ARGV[1])
return 1
