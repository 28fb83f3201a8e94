-- Writes a device's sign-in over the former one. A sign-in is kept as the text `status id document`.
-- KEYS: sign-ins by MAC address, nodes of the pending ones by MAC address
-- ARGV: MAC address, the text, and when it is pending its node
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[3] then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
else
  redis.call('HDEL', KEYS[2], ARGV[1])
end
return 1
