-- Removes a device.
-- KEYS: devices, then every order in which it may stand
-- ARGV: MAC address
for order = 2, #KEYS do redis.call('ZREM', KEYS[order], ARGV[1]) end
return redis.call('HDEL', KEYS[1], ARGV[1])
