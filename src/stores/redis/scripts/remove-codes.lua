-- Removes verification codes that expired before a time.
-- KEYS: codes, their expiry, wrong tries against each
-- ARGV: the time ('+inf': whatever their expiry), MAC addresses
local removed = 0
for argument = 2, #ARGV do
  local macAddress = ARGV[argument]
  local expiry = redis.call('ZSCORE', KEYS[2], macAddress)
  if expiry and (ARGV[1] == '+inf' or tonumber(expiry) < tonumber(ARGV[1])) then
    redis.call('HDEL', KEYS[1], macAddress)
    redis.call('ZREM', KEYS[2], macAddress)
    redis.call('HDEL', KEYS[3], macAddress)
    removed = removed + 1
  end
end
return removed
