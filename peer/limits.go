package peer

import "time"

// Defaults of HostConfig.
const (
	// DefaultMaxConns bounds the connections of a process (SECURITY T6).
	DefaultMaxConns = 500
	// DefaultMaxSwarmConns bounds those of one torrent (SECURITY T6).
	DefaultMaxSwarmConns = 50
	// DefaultMaxPerAddress bounds those of one IPv4 address or IPv6 /64
	// (SECURITY T6). Loopback addresses are exempt: everybody on the machine
	// shares them, and only an operator can open them.
	DefaultMaxPerAddress = 4
)

// Dialling.
const (
	// maxDials bounds the connection attempts of one swarm at a time: a waiting
	// reader is served by breadth, since a cold TCP connection is slow.
	maxDials = 50
	// callPause is the least time between two dials of one swarm that only uploads and calls
	// leechers, with callBurst at once after a pause. callRate and callsAtOnce are those of
	// all swarms together, in dials a second. maxCalls bounds the attempts of a swarm.
	callPause   = 5 * time.Second
	callBurst   = 4
	callRate    = 4
	callsAtOnce = 32
	maxCalls    = 4
	// callShare is the part (one in so many) of the connections up to which leechers are
	// called, of a torrent and of the process. The others are for those that come.
	callShare = 2
	// plainPatience is how long a peer may say nothing to our plain handshake before it is
	// tried encrypted: some that require that keep the connection open (rain).
	plainPatience = 5 * time.Second
	// handshakeTimeout bounds connect to handshake, each way (SECURITY T6).
	handshakeTimeout = 10 * time.Second
	// maxGreetingRTT is the most that a peer's handshake says of its round trip: beyond
	// it, it was busy.
	maxGreetingRTT = 500 * time.Millisecond
	// dialShare is the part (one in so many) of the connections, of a torrent and of
	// the process, that peers which connect to us may not take. So a waiting reader can
	// always dial.
	dialShare = 5
	// silentFloor is a part (one in so many) of the process's connections. Up to it a
	// client's silent connections may push out those that gave or took content, if they
	// are of a client above its share or of none.
	silentFloor = 32
	// silentGrace is how long an accepted connection may be silent before another may
	// push it out.
	silentGrace = 10 * time.Second
	// silentFailed is how long an attempt has to be without an answer when it is pushed
	// out to count as failed.
	silentFailed = time.Second
	// usefulAfter is how long a connection has to last to count as a success
	// when it brought nothing.
	usefulAfter = time.Minute
	// replaceAfter is how long a connection may be of no use before it makes
	// room, in a full swarm where a reader waits and addresses are left to try.
	replaceAfter = time.Minute
	// acceptPause is the wait after a failed accept (out of descriptors).
	acceptPause = 100 * time.Millisecond
)

// Siblings.
const (
	// siblingLookup is how often the siblings are looked up, and how long that may take.
	siblingLookup = 10 * time.Second
	// siblingSelf is the wait before an address is dialled again that was our own.
	siblingSelf = 5 * time.Minute
	// maxLobby bounds the links that others opened and that have proved nothing yet.
	maxLobby = 16
	// maxGreeting bounds a message before the proofs, in bytes.
	maxGreeting = 256
	// linkBeat is how often a link carries something, and linkSilence how long it may carry
	// nothing: then the sibling is gone.
	linkBeat    = 5 * time.Second
	linkSilence = 15 * time.Second
	// linkQueue bounds the messages that wait for a link.
	linkQueue = 256
	// siblingConns bounds the connections with the address of a sibling, of all torrents,
	// besides those that any address may have.
	siblingConns = 1024
	// siblingDials is how many siblings a torrent is connected with, those with the most
	// right to it.
	siblingDials = 8
	// ownerRetry and siblingRetry are after how long one is dialled again that did not have
	// the torrent: the owner, for it is about to, and another one. The wait doubles, up to
	// eight times.
	ownerRetry   = 250 * time.Millisecond
	siblingRetry = 10 * time.Second
	// seekEvery is how often the owner is asked for a torrent that it does not have yet.
	seekEvery = 2 * time.Second
	// siblingPatience is how long a sibling that leads may send nothing of what it was asked
	// for, nor say that it is on its way, before it is late. seekPatience holds in its place
	// while the owner looks for the torrent. slowSibling is how long a piece may take that
	// it has.
	siblingPatience = 3 * time.Second
	seekPatience    = 6 * time.Second
	slowSibling     = 5 * time.Second
	// progressEvery is how often a sibling is told that what it waits for is on its way.
	progressEvery = time.Second
)

// Bans.
const (
	// saveBansAfter is how long after a ban they are written: so many are lost in a
	// crash.
	saveBansAfter = 10 * time.Second
)

// Encryption.
const (
	// encryptedKeyLen is the length of a public key, with which an encrypted
	// handshake begins, in bytes: 768 bits.
	encryptedKeyLen = 96
	// maxDecrypting bounds the encrypted handshakes with peers that connect to us
	// that are under way: each may hold the 64 KiB that may come with it.
	maxDecrypting = 64
	// maxDecryptions bounds how many such handshakes are begun in a second: two
	// exponentiations each, about half a millisecond of CPU time.
	maxDecryptions = 100
)

// Blocklists.
const (
	// MaxBlocklistBytes is the longest list that is read; those in use have some
	// 20 MB.
	MaxBlocklistBytes = 64 << 20
	// maxBlocklistRanges bounds its ranges, of 48 bytes each; lists in use have
	// some 400,000.
	maxBlocklistRanges = 1 << 20
	// maxBlocklistLine is its longest line, in bytes.
	maxBlocklistLine = 4 << 10
)

// Connections.
const (
	// smallBuffer is a connection's read buffer until it brings blocks, in bytes.
	smallBuffer = 4 << 10
	// largeBuffer is its read buffer then: four blocks a read.
	largeBuffer = 64 << 10
	// directRead is the least that is worth a read of its own, in bytes: less is
	// read with what follows it, and copied.
	directRead = 4 << 10
	// idleTimeout ends a connection that brought nothing for so long; keep-alives
	// are due every two minutes (BEP 3).
	idleTimeout = 3 * time.Minute
	// keepAliveAfter is how long we may be silent.
	keepAliveAfter = 100 * time.Second
	// writeTimeout bounds one write.
	writeTimeout = time.Minute
	// deadlineSlack is how late a deadline may be moved: it is not set at each
	// read and write.
	deadlineSlack = 10 * time.Second
	// maxQueuedOut bounds the bytes of messages that wait for a peer that does
	// not read.
	maxQueuedOut = 1 << 20
	// quickAckBelow is how few outstanding requests make a burst's tail, of which
	// each segment is acknowledged at once (see tcp_linux.go). Those that were
	// taken back count as gone, since most peers send them no more.
	quickAckBelow = 8
	// maxAllowedFast bounds what is kept of a peer's allowed fast set before the
	// metadata is known (BEP 6 suggests 10).
	maxAllowedFast = 32
)

// Work that a peer causes (toil.go), in units of about a microsecond of CPU time.
const (
	// toilRate is what a connection may cause in a second, toilBurst at once: 2 per mille
	// of a core.
	toilRate  = 2000
	toilBurst = 10 * toilRate
	// toilGain is what a piece that the peer gained takes off the cost of a bitfield.
	toilGain = 10
	// toilPiece is the piece length from which a piece that is lost costs all that it can,
	// in bytes, and toilLeast the part of it that any costs.
	toilPiece = 1 << 20
	toilLeast = 1. / 8
	// toilChanges bounds the changes of interest that are free after what the peer was told.
	toilChanges = 2000
	// toilDribbled is the most that a read which ends no message brings to be charged for,
	// in bytes.
	toilDribbled = 64
	// floodStrikes is how many floods of one address in floodMemory have it banned, and
	// maxFlooders how many addresses are remembered.
	floodStrikes = 3
	floodMemory  = time.Hour
	maxFlooders  = 4096
)

// Uploads.
const (
	// maxUploadQueue bounds the requests of one peer (SECURITY T6); it is our
	// reqq.
	maxUploadQueue = 500
	// uploadBurst is how many bytes the upload limit grants at a time, at most.
	uploadBurst = 256 << 10
	// maxTold bounds the HAVEs sent when the metadata becomes known: peers that
	// come later get a bitfield.
	maxTold = 50_000
	// uploadBatch is how many bytes of blocks go into one write, but for the last
	// of them; one block alone where so many bytes took slowWrite or longer.
	uploadBatch = 64 << 10
	slowWrite   = 20 * time.Millisecond
	// slowWindow is the bytes by which a connection is found to be slow no more: a
	// socket's buffer empties by leaps.
	slowWindow = 4 * uploadBatch
	// maxRun bounds what is read ahead of a peer's requests, in bytes.
	maxRun = 1 << 20
	// fastBatch is how many go into one write where fastWindow bytes are taken within
	// fastTime: 131 MB/s, of which a gigabit has 119. With what is unsent then they are
	// sent in 6 ms.
	fastBatch  = 256 << 10
	fastWindow = 2 << 20
	fastTime   = 16 * time.Millisecond
	// maxUnsent is how many bytes the kernel takes ahead of what it has sent,
	// slowUnsent where blocks take long to write, fastUnsent where they are fast.
	maxUnsent  = 64 << 10
	slowUnsent = 8 << 10
	fastUnsent = 512 << 10
	// allowedFastGrant is how many pieces a choked peer may have of us (BEP 6),
	// each once a connection.
	allowedFastGrant = 5
)

// The next constants are those of peer exchange (BEP 11).
const (
	// pexPeriod is the least time between two messages to a peer, and in which a
	// peer may name wire.MaxPEX addresses (SECURITY T6).
	pexPeriod = time.Minute
	// pexSlack is how much sooner than a minute the peer's next period may begin,
	// for clocks and the way.
	pexSlack = 5 * time.Second
)

// The next constants are those of choking (BEP 3).
const (
	// maxFlips is how many changes of a peer's interest in a round have slots
	// given anew at once.
	maxFlips = 20
	// fastSlot is the rate in bytes/s that each slot must carry for another to be
	// opened. slotLook is the interval at which that is looked at while a peer waits,
	// and maxUploadSlots the most slots.
	fastSlot       = 256 << 10
	slotLook       = time.Second
	maxUploadSlots = 40
	// snubTime is how long a peer that has what we want may send nothing before
	// it loses what it has for reciprocation (Cohen's anti-snubbing).
	snubTime = time.Minute
	// slotIdle is how long a peer keeps its slot without asking for anything while
	// others wait for one: many stay interested in everybody.
	slotIdle = 3 * time.Second
	// superPatience is how long a peer waits for its next piece of a super-seed when
	// nobody takes the last one from it, or it does not take it itself.
	superPatience = time.Minute
	// superCrowd is how many peers that lack pieces are a crowd (SuperSeedCrowds): fewer
	// have a slot each, and take from us what they want. It is over with half as many.
	// superYoung is how long a peer may have been there to be one of it.
	superCrowd = 6
	superYoung = 10 * time.Second
	// superInterest is how long a peer of a crowd may not be interested in the piece that it
	// was told of: it may have to get the metadata first. superUnused is how long it may be
	// unchoked and not ask for it. After that it is taken for one that wants parts alone.
	superInterest = 5 * time.Second
	superUnused   = 2 * time.Second
	// superLook is the interval at which that is looked at.
	superLook = time.Second
	// maxTakenBack is the most pieces that a peer is told that we no longer have.
	maxTakenBack = 2_500
	// speculation is how long we claim interest in a peer of which we do not
	// know what it has.
	speculation = 20 * time.Second
)

// The next constants are those of metadata (BEP 9).
const (
	// giftRate is the number of bytes of metadata and hashes that all peers get from us in
	// a second, and giftBurst the number at once. siteGiftRate and siteGiftBurst are those
	// of one address: twice the longest metadata, and once more in half a minute. maxGifted
	// is the number of addresses that are remembered.
	giftRate      = 8 << 20
	giftBurst     = 128 << 20
	siteGiftRate  = 512 << 10
	siteGiftBurst = 32 << 20
	maxGifted     = 4096
	// metadataBatch is how many parts go into one write.
	metadataBatch = 4
)

// Hashes (BEP 52).
const (
	// MaxHashAsks is how many requests for hashes one peer may have to answer:
	// libtorrent keeps two under way.
	MaxHashAsks = 4
	// maxHashQueue bounds the requests of a peer that wait for their answer; those
	// beyond are rejected.
	maxHashQueue = 32
	// hashRate is the most requests for hashes that are answered in a second, and
	// hashBurst the most at once after a pause. At 512 hashes each that is 512 KiB a
	// second, and 3 ms of CPU time.
	hashRate  = 32
	hashBurst = 64
	// hashesServed bounds the hashes that a peer gets from us in a minute, in multiples
	// of all hashes. hashesMore come on top. They are not part of the upload limits.
	hashesServed = 2
	hashesMore   = 16
	// leavesCost is for how many of them the leaves of one piece count, of up to 8 MiB.
	leavesCost = 4
	// hashBatch is how many answers go into one write.
	hashBatch = 4
	// rejectPause is the least time between two rejects of what we do not have:
	// libtorrent asks again at once.
	rejectPause = time.Second
)
