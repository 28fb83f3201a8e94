-- Removes a device.
-- KEYS: devices, users of devices, their order by user, then every order in which it may stand
-- ARGV: MAC address
noteUserOfDevice(KEYS[2], KEYS[3], ARGV[1], '')
for order = 4, #KEYS do redis.call('ZREM', KEYS[order], ARGV[1]) end
return redis.call('HDEL', KEYS[1], ARGV[1])
