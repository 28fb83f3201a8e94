-- The first tenant; the given one when there is none yet.
-- KEYS: tenants in the order in which they were made
-- ARGV: tenant document
local first = redis.call('LINDEX', KEYS[1], 0)
if first then return first end
redis.call('RPUSH', KEYS[1], ARGV[1])
return ARGV[1]
