package lab

import (
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

// A Scenario is a swarm, the gateways in it and their readers. Times count from its
// start. Bandwidths are bytes a second, with 0 for no limit. The round trip between two
// hosts is the sum of their two values.
type Scenario struct {
	Name string
	Seed uint64 // decides the content, and what chance decides in the network
	Mode simnet.Mode
	// Segment is simnet.Config.Segment: the coarser, the faster.
	Segment           int
	Size, PieceLength int64
	Gateways          []Gateway
	Peers             []Peer
	Readers           []Reader
	// Patience is how long a reader waits for anything before it gives up.
	Patience time.Duration
}

// A Gateway is a btgw with an empty cache.
type Gateway struct {
	Up, Down int64
	RTT      time.Duration
	Peers    []int // that its readers name in their hints
	Gateways []int // the same, other gateways
}

// A Peer is a simulated client that has the content, or a part of it.
type Peer struct {
	Up, Down int64
	RTT      time.Duration
	simnet.Behaviour
	Pieces []int // nil: all
	// At is the time at which it comes, Until the time at which it leaves; 0 means that
	// it stays.
	At, Until time.Duration
	Vanishes  bool  // it leaves without a word
	Dials     []int // the gateways that it connects to when it comes
	// Each ChokeEvery it chokes everybody for ChokeFor, at first after
	// ChokeFirst.
	ChokeFirst, ChokeEvery, ChokeFor time.Duration
	// Each StallEvery it says nothing for StallFor, at first after StallFirst. The
	// last of StallTimes has no end; 0 has no last.
	StallFirst, StallEvery, StallFor time.Duration
	StallTimes                       int
}

// honest reports whether what the peer sends is right.
func (p *Peer) honest() bool { return p.Lie == nil }

// stalls reports whether the peer says nothing when it pleases, though it could.
func (p *Peer) stalls() bool { return p.StallAfter > 0 || p.StallEvery > 0 }

// rate is the bytes a second that it gives in the long run.
func (p *Peer) rate() float64 {
	if p.UploadLimit > 0 {
		return float64(min(p.Up, p.UploadLimit))
	}
	return float64(p.Up)
}

// A Reader is a client of a gateway, which comes knowing the infohash and the
// gateway's hints alone.
type Reader struct {
	Gateway int
	At      time.Duration
	// Pace is what it plays, in bytes a second; 0 reads as fast as it comes. A
	// player holds at most bufferTime of it.
	Pace   int64
	Ranges []Range // what it reads, in turn: all but the first are seeks
}

// A Range is one request of a reader: Len bytes at Off, or as many of them as it reads
// in For after the request, if For is not 0. The reader waits for the first byte
// however long that takes.
type Range struct {
	Off, Len int64
	For      time.Duration
}

// bufferTime is how much of what it plays a player holds ahead.
const bufferTime = time.Second
