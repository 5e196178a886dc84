package sibling

import "time"

const (
	// MinSecret and MaxSecret bound a secret, in bytes.
	MinSecret = 16
	MaxSecret = 4096
	// MaxSecrets bounds those that are taken at a time.
	MaxSecrets = 4
	// NonceLen and ProofLen are the lengths of a nonce and of a proof, in bytes.
	NonceLen = 32
	ProofLen = 32
	// MaxSiblings bounds the gateways of a fleet.
	MaxSiblings = 128
	// MaxFrame bounds a message of a link, in bytes, and maxHint one hint in it.
	MaxFrame = 64 << 10
	maxHint  = 2 << 10
	// MaxTrackers, MaxPeers, MaxWebSeeds and MaxTorrents bound the hints of a Seek.
	MaxTrackers = 16
	MaxPeers    = 32
	MaxWebSeeds = 8
	MaxTorrents = 8
	// sealLen is how many bytes of a code authenticate a message.
	sealLen = 16
	// LateFor is how long a gateway is passed over that did not fetch in time; maxDoublings
	// bounds how often that doubles. leaders is how many may fetch for others: one that is
	// late too says that it is the outside that is slow.
	LateFor      = time.Minute
	maxDoublings = 4
	leaders      = 2
)
