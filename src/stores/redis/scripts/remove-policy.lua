-- Removes a calling policy. Of its log stays the last version, from which one made again counts on.
-- KEYS: calling policies by folded name, the log of this one's versions
-- ARGV: folded name
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -2)
return redis.call('HDEL', KEYS[1], ARGV[1])
