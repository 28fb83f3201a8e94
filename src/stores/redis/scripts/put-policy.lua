-- Writes a calling policy when it is new or a setting differs, and logs the version. A policy is kept
-- as the text `version changedAt settings name`, a version in its log as `version madeAt`.
-- KEYS: calling policies by folded name, the log of this one's versions
-- ARGV: folded name, name, now, settings (a text without spaces), versions kept, the version that it
--   must stand at to be written: `none` when it must not be there, or `any`
local last = tonumber(redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] or 0)
local name = ARGV[2]
local former = redis.call('HGET', KEYS[1], ARGV[1])
if ARGV[6] ~= 'any' and (former and string.match(former, '^%d+') or 'none') ~= ARGV[6] then
  return false
end
if former then
  local formerVersion, settings, formerName = string.match(former, '^(%d+) %d+ (%S+) (.*)$')
  if settings == ARGV[4] then return former end
  -- A node of a release that kept no log may have written it.
  last, name = math.max(last, tonumber(formerVersion)), formerName
end
local version = string.format('%d', last + 1)
local text = version .. ' ' .. ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. name
redis.call('HSET', KEYS[1], ARGV[1], text)
redis.call('ZADD', KEYS[2], version, version .. ' ' .. ARGV[3])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[5]))
return text
