-- Writes a device's policy refresh when the stored revision is the expected one.
-- KEYS: policy refreshes, their places by MAC address, the order of those places
-- ARGV: MAC address, expected revision ('' when there is to be none), new revision and document,
--       place
local current = redis.call('HGET', KEYS[1], ARGV[1])
local revision = current and string.match(current, '^%d+') or ''
if revision ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
local former = redis.call('HGET', KEYS[2], ARGV[1])
if former == ARGV[4] then return 1 end
if former then redis.call('ZREM', KEYS[3], former) end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
redis.call('ZADD', KEYS[3], 0, ARGV[4])
return 1
