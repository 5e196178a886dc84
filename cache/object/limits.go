package object

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

const (
	// runBytes is what the pieces of a run have together at most, if they are more than one.
	runBytes = 8 << 20

	// maxListed is how many objects of one torrent are listed, a thousand a request. It covers
	// half a tebibyte; what comes behind is not read from the store.
	maxListed = 64 << 10
	// maxSwept is how many torrents one look through the bucket takes in.
	maxSwept = 1 << 20
	// maxDeleted is how many objects one request deletes, as S3 has it.
	maxDeleted = 1000
	// maxMetainfo bounds a metainfo object in bytes.
	maxMetainfo = metainfo.MaxTorrentLen

	// maxName bounds what is kept of a name, in bytes: an item of the DHT has 1,200 at most.
	maxName = 4 << 10

	// maxQueued is how many writes may wait. One that waits holds neither pieces nor metainfo.
	maxQueued = 4096
	// writers is how many writes are under way at a time.
	writers = 2

	// maxConns bounds the connections to the store; maxIdle those that wait for a next request.
	maxConns = 64
	maxIdle  = 32
	// bufferBytes is the size of a connection's buffer for writing. What is read passes by its
	// buffer, as that is small.
	bufferBytes = 64 << 10

	// dialTime bounds a connection's setup, TLS included; headerTime the wait for an answer's
	// first byte; idleTime how long a connection is kept for a next request.
	dialTime   = 5 * time.Second
	headerTime = 15 * time.Second
	idleTime   = time.Minute
	// stallTime is how long the store may send nothing of an answer.
	stallTime = 15 * time.Second
	// askTime bounds what is small: metainfo, a deletion. listTime bounds a list of any length,
	// and writeTime one write.
	askTime   = 20 * time.Second
	listTime  = 2 * time.Minute
	writeTime = 2 * time.Minute
	// probeTime bounds a try whether the store is back.
	probeTime = 5 * time.Second

	// firstRest is how long the store is left alone after a failure. It doubles with each
	// further one, up to maxRest.
	firstRest = 250 * time.Millisecond
	maxRest   = 30 * time.Second
)
