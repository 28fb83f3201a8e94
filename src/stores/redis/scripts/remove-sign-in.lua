-- Removes a device's sign-in.
-- KEYS: sign-ins by MAC address, nodes of the pending ones by MAC address
-- ARGV: MAC address
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[1])
