package book

import "time"

// Addresses.
const (
	// SubnetShare is the part (one in so many) that peers of one network (IPv4 /24,
	// IPv6 /48) may have. It bounds their part of the connections of the process, of
	// the connections and dials of a torrent, and of its known addresses. So the owner
	// of a network neither keeps other peers out nor becomes all that we see of a
	// swarm. Loopback and private networks are exempt.
	SubnetShare = 4
	// FirstDialTimeout is for an address that was not tried before: one lost SYN
	// (1 s) is made up for, a dead address does not keep a place for long.
	FirstDialTimeout = 3 * time.Second
	// nextDialTimeout is for further attempts.
	nextDialTimeout = 10 * time.Second
	// EntrySize is about how many bytes of memory an address takes in a Book.
	EntrySize = 512
	// maxKnown bounds the addresses that a swarm keeps, and maxKnownInAll those of all swarms
	// unless their Room says another number. Beyond that a swarm has minKnown of its own, and a
	// new address takes the place of a known one.
	maxKnown      = 2000
	maxKnownInAll = 32_768
	minKnown      = 64
	// maxNames bounds the host names (x.pe) that a swarm keeps.
	maxNames = 64
	// maxNamers bounds the clients that are remembered of those that named an address; the
	// first goes.
	maxNamers = 4
	// maxHostPort is the longest host:port that is taken, in bytes: a DNS name,
	// a colon, a port.
	maxHostPort = 253 + 1 + 5
	// dropAfter is how many failures in a row take an address out of the book.
	dropAfter = 6
	// patience is the longest wait before an address that a user names is tried
	// again, and before any address is when a reader comes.
	patience = 15 * time.Second
)

// satedTime is how long a peer that wanted nothing is not dialled by one that only uploads.
const satedTime = time.Hour

// Backoff is the wait before the n-th next attempt at an address (n from 1),
// without jitter: a peer that is restarting, one that is full, one that is gone.
func Backoff(failures int) time.Duration {
	switch failures {
	case 0:
		return time.Second
	case 1:
		return 4 * time.Second
	case 2:
		return 15 * time.Second
	case 3:
		return time.Minute
	default:
		return 5 * time.Minute
	}
}

// Bans.
const (
	// BanTime is how long an address is banned.
	BanTime = time.Hour
	// maxBans bounds the bans that are kept; the oldest goes.
	maxBans = 4096
	// maxBansFile bounds the file that they are kept in, in bytes: more than all of
	// them take.
	maxBansFile = 512 << 10
)
