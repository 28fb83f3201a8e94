-- Writes a calling policy when it is new or a setting differs. A policy is kept as the text
-- `version changedAt settings name`.
-- KEYS: calling policies by folded name
-- ARGV: folded name, name, now, settings (a text without spaces)
local version, name = 1, ARGV[2]
local former = redis.call('HGET', KEYS[1], ARGV[1])
if former then
  local formerVersion, settings, formerName = string.match(former, '^(%d+) %d+ (%S+) (.*)$')
  if settings == ARGV[4] then return former end
  version, name = tonumber(formerVersion) + 1, formerName
end
local text = string.format('%d', version) .. ' ' .. ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. name
redis.call('HSET', KEYS[1], ARGV[1], text)
return text
