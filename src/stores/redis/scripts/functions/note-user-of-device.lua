-- Notes who is signed in on a device ('' for nobody): in the hash of users by MAC address, and in
-- the order of user and MAC address.
local function noteUserOfDevice(users, order, macAddress, upn)
  local former = redis.call('HGET', users, macAddress)
  if former == upn then return end
  if former then
    redis.call('HDEL', users, macAddress)
    redis.call('ZREM', order, #former .. ':' .. former .. ' ' .. macAddress)
  end
  if upn ~= '' then
    redis.call('HSET', users, macAddress, upn)
    redis.call('ZADD', order, 0, #upn .. ':' .. upn .. ' ' .. macAddress)
  end
end

