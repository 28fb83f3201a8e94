-- Gives a batch of sign-ins at work to another node, if it still stands as the former document says.
-- KEYS: batches by id, their order, of those at work the text `endsAt regions nodeId`
-- ARGV: id, the former document, the new one, its text among those at work
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[4])
return 1
