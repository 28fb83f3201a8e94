-- Writes a device's verification code and forgets the wrong tries against the former one.
-- KEYS: codes, their expiry, wrong tries against each
-- ARGV: MAC address, code document, expiry
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 1
