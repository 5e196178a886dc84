package contact

import "time"

// Bounds on contacts with one target, which is a host name or a network.
const (
	// PerTarget is how many contacts one target sees in any second, of all kinds together.
	// They are counted in windows that are longer: what leaves here late, since the machine
	// is busy, reaches its target closer to what follows.
	PerTarget    = 5
	targetWindow = 1250 * time.Millisecond

	// maxFresh bounds the exchanges with one network at a time while it has not
	// answered. A silent host sees what the kernel sends again too. maxOpen bounds them
	// once it has answered.
	maxFresh = 4
	maxOpen  = 32
)

// Bounds on what one client, one torrent and the process cause. A bucket holds burst
// contacts and gets one more every so often.
const (
	// A reader's first announces are 32 trackers over two families, a connect and an
	// announce each.
	clientBurst = 128
	clientEvery = time.Second / 16
	// clientOpen is how many exchanges one client may have under way.
	clientOpen = 48

	torrentBurst = 128
	torrentEvery = time.Second / 8

	totalBurst = 512
	totalEvery = time.Second / 256
	// totalOpen bounds the exchanges under way, each of which has a socket.
	totalOpen = 128

	// maxLookups is how many names are looked up at a time, each with two sockets (A and
	// AAAA). No client has more than three quarters of them. lookupTime is how long one may
	// take: a question that was lost is asked again after 5 s.
	maxLookups = 32
	lookupTime = 8 * time.Second

	// maxWaiting bounds the contacts that wait for their turn, each of which has a
	// goroutine. Where it is reached, the client with the most gives one up.
	maxWaiting = 1024

	// maxKeys is how many targets, clients and torrents are known. What was idle the
	// longest is forgotten first.
	maxKeys = 16384
)

// Times of a host that failed.
const (
	// firstRest is how long a host rests after its first failure. It doubles with each
	// further one, up to maxRest.
	firstRest = 10 * time.Second
	maxRest   = 30 * time.Minute

	// maxReaderRest bounds the rest where a reader waits: a host that was down for hours
	// may be up again.
	maxReaderRest = time.Minute

	// tolerance is how many failures of a part (a port of a host, a path of a port) are
	// the part's own before the whole is taken to have failed.
	tolerance = 3

	// proofLife is how long an answer shows that a host is well, so that failures of
	// parts stay theirs.
	proofLife = time.Hour
)
