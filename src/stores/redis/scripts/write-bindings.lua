-- Writes an AOR's bindings when they are still those that the decision was made from.
-- KEYS: bindings by AOR, the order of AORs, expiry of each binding, the order of device and AOR,
--       expiry by device and AOR, latest expiry by device
-- ARGV: AOR, expected revision ('' for none), new revision and bindings ('' for none), how many
--       bindings there were, how many there are, the expiry of each; then for each device that had
--       or has a binding here: MAC address, its latest expiry under this AOR ('' for none)
local aor, formerCount, count = ARGV[1], tonumber(ARGV[4]), tonumber(ARGV[5])
local current = redis.call('HGET', KEYS[1], aor)
local revision = current and string.match(current, '^%d+') or ''
if revision ~= ARGV[2] then return 0 end

if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], aor)
  redis.call('ZREM', KEYS[2], aor)
else
  redis.call('HSET', KEYS[1], aor, ARGV[3])
  if not current then redis.call('ZADD', KEYS[2], 0, aor) end
end
for number = 1, count do redis.call('ZADD', KEYS[3], ARGV[5 + number], number .. ' ' .. aor) end
for number = count + 1, formerCount do redis.call('ZREM', KEYS[3], number .. ' ' .. aor) end

for argument = 6 + count, #ARGV, 2 do
  local macAddress, expiry = ARGV[argument], ARGV[argument + 1]
  local pair = macAddress .. ' ' .. aor
  if expiry == '' then
    redis.call('ZREM', KEYS[4], pair)
    redis.call('HDEL', KEYS[5], pair)
  else
    redis.call('ZADD', KEYS[4], 0, pair)
    redis.call('HSET', KEYS[5], pair, expiry)
  end
  -- '!' is the character after the space that ends the MAC address.
  local pairsOfDevice = redis.call('ZRANGEBYLEX', KEYS[4], '[' .. macAddress .. ' ', '(' .. macAddress .. '!')
  local latest = false
  for _, other in ipairs(pairsOfDevice) do
    local otherExpiry = redis.call('HGET', KEYS[5], other)
    if not latest or tonumber(otherExpiry) > tonumber(latest) then latest = otherExpiry end
  end
  if latest then
    redis.call('ZADD', KEYS[6], latest, macAddress)
  else
    redis.call('ZREM', KEYS[6], macAddress)
  end
end
return 1
