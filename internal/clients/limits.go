package clients

import "time"

const (
	// readyTimeout is how long a client has from its start until it answers. It
	// takes well under a second on an idle machine; a busy one has the rest.
	readyTimeout = time.Minute

	// workTimeout is how long an operation of a client may take whose end the
	// caller gives no context for, as checking what it seeds.
	workTimeout = 4 * time.Minute

	// pollInterval is between two questions to a client that cannot tell by
	// itself when something has happened.
	pollInterval = 10 * time.Millisecond

	// stillLooks is at how many looks in a row, stillDelay apart, an element of a page has to be
	// where it was before it is clicked on.
	stillLooks = 3
	stillDelay = 20 * time.Millisecond

	// minKnown is how many others a node of a DHT has to know to be in it.
	minKnown = 3

	// nodeTimeout is how long a node of a DHT has to answer.
	nodeTimeout = 2 * time.Second

	// aria2Interval is after how many seconds aria2 asks a tracker again: soon
	// enough for a test in which a peer comes late.
	aria2Interval = 2

	// rTorrentInterval is between two times that rTorrent is told of its peers.
	rTorrentInterval = time.Second

	// rTorrentTimeout is how long it has to answer one question.
	rTorrentTimeout = 10 * time.Second

	// pipeWait is how long the output of a killed client may stay open.
	pipeWait = 5 * time.Second

	// maxOutput is how many bytes of a client's output are kept: the last ones.
	maxOutput = 16 << 10

	// maxAnswer is the longest answer of a client in bytes.
	maxAnswer = 16 << 20

	// nobody is the user and the group of a program that refuses to be root's.
	nobody = 65534

	// firstPort and lastPort bound the ports of clients that have to be told one. They
	// are below the ports that systems give to outgoing connections (RFC 6335; Linux:
	// from 32768). So no such connection takes the port before the client has it. They
	// are above 22069, where btgw accepts peers by default.
	firstPort, lastPort = 22100, 31999
)

// These constants are those of DelayProxy.
const (
	// segmentTime is how much time's bytes go at once where the rate is limited:
	// little enough to look even, and no more wakes than a machine can do.
	segmentTime = time.Millisecond

	// minSegment is what one packet on an Ethernet carries, in bytes.
	minSegment = 1460

	// maxSegment is how many bytes go at once at most.
	maxSegment = 16 << 10

	// maxBurst is how many bytes may be made up for at once after the machine
	// was late.
	maxBurst = 16 << 10

	// minWindow and maxWindow bound the bytes under way on one connection. They are the
	// usual amount on a slow path, and the most that systems give a window by default
	// (Linux: 6 MiB to read, 4 MiB to write).
	minWindow = 64 << 10
	maxWindow = 6 << 20
)
