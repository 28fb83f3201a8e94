-- Removes a user.
-- KEYS: users by UPN, the order of phone number and UPN, the order of UPNs
-- ARGV: UPN
local former = redis.call('HGET', KEYS[1], ARGV[1])
if not former then return 0 end
local phoneNumber = cjson.decode(former).phoneNumber
if phoneNumber ~= cjson.null then
  redis.call('ZREM', KEYS[2], #phoneNumber .. ':' .. phoneNumber .. ' ' .. ARGV[1])
end
redis.call('ZREM', KEYS[3], ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[1])
