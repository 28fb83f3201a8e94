-- Writes users of one tenant.
-- KEYS: users by UPN, the order of phone number and UPN, the order of UPNs
-- ARGV: for each: UPN, user document
for argument = 1, #ARGV, 2 do
  writeUser(KEYS, ARGV[argument], ARGV[argument + 1])
end
return 1
