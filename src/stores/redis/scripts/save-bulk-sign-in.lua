-- Writes how a batch of sign-ins stands, if it is still at work and still of the node that says so.
-- KEYS: batches by id, their order, of those at work the text `endsAt regions nodeId`
-- ARGV: id, document, that text ('' when nothing is left to be done), the node
local work = redis.call('HGET', KEYS[3], ARGV[1])
if not work or string.match(work, '^%S+ %S+ (.*)$') ~= ARGV[4] then return 0 end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[3])
else
  redis.call('HDEL', KEYS[3], ARGV[1])
end
return 1
