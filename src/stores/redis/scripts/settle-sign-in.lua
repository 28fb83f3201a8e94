-- Ends, or goes on with, a sign-in that is still the device's last one and pending.
-- KEYS: sign-ins by MAC address, nodes of the pending ones by MAC address
-- ARGV: MAC address, id, the text `status id document`
local former = redis.call('HGET', KEYS[1], ARGV[1])
if not former then return 0 end
local status, id = string.match(former, '^(%S+) (%S+) ')
if status ~= 'pending' or id ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if not string.match(ARGV[3], '^pending ') then redis.call('HDEL', KEYS[2], ARGV[1]) end
return 1
