package tracker

import "time"

const (
	// Interval is between two announces, as peers are told; MinInterval is the least.
	Interval    = 25 * time.Minute
	MinInterval = 1 * time.Minute
	// Lifetime is how long a peer is known after an announce.
	Lifetime = 30 * time.Minute
	// sweepEvery is between two looks at who has gone.
	sweepEvery = time.Minute

	// MaxPeers is how many peers are known in all, MaxSwarmPeers of one torrent.
	MaxPeers      = 1_000_000
	MaxSwarmPeers = 100_000
	// MaxSwarms is how many torrents there may be peers of.
	MaxSwarms = 100_000
	// MaxPerAddress is how many peers of a torrent one address may be (IPv6: a /64).
	MaxPerAddress = 16

	// defaultWant is how many peers an answer has, maxWant at most: then it is a
	// datagram that no network splits. In one for IPv6 there is room for maxWant6.
	defaultWant = 50
	maxWant     = 200
	maxWant6    = 66

	// maxWebPeers is how many WebSockets there are at once, MaxPerAddress of one address; each costs some
	// 30 kB and its queue. maxWebTorrents is of how many torrents one may be a peer, maxWebSwarm how many
	// such peers a torrent has: each announce goes over them.
	maxWebPeers    = 2000
	maxWebTorrents = 50
	maxWebSwarm    = 1000

	// maxWebMessage is the longest message, in bytes: maxOffers with 10 kB each, which WebTorrent makes
	// five of. maxOfferID bounds the name of one, maxSDP its text.
	maxWebMessage = 128 << 10
	maxOffers     = 10
	maxOfferID    = 40
	maxSDP        = 16 << 10
	// maxWebQueued is how many bytes wait for all peers.
	maxWebQueued = 32 << 20

	// webMessageRate is how many messages a second a peer may send, webMessageBurst how many at once: it
	// answers each offer that it gets.
	webMessageRate  = 10
	webMessageBurst = 200

	// webQueue is how many messages wait for a peer, which has webWriteTime to take one, and webIdle to
	// send one: it announces each two minutes.
	webQueue     = 64
	webWriteTime = 20 * time.Second
	webIdle      = 5 * time.Minute

	// maxScrape is how many torrents one scrape may name; BEP 15 has 74.
	maxScrape = 74
	// maxQuery is the longest query in bytes: maxScrape escaped infohashes and more.
	maxQuery = 8 << 10
)
