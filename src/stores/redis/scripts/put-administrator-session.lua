-- Writes a session, kept as the text `usedAt document`, and ends the administrator's oldest when he
-- has too many. Those that have expired may be gone already.
-- KEYS: the session, the administrator's sessions by their creation
-- ARGV: text, created at, lifetime in milliseconds, most sessions, id's hash, what stands before it in a key
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
local surplus = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if surplus <= 0 then return 0 end
local removed = 0
for _, idHash in ipairs(redis.call('ZRANGE', KEYS[2], 0, surplus)) do
  if idHash ~= ARGV[5] and removed < surplus then
    redis.call('ZREM', KEYS[2], idHash)
    redis.call('DEL', ARGV[6] .. idHash)
    removed = removed + 1
  end
end
return removed
