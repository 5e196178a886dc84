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

	// maxScrape is how many torrents one scrape may name; BEP 15 has 74.
	maxScrape = 74
	// maxQuery is the longest query in bytes: maxScrape escaped infohashes and more.
	maxQuery = 8 << 10
)
