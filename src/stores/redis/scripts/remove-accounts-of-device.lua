-- Removes the accounts that were made for a device.
-- KEYS: accounts by authentication name, the order of AOR and name, the order of device and name
-- ARGV: what begins the device's members in that order, what follows them, and where one is kept its name
local function member(text, name) return #text .. ':' .. text .. ' ' .. name end

local members = redis.call('ZRANGEBYLEX', KEYS[3], '[' .. ARGV[1], '(' .. ARGV[2])
for _, one in ipairs(members) do
  local name = string.sub(one, #ARGV[1] + 1)
  if name ~= ARGV[3] then
    local document = redis.call('HGET', KEYS[1], name)
    if document then
      redis.call('ZREM', KEYS[2], member(cjson.decode(document).aor, name))
      redis.call('HDEL', KEYS[1], name)
    end
    redis.call('ZREM', KEYS[3], one)
  end
end
return #members
