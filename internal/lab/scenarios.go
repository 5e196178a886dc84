package lab

import (
	"math/rand/v2"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
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
		{"flash-crowd-slots", FlashCrowdSlots},
		{"long-tail", LongTail},
		{"seek-storm", SeekStorm},
		{"pieces-256k", func(seed uint64, quick bool) Scenario { return Pieces("pieces-256k", 256*kiB, seed, quick) }},
		{"pieces-1m", func(seed uint64, quick bool) Scenario { return Pieces("pieces-1m", miB, seed, quick) }},
		{"pieces-4m", func(seed uint64, quick bool) Scenario { return Pieces("pieces-4m", 4*miB, seed, quick) }},
		{"pieces-16m", func(seed uint64, quick bool) Scenario { return Pieces("pieces-16m", 16*miB, seed, quick) }},
		{"churn", Churn},
		{"free-riders", FreeRiders},
		{"one-fast", OneFast},
		{"liars", Liars},
		{"thousand", Thousand},
		{"pauses", Pauses},
	}
}

// A draw makes a scenario's random choices.
type draw struct{ *rand.Rand }

func newDraw(seed uint64) draw { return draw{rand.New(rand.NewPCG(seed, 0x6c6162))} }

// between draws a duration, every one as likely.
func (d draw) between(least, most time.Duration) time.Duration {
	return least + time.Duration(d.Int64N(int64(most-least)+1))
}

// about draws a number between half and twice n.
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
// and 20 other gateways; they seed to each other. In the quick one there are 16
// gateways, and the film is an eighth.
func FlashCrowd(seed uint64, quick bool) Scenario {
	return crowd("flash-crowd", seed, quick, simnet.Libtorrent())
}

// FlashCrowdSlots is FlashCrowd with seeds that have eight peers unchoked at a
// time and give others their turn every 15 s, as libtorrent does.
func FlashCrowdSlots(seed uint64, quick bool) Scenario {
	b := simnet.Libtorrent()
	b.Slots, b.Rotate = 8, 15*time.Second
	return crowd("flash-crowd-slots", seed, quick, b)
}

func crowd(name string, seed uint64, quick bool, seeds simnet.Behaviour) Scenario {
	const known = 20
	gateways, size := 100, int64(16*miB)
	if quick {
		gateways, size = 16, 2*miB
	}
	d := newDraw(seed)
	s := Scenario{Name: name, Seed: seed, Segment: 16 * kiB, Size: size, PieceLength: size / 64, Patience: time.Minute}
	for range 3 {
		s.Peers = append(s.Peers, Peer{Up: 10 * mB, RTT: d.between(10*time.Millisecond, 40*time.Millisecond), Behaviour: seeds})
	}
	for i := range gateways {
		s.Gateways = append(s.Gateways, Gateway{
			Up: 12 * mB, Down: 25 * mB, RTT: d.between(5*time.Millisecond, 30*time.Millisecond),
			Peers: upTo(3), Gateways: d.some(known, gateways, i),
		})
	}
	for i := range 5 * gateways {
		s.Readers = append(s.Readers, Reader{
			Gateway: i % gateways, At: d.between(0, 10*time.Second), Pace: mB, Ranges: []Range{{Len: s.Size}},
		})
	}
	return s
}

// single is a scenario of one gateway that knows every peer.
func single(name string, seed uint64, size, pieceLength int64, peers []Peer) Scenario {
	return Scenario{
		Name: name, Seed: seed, Segment: 16 * kiB, Size: size, PieceLength: pieceLength, Patience: time.Minute, Peers: peers,
		Gateways: []Gateway{{Up: 10 * mB, RTT: 10 * time.Millisecond, Peers: upTo(len(peers))}},
	}
}

// LongTail is a film of which one slow seed is left: one reader plays it, below
// what the seed gives, one looks at two places of it.
func LongTail(seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	up := 150*kB + d.Int64N(150*kB)
	size := int64(12 * miB)
	if quick {
		size = 3 * miB
	}
	s := single("long-tail", seed, size, 256*kiB, []Peer{
		{Up: up, RTT: d.between(100*time.Millisecond, 250*time.Millisecond), Behaviour: simnet.Libtorrent()},
	})
	s.Readers = []Reader{
		{Pace: up / 2, Ranges: []Range{{Len: size}}},
		{At: d.between(2*time.Second, 8*time.Second), Pace: up / 4, Ranges: []Range{d.place(size, 5*time.Second), d.place(size, 5*time.Second)}},
	}
	return s
}

// place draws a place to read from to the end of size bytes, for a while.
func (d draw) place(size int64, dur time.Duration) Range {
	off := d.Int64N(size * 9 / 10)
	return Range{Off: off, Len: size - off, For: dur}
}

// homes draws peers with the access lines of homes, which upload at about a rate.
func (d draw) homes(n int, up int64) []Peer {
	peers := make([]Peer, n)
	for i := range peers {
		peers[i] = Peer{Up: d.about(up), RTT: d.between(10*time.Millisecond, 120*time.Millisecond), Behaviour: simnet.Libtorrent()}
	}
	return peers
}

// SeekStorm is a viewer who seeks 20 times in 10 s beside another who plays the
// film, at one gateway with six seeds.
func SeekStorm(seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	size, during := int64(96*miB), 20*time.Second
	if quick {
		size, during = 32*miB, 12*time.Second
	}
	s := single("seek-storm", seed, size, miB, d.homes(6, 2*mB))
	storm := Reader{At: 2 * time.Second, Pace: mB}
	for range 21 {
		storm.Ranges = append(storm.Ranges, d.place(size, 500*time.Millisecond))
	}
	s.Readers = []Reader{{Pace: mB, Ranges: []Range{{Len: size, For: during}}}, storm}
	return s
}

// Pieces has three readers of a torrent with pieces of a length. They play at 500 kB/s
// and seek once, at one gateway with eight seeds.
func Pieces(name string, pieceLength int64, seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	size, turn := max(32*miB, 6*pieceLength), 30*time.Second
	if quick {
		size, turn = max(8*miB, 2*pieceLength), 6*time.Second
	}
	s := single(name, seed, size, pieceLength, d.homes(8, 2*mB))
	for range 3 {
		s.Readers = append(s.Readers, Reader{
			At: d.between(0, 5*time.Second), Pace: 500 * kB, Ranges: []Range{d.place(size, turn), d.place(size, turn)},
		})
	}
	return s
}

// Churn is a swarm of 40 of which a tenth leaves every 10 s, every other without
// a word, and others come; some choke now and then. Four readers play at 500 kB/s.
func Churn(seed uint64, quick bool) Scenario {
	const swarm = 40
	d := newDraw(seed)
	during := 90 * time.Second
	if quick {
		during = 25 * time.Second
	}
	peers := d.homes(swarm, 400*kB)
	here := upTo(swarm)
	for at := 10 * time.Second; at < during; at += 10 * time.Second {
		for range swarm / 10 {
			i := d.IntN(len(here))
			old := &peers[here[i]]
			old.Until, old.Vanishes = at+d.between(0, 10*time.Second), d.IntN(2) == 0
			newcomer := d.homes(1, 400*kB)[0]
			newcomer.At, newcomer.Dials = at+d.between(0, 10*time.Second), []int{0}
			here[i] = len(peers)
			peers = append(peers, newcomer)
		}
	}
	for i := range peers {
		if d.IntN(4) == 0 {
			peers[i].ChokeFirst, peers[i].ChokeEvery, peers[i].ChokeFor = d.between(0, 30*time.Second), 30*time.Second, d.between(time.Second, 10*time.Second)
		}
	}
	size := int64(during.Seconds()) * 500 * kB
	s := single("churn", seed, size, 512*kiB, peers)
	s.Readers = []Reader{{Pace: 500 * kB, Ranges: []Range{{Len: size}}}}
	for range 3 {
		s.Readers = append(s.Readers, Reader{At: d.between(0, during/2), Pace: 500 * kB, Ranges: []Range{d.place(size, during/4), d.place(size, during/4)}})
	}
	return s
}

// FreeRiders is ten gateways that know each other and two seeds, and 40 peers
// that take from every gateway what they can and give nothing.
func FreeRiders(seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	gateways, riders, size := 10, 40, int64(16*miB)
	if quick {
		gateways, riders, size = 5, 20, 6*miB
	}
	peers := d.homes(2, 2*mB)
	for range riders {
		peers = append(peers, Peer{
			Up: mB, Down: 2 * mB, RTT: d.between(10*time.Millisecond, 120*time.Millisecond), Pieces: []int{},
			Behaviour: simnet.Behaviour{Unchoke: simnet.NeverUnchoke, Leech: 16, Choked: simnet.Ignore},
			At:        d.between(0, 3*time.Second), Dials: upTo(gateways),
		})
	}
	s := Scenario{Name: "free-riders", Seed: seed, Segment: 16 * kiB, Size: size, PieceLength: 256 * kiB, Patience: time.Minute, Peers: peers}
	for i := range gateways {
		s.Gateways = append(s.Gateways, Gateway{
			Up: mB, Down: 10 * mB, RTT: d.between(5*time.Millisecond, 30*time.Millisecond), Peers: upTo(2),
			Gateways: d.some(gateways, gateways, i),
		})
		s.Readers = append(s.Readers, Reader{
			Gateway: i, At: d.between(0, 5*time.Second), Pace: 250 * kB, Ranges: []Range{{Len: size}},
		})
	}
	return s
}

// OneFast has one peer of 5 MB/s among forty of some 40 kB/s, and a reader at 2 MB/s
// that seeks.
func OneFast(seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	size, turn := int64(48*miB), 10*time.Second
	if quick {
		size, turn = 16*miB, 3*time.Second
	}
	peers := d.homes(40, 40*kB)
	fast := d.IntN(len(peers))
	peers[fast].Up = 5 * mB
	s := single("one-fast", seed, size, miB, peers)
	s.Readers = []Reader{{Pace: 2 * mB, Ranges: []Range{{Len: size, For: turn}, d.place(size, turn), d.place(size, turn)}}}
	return s
}

// Liars is a swarm of 20 of which six send wrong bytes: three of them in every
// block, three in one of eight.
func Liars(seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	size := int64(32 * miB)
	if quick {
		size = 8 * miB
	}
	peers := d.homes(20, 500*kB)
	for n, i := range d.some(6, len(peers), -1) {
		peers[i].Lie = simnet.LieEveryBlock
		if n%2 == 0 {
			peers[i].Lie = lieSometimes
		}
	}
	s := single("liars", seed, size, 512*kiB, peers)
	s.Readers = []Reader{
		{Pace: mB, Ranges: []Range{{Len: size}}},
		{At: d.between(0, 5*time.Second), Pace: mB, Ranges: []Range{d.place(size, 5*time.Second), d.place(size, 5*time.Second)}},
	}
	return s
}

// lieSometimes spoils one block of eight.
func lieSometimes(piece, begin int, block []byte) {
	if (piece+begin/metainfo.BlockLen)%8 == 3 {
		block[0] ^= 0x55
	}
}

// Thousand is a thousand peers of every kind and speed, of whom each of 20
// gateways knows 60, with five readers each. One in 20 lies, one in ten leaves.
func Thousand(seed uint64, quick bool) Scenario {
	d := newDraw(seed)
	n, gateways, size := 1000, 20, int64(32*miB)
	if quick {
		gateways, size = 4, 8*miB
	}
	kinds := []simnet.Behaviour{simnet.Libtorrent(), simnet.Transmission(), simnet.Aria2(), simnet.Anacrolix(), simnet.Rqbit()}
	s := Scenario{Name: "thousand", Seed: seed, Mode: simnet.SlowStart, Segment: 16 * kiB, Size: size, PieceLength: 512 * kiB, Patience: time.Minute}
	for range n {
		p := Peer{Up: 50 * kB << d.IntN(7), RTT: d.between(5*time.Millisecond, 250*time.Millisecond), Behaviour: kinds[d.IntN(len(kinds))]}
		switch d.IntN(20) {
		case 0:
			p.Lie = simnet.LieEveryBlock
		case 1, 2:
			p.Until, p.Vanishes = d.between(5*time.Second, 60*time.Second), d.IntN(2) == 0
		}
		s.Peers = append(s.Peers, p)
	}
	for i := range gateways {
		s.Gateways = append(s.Gateways, Gateway{
			Up: 10 * mB, Down: 50 * mB, RTT: d.between(5*time.Millisecond, 30*time.Millisecond),
			Peers: d.some(60, n, -1), Gateways: d.some(5, gateways, i),
		})
		s.Readers = append(s.Readers, Reader{Gateway: i, At: d.between(0, 10*time.Second), Pace: mB, Ranges: []Range{{Len: size}}})
		for range 4 {
			s.Readers = append(s.Readers, Reader{
				Gateway: i, At: d.between(0, 20*time.Second), Pace: mB,
				Ranges: []Range{d.place(size, 5*time.Second), d.place(size, 5*time.Second)},
			})
		}
	}
	return s
}
