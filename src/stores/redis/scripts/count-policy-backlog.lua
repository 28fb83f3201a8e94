-- Counts the devices of a policy that have not applied its version. They stand in the order thus:
-- those that have applied a version, by it, then those that have applied none, by the time of their
-- assignment.
-- KEYS: the order of the places of policy refreshes
-- ARGV: places, not necessarily taken, that bound the policy's refreshes: where they begin, those
--       with the version asked for, those with a higher one, those with none, and where all end
-- Returns how many, the first place of one with none, and that of the lowest other version.
local function count(from, to)
  return redis.call('ZLEXCOUNT', KEYS[1], '[' .. from, '(' .. to)
end
local function first(from, to)
  return redis.call('ZRANGEBYLEX', KEYS[1], '[' .. from, '(' .. to, 'LIMIT', 0, 1)[1] or false
end

local start, same, higher, none, ending = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local devices = count(start, same) + count(higher, ending)
return { devices, first(none, ending), first(start, same) or first(higher, none) }
