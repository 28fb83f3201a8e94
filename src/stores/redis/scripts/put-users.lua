-- Writes users of one tenant.
-- KEYS: users by UPN, the order of phone number and UPN, the order of UPNs
-- ARGV: for each: UPN, user document
local function member(text, upn) return #text .. ':' .. text .. ' ' .. upn end

for argument = 1, #ARGV, 2 do
  local upn, document = ARGV[argument], ARGV[argument + 1]
  local former = redis.call('HGET', KEYS[1], upn)
  if former then
    local user = cjson.decode(former)
    if user.phoneNumber ~= cjson.null then
      redis.call('ZREM', KEYS[2], member(user.phoneNumber, upn))
    end
  end
  local user = cjson.decode(document)
  redis.call('HSET', KEYS[1], upn, document)
  redis.call('ZADD', KEYS[3], 0, upn)
  if user.phoneNumber ~= cjson.null then
    redis.call('ZADD', KEYS[2], 0, member(user.phoneNumber, upn))
  end
end
return 1
