-- Writes a user unless another one has the phone number; says who.
-- KEYS: users by UPN, the order of phone number and UPN, the order of UPNs
-- ARGV: UPN, user document
local number = cjson.decode(ARGV[2]).phoneNumber
if number ~= cjson.null then
  local start = member(number, '')
  -- Two are enough: one of them may be the user.
  local stop = string.sub(start, 1, -2) .. '!'
  for _, holder in ipairs(redis.call('ZRANGEBYLEX', KEYS[2], '[' .. start, '(' .. stop, 'LIMIT', 0, 2)) do
    local upn = string.sub(holder, #start + 1)
    if upn ~= ARGV[1] then return upn end
  end
end
writeUser(KEYS, ARGV[1], ARGV[2])
return false
