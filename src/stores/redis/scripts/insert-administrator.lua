-- Adds an administrator, kept as the text `role tokenHash document`.
-- KEYS: administrators by folded name, folded names by token's hash
-- ARGV: folded name, text, most that are kept, then the token's hash if there is a token
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 'exists' end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 'full' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[4] then redis.call('HSET', KEYS[2], ARGV[4], ARGV[1]) end
return 'inserted'
