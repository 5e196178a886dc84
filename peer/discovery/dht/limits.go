package dht

import "time"

// Bounds on what a packet may bring. Everything else in it is ignored.
const (
	// maxPacket is the largest datagram that is read, in bytes: more than twice
	// what an Ethernet carries whole, and no sane answer is larger.
	maxPacket = 4096

	// maxTransaction bounds a transaction id, in bytes. Nodes use 2 to 8.
	maxTransaction = 32

	// maxToken bounds a write token, in bytes: three times a SHA-1.
	maxToken = 64

	// maxNodes is how many nodes of one answer are looked at: twice the 8 that
	// BEP 5 has.
	maxNodes = 16

	// maxValues is how many peers of one answer are taken: what fits the 1,500
	// bytes of an Ethernet in compact form, with some room.
	maxValues = 200

	// maxErrorText bounds the text of an error, in bytes.
	maxErrorText = 128
)

// Bounds on what strangers may cost.
const (
	// queriesPerAddress is how many queries of one address are answered in a
	// second, queryBurst how many at once. A lookup asks a node once, and
	// maintenance once in minutes.
	queriesPerAddress = 5
	queryBurst        = 20

	// queriesInAll is how many queries are answered in a second, and at once.
	// An answer has up to 500 bytes, with an item 1,500: 150 kB/s at most.
	queriesInAll = 100

	// maxSources is how many addresses are remembered with their rates.
	maxSources = 4096

	// maxAsked is how many addresses are remembered that we asked something,
	// as only they may answer: some 20 lookups' worth.
	maxAsked = 4096

	// maxTorrents is how many infohashes others may have announced to us, the
	// least recently used going first, and maxAnnounced how many peers of one.
	maxTorrents  = 2000
	maxAnnounced = 100

	// maxReturned is how many of them an answer has: 500 bytes of them.
	maxReturned = 50

	// announcedLife is how long an announce counts. Nodes announce again after
	// 15 to 30 minutes.
	announcedLife = 45 * time.Minute

	// maxItems bounds the items that others store with us (BEP 44), each of some 1,300
	// bytes; the one stored longest ago goes first. maxItemsPerNetwork bounds those
	// from one /24, in IPv6 one /48.
	maxItems           = 1000
	maxItemsPerNetwork = 50

	// itemLife is how long an item is kept that nobody puts again (BEP 44).
	itemLife = 2 * time.Hour

	// tokenLife is for how long the token of a get is given out, in seconds; it holds for
	// as long again.
	tokenLife = 300

	// candidatesPerSecond is how many nodes that peers tell of (BEP 5, PORT) are
	// asked in a second, and candidateBurst how many at once.
	candidatesPerSecond = 1
	candidateBurst      = 20
)

// What we send.
const (
	// sendRate is how many packets a node sends in a second, and sendBurst how
	// many at once. Replies above it are dropped, queries wait. The library's
	// own limit is one for the whole process and a tenth of the burst, which
	// let one client resolve 15 infohashes of 1,000 (anacrolix/torrent#1005).
	sendRate  = 400
	sendBurst = 200

	// answerTime is how long a node has to answer.
	answerTime = 1500 * time.Millisecond
)

// Lookups.
const (
	// lookupWidth is how many nodes are asked at once. With a third of the nodes
	// dead, a lookup of width 3 took 15 s and one of 16 took 4 s.
	lookupWidth = 16

	// lookupNodes is the K of BEP 5: how many nodes closest to an infohash store
	// its peers.
	lookupNodes = 8

	// maxQueries and maxLookup bound one lookup: nodes that invent ever closer
	// nodes end nowhere.
	maxQueries = 300
	maxLookup  = 20 * time.Second

	// maxFound is how many peers one lookup hands on at most.
	maxFound = 2000

	// maxLookups is how many lookups run at once, those of further torrents
	// wait.
	maxLookups = 16

	// settleTime is how long a better item than the last that came is waited for.
	settleTime = 700 * time.Millisecond

	// fewNodes is a routing table that the bootstrap nodes are asked with.
	fewNodes = lookupNodes

	// joinWait is the wait before the next lookup when no node answered.
	joinWait = time.Second

	// joinTries is how many lookups in a row that no node answered say that there is no
	// way into the DHT.
	joinTries = 3

	// emptyWait is the wait before the next lookup when no node had peers. It doubles
	// each time, as joinWait does, up to announceInterval.
	emptyWait = 5 * time.Second

	// announceInterval is the wait between two announces. Nodes forget an
	// announce after some 30 to 45 minutes.
	announceInterval = 15 * time.Minute

	// restGrace is how long a search goes on once nobody needs it.
	restGrace = 2 * time.Second

	// hurryInterval is the least time between two lookups, however often a
	// reader comes.
	hurryInterval = 5 * time.Second
)

// Bootstrap nodes.
const (
	// MaxBootstrap is how many bootstrap nodes are used.
	MaxBootstrap = 16

	// resolveTime bounds the lookup of their names, and is the wait after one in
	// vain.
	resolveTime = 5 * time.Second

	// resolvedLife is how long their addresses are believed.
	resolvedLife = 10 * time.Minute
)

// Our own address (BEP 42).
const (
	// votesNeeded is how many of the last maxVotes nodes have to see us at the
	// same address before it is believed, and they have to be the majority.
	votesNeeded = 5
	maxVotes    = 32

	// lookAfter is how often the nodes look at what they learned: their
	// address, and whether they can be reached.
	lookAfter = 10 * time.Second
)

// The file of nodes.
const (
	// saveInterval is how often it is written.
	saveInterval = 10 * time.Minute

	// maxSaved is how many nodes a family are kept in it.
	maxSaved = 400

	// maxStateFile is the largest file that is read, in bytes: twice what is
	// written.
	maxStateFile = 2 * maxSaved * (26 + 38)
)

// readPause is the wait after a failed read of the socket.
const readPause = 50 * time.Millisecond
