package choke

import "time"

// How slots are given (BEP 3).
const (
	// DefaultSlots is how many peers of a torrent are unchoked where no
	// upload limit asks for less, the optimistic one included. BEP 3 has four and
	// one, for the uplinks of its day.
	DefaultSlots = 8
	// Round is how often they are.
	Round           = 10 * time.Second
	optimisticRound = 30 * time.Second
	// RateRounds is over how many rounds Rates are taken: 20 s.
	RateRounds = 2
	// newcomer is how long a peer is thrice as likely to be chosen
	// optimistically.
	newcomer = time.Minute
	// slotRate is what a slot should be worth, in bytes/s, two blocks a second: a
	// peer that compares us with others hardly notices less.
	slotRate = 32 << 10
	// minSlots is two for those who give most and one by lot.
	minSlots = 3
	// seedRotation is the least time for which a peer keeps its slot when we only seed.
	// It keeps the slot longer, until it has had SeedPieces pieces to give on (as
	// libtorrent has it). maxSeedRotation bounds that, since the peer may be slow.
	seedRotation    = time.Minute
	SeedPieces      = 20
	maxSeedRotation = 3 * time.Minute
)
