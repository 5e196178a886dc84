package metaexchange

import "time"

// Bounds of what is asked and served.
const (
	// lateAfter is the least time after which a part is requested elsewhere too.
	lateAfter = time.Second
	// maxRetry is the longest time after which the only peer is asked again.
	maxRetry = 10 * time.Second
	// minRest is how long a peer that rejected a part is left alone the first
	// time; it doubles up to maxRest.
	minRest = 100 * time.Millisecond
	maxRest = 3 * time.Second
	// minSilence is how long a peer that has parts outstanding says nothing, at
	// least, before they count as put off.
	minSilence = 10 * time.Millisecond
	// maxReorder is how many later parts may come before one that was asked
	// for earlier, as TCP allows three.
	maxReorder = 3
	// holderBurst is how many parts a libtorrent is asked for at once: one less than
	// it answers. It is asked for as many more in a quarter of a round trip, at least and
	// at most so long.
	holderBurst = 9
	minPace     = time.Millisecond / 2
	maxPace     = 16 * time.Millisecond
	// minAsks is the parts that any peer may be asked for at a time.
	minAsks = 2
	// MaxAsks bounds what one peer is asked for at a time, in parts:
	// Transmission rejects more than 64.
	MaxAsks = 64
	// maxCopies bounds the copies that are gathered from one peer alone
	// after a copy of several peers failed its hash. One of which nothing came for
	// standstill does not count.
	maxCopies  = 4
	standstill = 3 * time.Second
	// maxHeld bounds what is kept of all copies of a swarm, in bytes.
	maxHeld = 32 << 20
	// roomRest is the time after which a copy is begun again that was given up because
	// other torrents have all the room.
	roomRest = 2 * time.Second
	// copiesServed is how many parts a peer may have of us in ServedPeriod,
	// in multiples of the whole.
	copiesServed = 2
	ServedPeriod = time.Minute
	// maxQueue bounds the parts that a peer may have asked for.
	maxQueue = 64
)
