package conformance

import "time"

const (
	// exchangeTime bounds one request and its answer; a gateway may wait 25 s for
	// a swarm.
	exchangeTime = 60 * time.Second
	// cacheTime is how long caches wait for a first byte (CloudFront's default).
	cacheTime = 30 * time.Second
	// promptTime is what "at once" means on a slow machine.
	promptTime = 5 * time.Second
	// minFile and maxFile bound the file that is asked for, in bytes: ranges need
	// room, and it is held in memory.
	minFile = 40_000
	maxFile = 64 << 20
	// largeFile is more than the buffers between a gateway and its client hold, in bytes.
	largeFile = 12 << 20
	// maxAnswer bounds an answer that is read, in bytes.
	maxAnswer = maxFile + 1<<20
	// maxJSON bounds a listing that is parsed, in bytes.
	maxJSON = 32 << 20
)
