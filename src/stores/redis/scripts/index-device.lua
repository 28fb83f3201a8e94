-- Notes the user of a device that was written before devices were ordered by user, unless the
-- device has changed since it was read.
-- KEYS: devices, users of devices, their order by user
-- ARGV: MAC address, revision and document as read, user
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
noteUserOfDevice(KEYS[2], KEYS[3], ARGV[1], ARGV[3])
return 1
