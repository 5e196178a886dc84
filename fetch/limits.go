package fetch

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// Bounds and defaults of the scheduler and the session, with their reasons.
// Times are of the simulated or real clock; sizes are bytes unless named
// blocks.
const (
	// MaxTorrents bounds the torrents of a session (SECURITY T3: parsed
	// torrents in memory).
	MaxTorrents = 256
	// maxSources bounds the URLs that one torrent's .torrent is looked for at,
	// maxSourcing how many are asked at once in all torrents, and sourceTime how long.
	maxSources  = 8
	maxSourcing = 8
	sourceTime  = 10 * time.Second
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
	// beginTime bounds the wait for a torrent that is being begun, or is ending.
	beginTime = 10 * time.Second
	// holdingSize, torrentSize and linkSize are about what the tables of a torrent take
	// in bytes: what is known of it, what is in use, a peer. A peer has fieldsOfPeer
	// bitfields.
	holdingSize  = 2 << 10
	torrentSize  = 32 << 10
	linkSize     = 1 << 10
	fieldsOfPeer = 2

	// minWindow is the least that a reader has wanted ahead, besides two
	// pieces: enough for a request queue at a fast peer before the reader's
	// rate is known.
	minWindow = 2 << 20
	// windowTime is how far ahead of a reader its window reaches at its rate.
	windowTime = 8 * time.Second
	// paceTime is how long ago what a socket accepted counts for e times less.
	paceTime  = 4 * time.Second
	paceDoubt = time.Second
	// playerStart is what a player may begin with, in bytes: a second at guessRate.
	playerStart = guessRate
	// maxBehind is the most that a reader waits longer for having had much of late.
	maxBehind = 500 * time.Millisecond
	// maxWindow bounds one reader's window whatever its rate.
	maxWindow = 64 << 20
	// pressedWrite is how much is sent at a time where the pieces that readers send
	// from are more than half of the memory.
	pressedWrite = 32 << 10
	// diskBuffer is what a reader that sends from disk takes of memory.
	diskBuffer = 256 << 10
	// idleReader is how long a reader may not move while bytes are ready
	// before its demand is dropped.
	idleReader = 10 * time.Second

	// maxShare bounds the first requests to a peer, in blocks: its share of the urgent
	// piece.
	maxShare = 64
	// shortQueue is how many blocks a queue has at least before it may run down to half.
	shortQueue = 4
	// minDepth is the least queue of a peer, in blocks: one that it sends, and one that
	// it sends while it is asked for the next.
	minDepth = 2
	// minSlack is the least time that a peer's queue is to last beyond its round
	// trip, and maxPause the most, for peers that pause: some clients allot
	// bandwidth twice a second. A pause is forgotten after lullLife.
	minSlack = 10 * time.Millisecond
	maxPause = 600 * time.Millisecond
	lullLife = 2 * time.Second
	// queueTime is the least time that a peer's queue is to last in all, however near
	// it is: requests and what is read of them come in larger parts then.
	queueTime = 40 * time.Millisecond
	// runTime is how long the queue of a web seed may last at its rate, to hold whole
	// pieces.
	runTime = 2 * time.Second
	// maxDepth bounds a peer's queue, in blocks; a peer's reqq may be less.
	maxDepth = 500

	// guessRate stands for a peer's rate until it is measured, in bytes/s.
	guessRate = 1 << 20
	// guessRTT stands for a peer's round trip until it is known.
	guessRTT = 200 * time.Millisecond
	// guessPipe is how many blocks a peer has in its socket's buffer, past taking
	// back, until that is learned: 64 KiB is little for a buffer.
	guessPipe = 4
	// adopting is how soon a block that was adopted has to come to have been here
	// before.
	adopting = time.Millisecond
	// closeBehind is how soon after a request its cancel still catches it, wherever
	// in the queue it is.
	closeBehind = 2 * time.Millisecond
	// minLateness is the least by which an expected block must be late before
	// it is asked elsewhere. 250 ms fixed cost a fifth in duplicates, 500 ms
	// fixed cost ten round trips a stall: it is relative, with this floor.
	minLateness = 150 * time.Millisecond
	// lateTwice is how many times in a row a peer may be late before it leaves
	// the urgent set.
	lateTwice = 2
	// probeLater is when a peer that left the urgent set is tried with a block, and
	// probeSoon where many wait.
	probeLater = 2 * time.Second
	probeSoon  = 250 * time.Millisecond
	// rejectRest is how long a peer is not asked again for a piece of which it
	// rejected a block.
	rejectRest = 5 * time.Second

	// onlyRest is what rejectRest is where nobody else has the piece: twice as long each
	// time, at most rejectRest.
	onlyRest = 250 * time.Millisecond
	// lostAfter is how many blocks that were asked for later have come when a request is
	// taken for lost, of a peer that answers in order; of others it is disorder times as
	// many as it is asked for at once.
	lostAfter = 4
	disorder  = 8
	// againAfter is how long a peer may be silent before it is asked again for what nobody
	// else has, twice as long each time, and maxAgain how often that is done.
	againAfter = time.Second
	maxAgain   = 5
	// jamBlocks is how many times its depth a peer that fell silent has to answer before
	// it is asked for as much as before.
	jamBlocks = 8

	// duplicateShare is the part of received bytes that hedging may waste,
	// over duplicateWindow.
	duplicateShare  = 0.05
	duplicateWindow = 10 * time.Second
	// freeDuplicates is what hedging may always waste, in bytes: the share of
	// little is nothing.
	freeDuplicates = 1 << 20

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
	// reopenTime is how long after a reader left nothing is prefetched: its player may be
	// about to open another place, over a new connection. It is longer than that takes
	// over a slow path.
	reopenTime = 500 * time.Millisecond
	// maxPrefetches bounds the prefetches of a torrent: a new one ends the oldest.
	maxPrefetches = 8

	// parkedFlights and parkedTime bound the pieces that nobody wants any more
	// and of which some blocks came: a browser closes and reopens at the same
	// place.
	parkedFlights = 8
	parkedTime    = 15 * time.Second

	// maxRelieved bounds how often a piece on parole is taken from a slow peer.
	maxRelieved = 4
	// keptFailures bounds the failed copies that are kept to find a liar.
	keptFailures = 4

	// warmFor keeps a swarm dialled and interested after its last reader.
	warmFor = 2 * time.Minute
	// searchFor goes on looking for metadata after the last who waited left.
	searchFor = time.Minute
	// lingerFor is in place of either where nothing says that the torrent is worth it: no
	// byte of its content ever came, and no peer offers any.
	lingerFor = 5 * time.Second
	// maxNamers is how many clients are known to have named one web seed.
	maxNamers = 16

	// forsakenTime is how long nobody may be left to ask before who is in haste is
	// told: a peer that starts again is back by then, and who looks for us has come.
	forsakenTime = 5 * time.Second
	// uselessTime is how long the peers that are connected may all lack what somebody in
	// haste waits for, with no word of another piece or peer: who tells of others when
	// it connects has by then, and those were dialled.
	uselessTime = 10 * time.Second
	// silentTime is how long all that have it may owe it, and not send a byte. A lost
	// packet is sent again three times by then, and a disk has begun to turn.
	silentTime = 15 * time.Second
	// forsakenLife is how long that holds for those who come after, before all are
	// asked again for one of them.
	forsakenLife = 30 * time.Second
	// forsakenLook is how often those in haste look.
	forsakenLook = 500 * time.Millisecond
	// closeAfter ends a torrent that nobody read for so long, unless there is
	// room for it.
	closeAfter = 30 * time.Minute

	// maxHashAsks bounds the runs of hashes that a torrent has asked for and not got:
	// 16 KiB each.
	maxHashAsks = 16
	// hashLate is the least time after which a run is asked of another peer too,
	// hashGone when it is not expected any more; a peer that sent none is left alone
	// for silentRest then.
	hashLate   = time.Second
	hashGone   = 10 * time.Second
	silentRest = 5 * time.Second
	// refusedRest is how long a peer is left alone that rejected a run, twice as long
	// each time, at most refusedRestMost: libtorrent may have it a moment later.
	refusedRest     = 250 * time.Millisecond
	refusedRestMost = 30 * time.Second
	// wrongRest is how long one is whose hashes were not proved, and maxWrong how often
	// that may be.
	wrongRest = 10 * time.Second
	maxWrong  = 3
	// maxLeavesPiece is the longest piece that is hashed for a peer that asks for its
	// leaves: all of them go into one answer.
	maxLeavesPiece = metainfo.HashRun * metainfo.BlockLen
	// keepEvery is how often layers are kept on disk while more of them come.
	keepEvery = time.Minute
	// maxRefused is how many rejects in a row make a peer one that has no hashes.
	maxRefused = 3
)
