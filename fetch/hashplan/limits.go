package hashplan

import "time"

const (
	// maxAsks bounds the runs of hashes that a torrent has asked for and not got:
	// 16 KiB each.
	maxAsks = 16
	// Late is the least time after which a run is requested from another peer too,
	// and gone the time after which it is not expected any more. A peer that sent
	// none is then left alone for silentRest.
	Late       = time.Second
	gone       = 10 * time.Second
	silentRest = 5 * time.Second
	// RefusedRest is how long a peer is left alone that rejected a run, twice as long
	// each time, at most refusedRestMost: libtorrent may have it a moment later.
	RefusedRest     = 250 * time.Millisecond
	refusedRestMost = 30 * time.Second
	// wrongRest is how long one is whose hashes were not proved, and maxWrong how often
	// that may be.
	wrongRest = 10 * time.Second
	maxWrong  = 3
	// maxRefused is how many rejects in a row make a peer one that has no hashes.
	maxRefused = 3
)
