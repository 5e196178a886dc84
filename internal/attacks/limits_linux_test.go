package attacks

import "time"

// What an attack may cost others.
const (
	cachedBound     = 200 * time.Millisecond // a read of what is cached, at p95
	coldBound       = 3 * time.Second        // a read of a torrent that is not known yet, at p95
	memorySlack     = 150 << 20              // of RSS beyond --memory
	descriptorBound = 1000
	contactBound    = 5 // that one host sees in a second
)

// The load of the honest client.
const (
	cachedEvery = 150 * time.Millisecond
	coldEvery   = 500 * time.Millisecond
	// honestWait is when an honest read is given up.
	honestWait = 30 * time.Second
	cachedSize = 64 << 10
	coldSize   = 256 << 10
)

const (
	startTime   = 30 * time.Second // a btgw has it until it says where it serves
	endTime     = 45 * time.Second // and until it ends
	sampleEvery = 50 * time.Millisecond
	silentWait  = 300 * time.Millisecond
	meterWait   = 100 * time.Millisecond
	meterBuffer = 8 << 20
	mebibyte    = 1 << 20
)

// floodRate is how many bytes a second a connection floods with.
const floodRate = 4 << 20

// headStart is what an attack has before anybody reads.
const headStart = 500 * time.Millisecond
