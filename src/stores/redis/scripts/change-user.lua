-- Writes a user over the document that was read, where that is what still stands. Number and UPN stay.
-- KEYS: users by UPN
-- ARGV: UPN, the document that was read, the new one
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
