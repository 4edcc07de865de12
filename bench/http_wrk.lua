-- Asks for the users in turn: each of COUNT requests that are written beforehand, a large step apart.
-- Arguments behind wrk's "--": PATH, and when that ends in "=" FIRST_USER COUNT.

local requests = {}
local next_one = 0

function init(args)
  local path, first, count = args[1], tonumber(args[2]), tonumber(args[3])
  if not count then
    requests[0] = wrk.format("GET", path)
    return
  end
  for i = 0, math.min(count, 20000) - 1 do
    requests[i] = wrk.format("GET", path .. string.format("%d", first + i * 7919 % count))
  end
end

function request()
  local text = requests[next_one]
  next_one = requests[next_one + 1] and next_one + 1 or 0
  return text
end
