-- Judges a dialled code and, when it is right, takes it and writes the enrolled device.
-- The order of the checks is that of VerificationCodeStore.redeem.
-- KEYS: codes, their expiry, wrong tries against each, wrong tries in the tenant by time,
--       devices, users of devices, their order by user, the order of those in the enrolled state,
--       then the orders of all other states
-- ARGV: MAC address, code, now, address, a name for this try, expected revision, new revision and
--       document, most tries for a device, an address and a tenant, start of the window,
--       how long the tries are kept at most in milliseconds, the device's user ('' for none)
local macAddress, code, now, address = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local stored = redis.call('HGET', KEYS[1], macAddress)
if not stored then return {'no-code'} end

if tonumber(redis.call('HGET', KEYS[3], macAddress) or '0') >= tonumber(ARGV[8]) then
  return {'locked', 'device'}
end

local tries = redis.call('ZRANGEBYSCORE', KEYS[4], '(' .. ARGV[11], '+inf')
local fromAddress = 0
for _, try in ipairs(tries) do
  if string.match(try, '^%S+ %S+ (.*)$') == address then fromAddress = fromAddress + 1 end
end
if fromAddress >= tonumber(ARGV[9]) then return {'locked', 'address'} end
if #tries >= tonumber(ARGV[10]) then return {'locked', 'tenant'} end

if cjson.decode(stored).code ~= code then
  redis.call('ZADD', KEYS[4], now, ARGV[5] .. ' ' .. macAddress .. ' ' .. address)
  redis.call('PEXPIRE', KEYS[4], ARGV[12])
  return {'wrong', redis.call('HINCRBY', KEYS[3], macAddress, 1)}
end
if tonumber(redis.call('ZSCORE', KEYS[2], macAddress)) <= tonumber(now) then return {'expired'} end

local device = redis.call('HGET', KEYS[5], macAddress)
if not device or string.match(device, '^%d+') ~= ARGV[6] then return {'conflict'} end
redis.call('HSET', KEYS[5], macAddress, ARGV[7])
noteUserOfDevice(KEYS[6], KEYS[7], macAddress, ARGV[13])
redis.call('ZADD', KEYS[8], 0, macAddress)
for other = 9, #KEYS do redis.call('ZREM', KEYS[other], macAddress) end
redis.call('HDEL', KEYS[1], macAddress)
redis.call('ZREM', KEYS[2], macAddress)
redis.call('HDEL', KEYS[3], macAddress)
for _, try in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do
  if string.match(try, '^%S+ (%S+)') == macAddress then redis.call('ZREM', KEYS[4], try) end
end
return {'enrolled'}
