-- Writes accounts of one tenant.
-- KEYS: accounts by authentication name, the order of AOR and name, the order of device and name
-- ARGV: for each: authentication name, account document
local function member(text, name) return #text .. ':' .. text .. ' ' .. name end

for argument = 1, #ARGV, 2 do
  local name, document = ARGV[argument], ARGV[argument + 1]
  local former = redis.call('HGET', KEYS[1], name)
  if former then
    local account = cjson.decode(former)
    redis.call('ZREM', KEYS[2], member(account.aor, name))
    if account.macAddress ~= cjson.null then
      redis.call('ZREM', KEYS[3], member(account.macAddress, name))
    end
  end
  local account = cjson.decode(document)
  redis.call('HSET', KEYS[1], name, document)
  redis.call('ZADD', KEYS[2], 0, member(account.aor, name))
  if account.macAddress ~= cjson.null then
    redis.call('ZADD', KEYS[3], 0, member(account.macAddress, name))
  end
end
return 1
