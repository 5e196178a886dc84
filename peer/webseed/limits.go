package webseed

import "time"

const (
	// MaxSeeds is how many web seeds of one torrent are used: each has goroutines, and
	// connections to a server that a stranger chose.
	MaxSeeds = 16
	// maxRequests bounds the requests under way to one seed: with two, one is on its way
	// while the other is answered.
	maxRequests = 2
	// maxIdle bounds the connections of all seeds that wait for a next request.
	maxIdle = 32
	// runLength is the length, in bytes, from which on a run that ends with a piece is long
	// enough: the cost of a request is then small beside its answer.
	runLength = 1 << 20
	// maxUnranged is the largest file of which a whole one is read, in bytes, where the
	// server does not heed Range.
	maxUnranged = 4 << 20

	// maxShort bounds the answers of one run that have less than was asked for.
	maxShort = 16
	// MaxWrong is in how many files a seed may have wrong bytes before it is banned: a file that changed
	// is no reason to do without the others.
	MaxWrong = 4

	// headerTime bounds the wait for the header of an answer.
	headerTime = 20 * time.Second
	// tlsTime bounds a TLS handshake.
	tlsTime = 10 * time.Second
	// blockTime bounds the wait for each block of an answer, so that a trickle does not hold
	// a connection for ever.
	blockTime = 30 * time.Second
	// idleTime is how long a connection is kept for the next request.
	idleTime = 30 * time.Second

	// firstWait is the pause after one failure; it doubles with each further one, up to
	// maxWait.
	firstWait = 500 * time.Millisecond
	maxWait   = time.Minute
	// maxRetryAfter bounds the pause that a server may ask for.
	maxRetryAfter = 5 * time.Minute
)
