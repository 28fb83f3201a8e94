-- The member of a user in the order of phone number and UPN.
local function member(text, upn) return #text .. ':' .. text .. ' ' .. upn end

-- Writes a user of a tenant over the former one of the same UPN.
-- keys: users by UPN, the order of phone number and UPN, the order of UPNs
local function writeUser(keys, upn, document)
  local former = redis.call('HGET', keys[1], upn)
  if former then
    local user = cjson.decode(former)
    if user.phoneNumber ~= cjson.null then
      redis.call('ZREM', keys[2], member(user.phoneNumber, upn))
    end
  end
  local user = cjson.decode(document)
  redis.call('HSET', keys[1], upn, document)
  redis.call('ZADD', keys[3], 0, upn)
  if user.phoneNumber ~= cjson.null then
    redis.call('ZADD', keys[2], 0, member(user.phoneNumber, upn))
  end
end
