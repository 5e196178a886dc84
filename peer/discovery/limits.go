package discovery

import "time"

// Bounds on what a torrent may bring.
const (
	// MaxTrackers is how many trackers one torrent may have; the rest are
	// ignored. Public lists that are pasted into magnet links have some 20.
	MaxTrackers = 32

	// maxClientTrackers is how many trackers one client may have named that are in use,
	// over all torrents.
	maxClientTrackers = 512

	// maxNamers is how many clients are known to have named one tracker.
	maxNamers = 16

	// maxSpellings is how many texts are known that name a tracker of a torrent.
	maxSpellings = 4 * MaxTrackers

	// maxGiven is how many of the peers that a tracker named are remembered, to see that
	// one of them gave content.
	maxGiven = 128

	// maxURL bounds an announce URL, in bytes: it has to fit a request line
	// that ordinary servers accept (8 KiB) together with our parameters.
	maxURL = 2048
)

// Bounds on what a tracker may answer.
const (
	// maxAnswer bounds an HTTP answer, in bytes. 1,000 peers in the longest
	// dictionary form (BEP 23) are 289 kB.
	maxAnswer = 512 << 10

	// maxPeers is how many addresses are taken from one answer: five times
	// what we ask for.
	maxPeers = 1000

	// maxEntries is how many entries of a list of peers are looked at, those
	// included that turn out to be none.
	maxEntries = 2 * maxPeers

	// maxPeerNames is how many peers are taken from one answer that are named: each is
	// a lookup.
	maxPeerNames = 8

	// maxHostName bounds a host name, in bytes (RFC 1035 section 2.3.4).
	maxHostName = 253

	// maxText bounds a failure reason or a warning, in characters.
	maxText = 256

	// maxTrackerID bounds the tracker id that is sent back with the next
	// announce (BEP 3), in bytes; a longer one is not kept.
	maxTrackerID = 256

	// maxUDPTrackers is of how many UDP trackers the connection id is known.
	maxUDPTrackers = 4096

	// maxTransactions is how many UDP requests wait for their reply.
	maxTransactions = 1024

	// maxDatagram is the largest there is, in bytes.
	maxDatagram = 64 << 10

	// maxStrays is how many datagrams that are no answer to our request are
	// read before a UDP tracker is given up.
	maxStrays = 1000
)

// Times of announcing.
const (
	// announceTimeout bounds one announce over one endpoint, redirects and
	// retransmissions included, from its first contact with the tracker. It is
	// shorter than connectionLife.
	announceTimeout = 15 * time.Second

	// stopTimeout bounds the announce that we leave, if the context of Close
	// does not end sooner.
	stopTimeout = 5 * time.Second

	// answerGrace is how long Close waits for announces under way before it announces
	// that we leave. An announce that is cut can reach the tracker after that, on a
	// connection of its own, and list us again.
	answerGrace = time.Second

	// defaultInterval is the time between regular announces to a tracker that
	// names none: what most trackers name.
	defaultInterval = 30 * time.Minute

	// minRegular and maxRegular clamp the interval that a tracker names, so
	// that it can neither make us flood somebody nor silence us for good.
	minRegular = time.Minute
	maxRegular = 6 * time.Hour

	// defaultMinInterval is the least time between two announces that no
	// event calls for, to a tracker that names no "min interval"; also the
	// least that is accepted. maxMinInterval is the most.
	defaultMinInterval = time.Minute
	maxMinInterval     = time.Hour

	// firstRetry is the wait after the first failed announce. It doubles with
	// each further one, up to maxRetry.
	firstRetry = 10 * time.Second
	maxRetry   = 30 * time.Minute

	// maxRaceRetry bounds the wait after a failure when a reader waits: a
	// tracker that was down for hours may be up again.
	maxRaceRetry = time.Minute

	// maxRetryIn bounds the wait that a failing tracker asks for (BEP 31).
	maxRetryIn = 24 * time.Hour

	// idle is how long the regular announces rest when there is no tracker to
	// announce to; a new one wakes them.
	idle = time.Hour

	// hintGrace is how long a hint is still used after its client has gone. A client that
	// asks for one range after the other is gone for a moment between them.
	hintGrace = 2 * time.Second

	// crowdedRetry is the wait after an announce that too many others were in the way of.
	crowdedRetry = 5 * time.Second

	// raceStagger is how long a tracker of a tier may take, when a reader waits, before
	// the next of the tier is asked too. It is the Connection Attempt Delay of RFC
	// 8305, for the same reason.
	raceStagger = 250 * time.Millisecond
)

// Protocol constants.
const (
	// numWant is how many peers an announce asks for. Trackers cap it, many
	// at 200.
	numWant = 200

	// firstRetransmit is the wait before a UDP request is sent again; it
	// doubles with each. BEP 15 says 15 s, chosen for announces that nobody
	// waits for; a datagram that is lost would cost a reader all of them.
	firstRetransmit = time.Second

	// maxRetransmits is the n of BEP 15.
	maxRetransmits = 8

	// silentSends is how many UDP requests go unanswered, the waits after them
	// included (7 s), until a tracker counts as tried. It is asked further: that
	// nobody waits for it is all that this says. The socket is shared by all
	// trackers, so that no "connection refused" is heard of one.
	silentSends = 3

	// connectionLife is how long a UDP connection id may be used (BEP 15).
	connectionLife = time.Minute

	// unknownLeft is what we announce as left to download while the size is
	// not known: anything but 0, which says seed, and one block is modest.
	unknownLeft = 16 << 10

	// closedPort is announced where we accept no peers, since trackers refuse
	// port 0: tcpmux, on which nothing of today listens.
	closedPort = 1

	// defaultUserAgent is the User-Agent of HTTP announces.
	defaultUserAgent = "btgw"
)
