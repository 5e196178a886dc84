package sched

import "time"

// Bounds and defaults of the scheduler, with their reasons. Sizes are bytes unless named
// blocks.
const (
	// beginning is what a reader is sent, in bytes, before what it waits for may be hashed with other
	// pieces. So no first byte waits for that, and no player's first seconds do.
	beginning = 16 << 20
	// MinWindow is the least that a reader has wanted ahead, besides two
	// pieces: enough for a request queue at a fast peer before the reader's
	// rate is known.
	MinWindow = 2 << 20
	// windowTime is how far ahead of a reader its window reaches at its rate.
	windowTime = 8 * time.Second
	// paceTime is how long ago what a socket accepted counts for e times less.
	paceTime  = 4 * time.Second
	paceDoubt = time.Second
	// maxOffers is how many of the pieces that a peer told of last are taken while nobody
	// has what a reader waits for. A super-seed shows one or two at a time. Peers that choke us
	// are given so many pieces in all, which so many of them lack.
	maxOffers = 4
	// maxBehind is the most that a reader waits longer for having had much of late. For as long
	// nothing is prefetched after a reader left: its player may be about to open another place,
	// over a new connection. It is longer than that takes over a slow path.
	maxBehind = 500 * time.Millisecond
	// maxWindow bounds one reader's window whatever its rate.
	maxWindow = 64 << 20
	// patience is for how long what a reader could have sooner may be put off, far below what clients and proxies
	// wait for the next byte. That is how long a patient reader waits for a piece at least, and a sibling
	// may take for one, once it is known how fast it is. From its beginning a reader lets those that read the
	// files before its own go first for as long.
	patience = 5 * time.Second
	// idleReader is how long a reader may not move while bytes are ready
	// before its demand is dropped.
	idleReader = 10 * time.Second

	// maxShare bounds the first requests to a peer, in blocks: its share of the urgent
	// piece.
	maxShare = 64
	// leastFirst is the least of the first requests to a peer: enough to learn its rate.
	leastFirst = 4 * socketBlocks
	// minDepth is the least queue of a peer, in blocks: one that it sends, and one that
	// it sends while it is asked for the next.
	minDepth = 2
	// minSlack is the least time that a peer's queue is to last beyond its round
	// trip. maxPause is the most, for peers that pause: some clients allot
	// bandwidth twice a second. A pause is forgotten after idleGapLife.
	minSlack    = 10 * time.Millisecond
	maxPause    = 600 * time.Millisecond
	idleGapLife = 2 * time.Second
	// queueTime is the least time that a peer's queue is to last in all, however near
	// it is: requests and what is read of them come in larger parts then.
	queueTime = 40 * time.Millisecond
	// runTime is how long the queue of a web seed may last at its rate, to hold whole
	// pieces.
	runTime = 2 * time.Second

	// guessRate stands for a peer's rate until it is measured, and for a player's, in bytes/s. With
	// what is a second of it a player may begin.
	guessRate = 1 << 20
	// guessRTT stands for a peer's round trip until it is known.
	guessRTT = 200 * time.Millisecond
	// socketBlocks is how many blocks a peer has in its socket's buffer, past taking
	// back, until that is learned: 64 KiB is little for a buffer. A queue of fewer does not run down to half. Fewer of them say nothing: they
	// may come in one read, however fast the peer is, or in another order than they were asked
	// for. No more are asked for beyond the budget of what comes twice, at first.
	socketBlocks = 4
	// closeBehind bounds the time after a request in which its cancel still catches it,
	// wherever in the queue it is. A block that comes so close behind the adoption of its
	// request was here before.
	closeBehind = 2 * time.Millisecond
	// MinLateness is the least by which a block must be late before it is asked
	// elsewhere. A copy for a reader that has waited for less has to come sooner by the rest. 250 ms fixed cost a
	// fifth in duplicates, 500 ms fixed cost ten round trips a stall: it is relative, with this floor.
	MinLateness = 150 * time.Millisecond
	// probeLater passes until a peer that left the urgent set is tried with a block.
	probeLater = 2 * time.Second
	// believed is for how long what a peer did says what it will do: that it paused, or rejected
	// a piece, which is not asked of it until then. For as long after a request the answer to its
	// cancel may come: some peers never send one, and MaxDepth of them are remembered at most. A
	// block that crosses its cancel on the way is still good. A REJECT that answers a cancel
	// (BEP 6) says nothing.
	believed = 5 * time.Second
	// onlyRest is for how long a piece is not asked of the only peer that has it, which rejected it:
	// twice as long each time, at most believed.
	onlyRest = 250 * time.Millisecond
	// surely is how many queues a peer has to answer for it to be sure. Where it answers in no
	// order, a request is lost then. One that fell silent is asked for as much as before.
	surely = 8
	// againAfter is how long a peer may be silent before it is asked again for what nobody
	// else has. It is twice as long each time; maxAgain is how often that is done.
	againAfter = time.Second
	maxAgain   = 5

	// duplicateShare is the part of received bytes that hedging may waste,
	// over what is lately. Of the least times from request to block those of twice as long count at most.
	duplicateShare = 0.05
	lately         = 10 * time.Second
	// freeWaste is what hedging may always waste, in bytes: the share of little is nothing. As much may always
	// be at risk to make way for a reader that waits, which takes what all peers were asked for ahead of others.
	freeWaste = 1 << 20

	// parkedTime is how long a piece is kept that nobody wants any more and of which some blocks came: a browser
	// closes and reopens at the same place.
	parkedTime = 15 * time.Second
)

// What bounds memory and work. Nothing is tuned by it: each is more than is of use.
const (
	// MaxDepth bounds a peer's queue, in blocks; a peer's reqq may be less.
	MaxDepth = 500
	// maxAllowed bounds the allowed-fast set that a peer gives us (BEP 6 suggests 10).
	maxAllowed = 32
	// maxPasses bounds how often FillAll looks at those that may have something to ask. What is taken back from
	// a peer is asked of one that was passed by already maybe; what is moved leaves room.
	maxPasses = 8
	// orderedAtATime is how many wants are put in order when the next one is looked at, and maxFar how many
	// pieces are put in the order of rarity.
	orderedAtATime = 32
	maxFar         = 512
	// maxRepaired bounds the blocks that are looked at each time, those that would take longest:
	// a piece may have thousands, and not many more may be asked twice at once.
	maxRepaired = 64
	// maxTradeScan bounds in how much of the torrent there is looked for what to trade, in eights of pieces.
	maxTradeScan = 4096
	// maxPrefetches bounds the prefetches of a torrent: a new one ends the oldest. maxSequences bounds the files
	// that are read one after another: those that were followed longest ago make way.
	maxPrefetches = 8
	maxSequences  = 32
	// maxAcross bounds the files of a sequence that are looked at ahead, for some are empty.
	maxAcross = 2048
	// maxGivenUp bounds the readers that are remembered when they left, in a torrent, and parkedFlights the pieces
	// that are kept for them.
	maxGivenUp    = 16
	parkedFlights = 8
	// maxWishing is how many wants are looked at for what a sibling is told.
	maxWishing = 128
	// maxDescribed bounds the lines of one description.
	maxDescribed = 64
)
