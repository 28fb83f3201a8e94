-- Adds a device unless it is there.
-- KEYS: devices, their order, the order of those in its state
-- ARGV: MAC address, revision and document
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
return 1
