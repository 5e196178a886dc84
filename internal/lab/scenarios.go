package lab

import (
	"math/rand/v2"
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

const (
	kB  = 1_000
	mB  = 1_000_000
	kiB = 1 << 10
	miB = 1 << 20
)

// A Named scenario is made from a seed; quick is a small one of its kind, for
// tests.
type Named struct {
	Name string
	Make func(seed uint64, quick bool) Scenario
}

// Scenarios lists the named scenarios.
func Scenarios() []Named {
	return []Named{
		{"flash-crowd", FlashCrowd},
		{"seek-storm", SeekStorm},
	}
}

// A draw makes a scenario's random choices.
type draw struct{ *rand.Rand }

func newDraw(seed uint64) draw { return draw{rand.New(rand.NewPCG(seed, 0x6c6162))} }

// between draws a duration, every one as likely.
func (d draw) between(least, most time.Duration) time.Duration {
	return least + time.Duration(d.Int64N(int64(most-least)+1))
}

// about draws a number between half and twice n, in bytes a second.
func (d draw) about(n int64) int64 { return n/2 + d.Int64N(3*n/2+1) }

// some draws n different numbers below of, none of them not.
func (d draw) some(n, of, not int) []int {
	var all []int
	for _, i := range d.Perm(of) {
		if i != not && len(all) < n {
			all = append(all, i)
		}
	}
	return all
}

// upTo lists the numbers below n.
func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// FlashCrowd is 500 readers who come within 10 s to one film that three seeds
// have, each at one of 100 gateways with four others. A gateway knows the seeds
// and 20 other gateways; they seed to each other.
func FlashCrowd(seed uint64, quick bool) Scenario {
	const hints = 20
	d := newDraw(seed)
	gateways, length := 100, int64(16*miB)
	if quick {
		gateways, length = 25, 4*miB
	}
	s := Scenario{
		Name: "flash-crowd", Seed: seed, Segment: 16 * kiB, Size: length, PieceLength: 256 * kiB, Patience: time.Minute,
	}
	for range 3 {
		s.Peers = append(s.Peers, Peer{Up: 10 * mB, RTT: d.between(10*time.Millisecond, 40*time.Millisecond), Behaviour: simnet.Libtorrent()})
	}
	for i := range gateways {
		s.Gateways = append(s.Gateways, Gateway{
			Up: 12 * mB, Down: 25 * mB, RTT: d.between(5*time.Millisecond, 30*time.Millisecond),
			Peers: upTo(3), Gateways: d.some(hints, gateways, i),
		})
	}
	for i := range 5 * gateways {
		s.Readers = append(s.Readers, Reader{
			Gateway: i % gateways, At: d.between(0, 10*time.Second), Pace: mB, Ranges: []Range{{Len: length}},
		})
	}
	return s
}

// SeekStorm is a viewer who seeks 20 times in 10 s beside another who plays the
// film, at one gateway with six seeds.
func SeekStorm(seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	length := int64(96 * miB)
	if quick {
		length = 32 * miB
	}
	s := Scenario{
		Name: "seek-storm", Seed: seed, Segment: 16 * kiB, Size: length, PieceLength: miB, Patience: time.Minute,
		Gateways: []Gateway{{Up: 10 * mB, RTT: 10 * time.Millisecond, Peers: upTo(6)}},
	}
	for range 6 {
		s.Peers = append(s.Peers, Peer{Up: d.about(2 * mB), RTT: d.between(20*time.Millisecond, 80*time.Millisecond), Behaviour: simnet.Libtorrent()})
	}
	const pace = mB
	s.Readers = append(s.Readers, Reader{Pace: pace, Ranges: []Range{{Len: length, For: 20 * time.Second}}})
	storm := Reader{At: 3 * time.Second, Pace: pace}
	for range 21 {
		off := d.Int64N(length - miB)
		storm.Ranges = append(storm.Ranges, Range{Off: off, Len: length - off, For: 500 * time.Millisecond})
	}
	s.Readers = append(s.Readers, storm)
	return s
}
