-- Random 64 KiB of a file of 1 GiB, aligned; each thread has its own sequence.
local threads = 0
function setup(thread)
	threads = threads + 1
	thread:set("seed", threads)
end
function init()
	math.randomseed(seed)
end
function request()
	local from = math.random(0, 16383) * 65536
	return wrk.format("GET", nil, { Range = "bytes=" .. from .. "-" .. from + 65535 })
end
