package fetch

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// Bounds and defaults of the session, with their reasons.
// Times are of the simulated or real clock; sizes are bytes unless named
// blocks.
const (
	// MaxTorrents bounds the torrents of a session (SECURITY T3: parsed
	// torrents in memory).
	MaxTorrents = 256
	// laneWait is the longest that a complete piece waits to be hashed with others. laneRate is the
	// least rate at which pieces have to come for that, in bytes/s: below it SHA-1 takes a twentieth
	// of a processor.
	laneWait = 40 * time.Millisecond
	laneRate = 100e6
	// saveEvery is how often the ledger is written, if anything changed: so much is lost in a crash.
	saveEvery = time.Minute
	// maxSources bounds the URLs that one torrent's .torrent is looked for at, and
	// maxSourcing how many are asked at once in all torrents.
	maxSources  = 8
	maxSourcing = 8
	// maxSourceLen is the longest .torrent that is taken from there, in bytes.
	maxSourceLen = metainfo.MaxInfoLen + 2<<20
	// MaxReaders bounds the open Contents of a session (SECURITY T9).
	MaxReaders = 4096

	// networkV4 and networkV6 are the bits of an address that are one network: what is handed
	// out to those who have more than one address.
	networkV4 = 24
	networkV6 = 48
	// MaxUnresolved bounds the torrents whose metadata is being looked for: they have
	// places of their own.
	MaxUnresolved = 128
	// maxEnding bounds the torrents that are ending, besides.
	maxEnding = 256
	// minShares is the least number of parts that the memory of torrents is shared out
	// in: one client alone with more than a part pushes out nobody else's.
	minShares = 2
	// gatherShare is the part of that, as a divisor, which metadata on its way from peers
	// may take besides.
	gatherShare = 2
	// maxParsing is how much metadata is parsed at a time: that takes several times its
	// size.
	maxParsing = 2
	// dearMetadata is from how many bytes on metadata takes its client's CPU time: a
	// millisecond's worth.
	dearMetadata = 32 << 10
	// beginTime bounds the wait for a torrent that is being begun, or is ending.
	beginTime = 10 * time.Second
	// holdingSize, torrentSize and linkSize are about what the tables of a torrent take
	// in bytes: what is known of it, what is in use, a peer. A peer has fieldsOfPeer
	// bitfields.
	holdingSize  = 2 << 10
	torrentSize  = 32 << 10
	linkSize     = 1 << 10
	fieldsOfPeer = 2

	// pressedWrite is how much is sent at a time where the pieces that readers send
	// from are more than half of the memory.
	pressedWrite = 32 << 10
	// diskBuffer is what a reader that sends from disk takes of memory.
	diskBuffer = 256 << 10

	// mediaHead and mediaTail are fetched of a film that is opened at its start:
	// where its index or its cues are.
	mediaHead = 1 << 20
	mediaTail = 2 << 20
	// startTime is how long the first piece is wanted for a reader who waited for
	// the metadata to read it.
	startTime = 5 * time.Second
	// prefetchTime is how long what no reader has asked for is wanted, and kept in
	// memory where the cache has no room.
	prefetchTime = 30 * time.Second

	// seekTime is how long the metadata of a torrent is looked for that a sibling asked for, and
	// maxSeeking bounds the torrents that are.
	seekTime   = 30 * time.Second
	maxSeeking = 128

	// warmFor keeps a swarm dialled and interested after its last reader.
	warmFor = 2 * time.Minute
	// searchFor goes on looking for metadata after the last who waited left.
	searchFor = time.Minute
	// lingerFor is in place of either where nothing says that the torrent is worth it: no
	// byte of its content ever came, and no peer offers any.
	lingerFor = 5 * time.Second
	// maxWrongObjects is after how many wrong objects the object store is not asked for more of
	// a torrent while that is in use.
	maxWrongObjects = 8
	// maxNamers is how many clients are known to have named one web seed.
	maxNamers = 16

	// noSourcesTime is how long there may be no peer left to ask before a request that fails fast
	// fails. By then a peer that restarts is back, and a peer that looks for us has
	// come.
	noSourcesTime = 5 * time.Second
	// uselessTime is how long all connected peers may lack the piece of a request that fails fast,
	// without news of another piece or peer. By then a peer that tells of others when it
	// connects has done so, and those were dialled.
	uselessTime = 10 * time.Second
	// revealTime replaces uselessTime where a peer has told of nothing yet.
	// libtorrent's super-seeds tell of their first piece ten seconds after they saw no
	// interest, and a tick of a second.
	revealTime = 15 * time.Second
	// silentTime is how long all peers that have the piece may owe it and not send a
	// byte. By then a lost packet was sent again three times, and a disk has begun to
	// turn.
	silentTime = 15 * time.Second
	// noSourcesLife is how long that result holds for later requests, before all are
	// asked again for one of them.
	noSourcesLife = 30 * time.Second
	// noSourcesLook is the interval at which requests that fail fast look.
	noSourcesLook = 500 * time.Millisecond
	// closeAfter ends a torrent that nobody read for so long, unless there is
	// room for it.
	closeAfter = 30 * time.Minute

	// maxLeavesPiece is the longest piece that is hashed for a peer that asks for its
	// leaves: all of them go into one answer.
	maxLeavesPiece = metainfo.HashRun * metainfo.BlockLen
	// keepEvery is how often layers are kept on disk while more of them come.
	keepEvery = time.Minute
)
