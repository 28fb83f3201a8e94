-- Removes the account of one authentication name.
-- KEYS: accounts by authentication name, the order of AOR and name, the order of device and name
-- ARGV: the authentication name
local function member(text, name) return #text .. ':' .. text .. ' ' .. name end

local document = redis.call('HGET', KEYS[1], ARGV[1])
if not document then return 0 end
local account = cjson.decode(document)
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], member(account.aor, ARGV[1]))
if account.macAddress ~= cjson.null then
  redis.call('ZREM', KEYS[3], member(account.macAddress, ARGV[1]))
end
return 1
