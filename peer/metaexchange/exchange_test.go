package metaexchange

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/btgw/btgw/peer/wire"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// A metaSim runs a metadata against peers of made-up character, in its own time.
type metaSim struct {
	m     Exchange[*simPeer]
	now   time.Time
	raw   []byte // the true one
	peers []*simPeer
	queue []simAnswer
	asked map[*simPeer][]int

	found bool
	at    time.Time
	most  int64 // kept at any time
	bans  []*simPeer
}

type simPeer struct {
	name   string
	size   int64
	joins  time.Duration
	rtt    time.Duration
	window *Window                                                                      // nil: what its name says
	answer func(sim *metaSim, part int) (data []byte, reject bool, after time.Duration) // nil data: never
	gone   bool
}

type simAnswer struct {
	at     time.Time
	peer   *simPeer
	part   int
	data   []byte
	reject bool
}

func newMetaSim(raw []byte, peers ...*simPeer) *metaSim {
	sim := &metaSim{now: epoch, raw: raw, peers: peers, asked: make(map[*simPeer][]int)}
	sim.m.Want(true)
	for _, p := range peers {
		if p.size == 0 {
			p.size = int64(len(raw))
		}
	}
	return sim
}

func (sim *metaSim) part(n int) []byte {
	return sim.raw[n*wire.MetadataPart : min(len(sim.raw), (n+1)*wire.MetadataPart)]
}

func honest(name string, rtt time.Duration) *simPeer {
	return &simPeer{name: name, rtt: rtt, answer: func(sim *metaSim, part int) ([]byte, bool, time.Duration) {
		return sim.part(part), false, rtt
	}}
}

// liar sends junk of the length that its size asks for.
func liar(name string, size int64, rtt time.Duration) *simPeer {
	p := &simPeer{name: name, size: size, rtt: rtt}
	p.answer = func(sim *metaSim, part int) ([]byte, bool, time.Duration) {
		return bytes.Repeat([]byte{0xbd}, PartLen(p.size, part)), false, rtt
	}
	return p
}

func mute(name string, size int64) *simPeer {
	return &simPeer{name: name, size: size, answer: func(*metaSim, int) ([]byte, bool, time.Duration) { return nil, false, 0 }}
}

func rejecting(name string, size int64) *simPeer {
	return &simPeer{name: name, size: size, answer: func(*metaSim, int) ([]byte, bool, time.Duration) {
		return nil, true, 10 * time.Millisecond
	}}
}

// holding answers ten of the requests that come to it at one instant, and puts the
// others off to ticks of a second, ten each, as libtorrent does.
func holding(name string, rtt time.Duration) *simPeer {
	var at, last time.Time
	n, off := 0, 0
	return &simPeer{name: name, rtt: rtt, answer: func(sim *metaSim, part int) ([]byte, bool, time.Duration) {
		came := sim.now.Add(rtt / 2)
		if !came.Equal(at) {
			at, n = came, 0
		}
		if n++; n <= 10 {
			return sim.part(part), false, rtt
		}
		tick := came.Truncate(time.Second).Add(time.Second)
		if off++; tick.After(last) {
			last, off = tick, 1
		} else if off > 10 {
			last, off = last.Add(time.Second), 1
		}
		return sim.part(part), false, last.Add(rtt / 2).Sub(sim.now)
	}}
}

// refusing rejects requests beyond so many outstanding.
func refusing(name string, most int, rtt time.Duration) *simPeer {
	var owed []time.Time
	return &simPeer{name: name, rtt: rtt, answer: func(sim *metaSim, part int) ([]byte, bool, time.Duration) {
		owed = slices.DeleteFunc(owed, func(at time.Time) bool { return !at.After(sim.now) })
		if len(owed) >= most {
			return nil, true, rtt
		}
		owed = append(owed, sim.now.Add(rtt))
		return sim.part(part), false, rtt
	}}
}

func (sim *metaSim) carry(w Work[*simPeer]) {
	sim.most = max(sim.most, sim.m.held)
	for _, r := range w.Asks {
		p := r.Peer
		sim.asked[p] = append(sim.asked[p], r.Part)
		if data, reject, after := p.answer(sim, r.Part); data != nil || reject {
			sim.queue = append(sim.queue, simAnswer{sim.now.Add(after), p, r.Part, data, reject})
		}
	}
	for _, p := range w.Bans {
		sim.bans = append(sim.bans, p)
		p.gone = true
		sim.m.Leave(p)
		sim.carry(sim.m.Tick(sim.now))
	}
	if w.Test != nil {
		if bytes.Equal(w.Test.Raw(), sim.raw) {
			sim.found, sim.at = true, sim.now
			sim.m.Stop()
			return
		}
		sim.carry(sim.m.Failed(sim.now, w.Test))
	}
}

// run goes on until the metadata is found or the time is over.
func (sim *metaSim) run(limit time.Duration) {
	end := epoch.Add(limit)
	for !sim.found {
		next, what := end, func() {}
		for _, p := range sim.peers {
			if at := epoch.Add(p.joins); p.joins >= 0 && !at.After(next) {
				next, what = at, func() {
					p.joins = -1
					window := WindowFor(p.name, p.rtt)
					if p.window != nil {
						window = *p.window
					}
					sim.carry(sim.m.Offer(sim.now, p, p.size, p.rtt, window))
				}
			}
		}
		for i, a := range sim.queue {
			if a.at.Before(next) {
				next, what = a.at, func() {
					sim.queue = slices.Delete(sim.queue, i, i+1)
					switch {
					case a.peer.gone:
					case a.reject:
						sim.carry(sim.m.Reject(sim.now, a.peer, a.part))
					default:
						sim.carry(sim.m.Data(sim.now, a.peer, a.part, a.peer.size, a.data))
					}
				}
			}
		}
		if at, ok := sim.m.Next(sim.now); ok && at.Before(next) {
			next, what = at, func() { sim.carry(sim.m.Tick(sim.now)) }
		}
		if next.Equal(end) {
			return
		}
		sim.now = next
		what()
	}
}

func rawMetadata(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	long := int64(10 * wire.MetadataPart)
	late := func(p *simPeer, d time.Duration) *simPeer { p.joins = d; return p }
	for _, tt := range []struct {
		name  string
		size  int
		peers []*simPeer
		at    time.Duration // found, at the latest
		bans  string
	}{
		{name: "one part, one peer", size: 100, peers: []*simPeer{honest("a", 50*ms)}, at: 50 * ms, bans: "[]"},
		{name: "many parts in one round trip", size: 10*wire.MetadataPart - 5, peers: []*simPeer{honest("a", 50*ms)}, at: 50 * ms, bans: "[]"},
		{name: "a second peer helps one that is mute", size: int(long), peers: []*simPeer{mute("m", 0), late(honest("a", 50*ms), 10*ms)}, at: 1100 * ms, bans: "[]"},
		{name: "rejects are asked elsewhere at once", size: int(long), peers: []*simPeer{rejecting("r", 0), late(honest("a", 50*ms), 1*ms)}, at: 111 * ms, bans: "[]"},
		{name: "another size does not matter", size: int(long), peers: []*simPeer{liar("l", 5*long, 5*ms), honest("a", 50*ms)}, at: 50 * ms, bans: "[l]"},
		{name: "a liar of the same size, one part", size: 100, peers: []*simPeer{liar("l", 100, 5*ms), honest("a", 50*ms)}, at: 105 * ms, bans: "[l]"},
		{name: "a liar of the same size, many parts", size: int(long), peers: []*simPeer{liar("l", long, 5*ms), honest("a", 50*ms)}, at: 250 * ms, bans: "[l]"},
		{name: "nine liars of ten", size: int(long), peers: []*simPeer{
			liar("1", long, 1*ms), liar("2", long, 2*ms), liar("3", long, 3*ms), liar("4", long, 4*ms), liar("5", long, 5*ms),
			liar("6", long, 6*ms), liar("7", long, 7*ms), liar("8", long, 8*ms), liar("9", long, 9*ms), honest("a", 50*ms),
		}, at: 400 * ms, bans: "[1 2 3 4 5 6 7 8 9]"},
		{name: "mute and rejecting ones beside a liar", size: 70 * wire.MetadataPart, peers: []*simPeer{
			late(liar("l", 0, 3000*ms), 2*ms), late(rejecting("1", 0), 7*ms), late(mute("2", 0), 9*ms), late(mute("3", 0), 15*ms), late(rejecting("4", 0), 16*ms), late(honest("a", ms), 17*ms),
		}, at: 7 * time.Second, bans: "[]"},
		{name: "mute ones of all sizes", size: int(long), peers: []*simPeer{mute("1", 5), mute("2", long+1), mute("3", wire.MaxMetadata), honest("a", 50*ms)}, at: 50 * ms, bans: "[]"},
		{name: "a libtorrent by its name", size: 128 * wire.MetadataPart, peers: []*simPeer{holding("libtorrent/2.0.8.0", 50*ms)}, at: 6 * 50 * ms, bans: "[]"},
		{name: "two libtorrents", size: 128 * wire.MetadataPart, peers: []*simPeer{holding("libtorrent/2.0.8.0", 50*ms), holding("qBittorrent/4.4.1", 50*ms)}, at: 5 * 50 * ms, bans: "[]"},
		{name: "a libtorrent near by", size: 128 * wire.MetadataPart, peers: []*simPeer{holding("libtorrent/2.0.8.0", ms/10)}, at: 8 * ms, bans: "[]"},
		{name: "a libtorrent by another name", size: 128 * wire.MetadataPart, peers: []*simPeer{holding("?", 50*ms)}, at: 17 * 50 * ms, bans: "[]"},
		{name: "one of another name near by", size: 128 * wire.MetadataPart, peers: []*simPeer{holding("?", ms/10)}, at: 30 * ms, bans: "[]"},
		{name: "rejects beyond ten", size: 128 * wire.MetadataPart, peers: []*simPeer{refusing("?", 10, 50*ms)}, at: 25 * 50 * ms, bans: "[]"},
		{name: "the largest there may be", size: wire.MaxMetadata, peers: []*simPeer{honest("a", 50*ms)}, at: 500 * ms, bans: "[]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sim := newMetaSim(rawMetadata(tt.size), tt.peers...)
			sim.run(time.Minute)
			if took := sim.at.Sub(epoch); !sim.found || took > tt.at {
				t.Errorf("found: %v, after %v; want within %v", sim.found, took, tt.at)
			}
			var names []string
			for _, p := range sim.bans {
				names = append(names, p.name)
			}
			slices.Sort(names)
			if got := fmt.Sprint(names); got != tt.bans {
				t.Errorf("banned %s, want %s", got, tt.bans)
			}
		})
	}
}

func TestMetadataAsksArePartsOfOneWave(t *testing.T) {
	sim := newMetaSim(rawMetadata(100*wire.MetadataPart), honest("a", time.Second), honest("b", time.Second))
	sim.run(500 * time.Millisecond)
	a, b := sim.asked[sim.peers[0]], sim.asked[sim.peers[1]]
	if len(a)+len(b) != 100 || max(len(a), len(b)) != MaxAsks {
		t.Errorf("asked %d and %d parts", len(a), len(b))
	}
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	if distinct := len(slices.Compact(all)); distinct != 100 {
		t.Errorf("%d parts of 100 asked", distinct)
	}
}

// TestMetadataDepth: no fixed depth is better at a client that puts off what is beyond
// ten, by more than a few parts' time; and what is put off is asked for again, once.
func TestMetadataDepth(t *testing.T) {
	const rtt = 50 * time.Millisecond
	run := func(p *simPeer) (time.Duration, int) {
		sim := newMetaSim(rawMetadata(128*wire.MetadataPart), p)
		sim.run(time.Minute)
		if !sim.found {
			t.Fatalf("%s: not found", p.name)
		}
		return sim.at.Sub(epoch), len(sim.asked[p])
	}
	best := time.Hour
	for depth := 1; depth <= MaxAsks; depth++ {
		p := holding("fixed", rtt)
		p.window = &Window{size: depth, most: depth, burst: MaxAsks}
		took, _ := run(p)
		best = min(best, took)
	}
	if want := 13 * rtt; best != want {
		t.Errorf("best fixed depth: %v, want %v, which is ten at a time", best, want)
	}
	took, asks := run(holding("libtorrent/2.0.8.0", rtt))
	t.Logf("%v, best fixed depth %v, %d asks", took, best, asks)
	if took > best {
		t.Errorf("%v, a fixed depth %v", took, best)
	}
	if asks > 128+holderBurst {
		t.Errorf("%d asks for 128 parts", asks)
	}
	took, asks = run(holding("?", rtt))
	t.Logf("not known: %v, %d asks", took, asks)
	if float64(took) > 1.3*float64(best) || asks > 128+MaxAsks {
		t.Errorf("not known: %v, %d asks for 128 parts", took, asks)
	}
}

func TestMetadataIgnoresWhatWasNotAsked(t *testing.T) {
	sim := newMetaSim(rawMetadata(100), honest("a", 0))
	c := new(simPeer)
	if w := sim.m.Data(epoch, c, 0, 0, []byte("x")); w.Test != nil || w.Bans != nil {
		t.Error("data of a stranger counts")
	}
	sim.m.Want(false)
	sim.m.Offer(epoch, c, 100, 0, WindowFor("", 0))
	if w := sim.m.Data(epoch, c, 0, 100, make([]byte, 100)); w.Test != nil || w.Bans != nil || sim.m.held != 0 {
		t.Error("data that nobody asked for counts")
	}
}

func TestMetadataOfAWrongLengthIsALie(t *testing.T) {
	for _, tt := range []struct {
		total int64
		n     int
	}{{0, 99}, {0, 101}, {99, 100}} {
		sim := newMetaSim(rawMetadata(100))
		c := new(simPeer)
		sim.m.Offer(epoch, c, 100, 0, WindowFor("", 0))
		if w := sim.m.Data(epoch, c, 0, tt.total, make([]byte, tt.n)); len(w.Bans) != 1 || w.Bans[0] != c {
			t.Errorf("%d bytes of a total %d: %+v", tt.n, tt.total, w)
		}
	}
}

// TestMetadataProperty: whatever the others do, one honest peer that stays is
// enough, no honest peer is banned, and memory is bounded.
func TestMetadataProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{1, 100, wire.MetadataPart, wire.MetadataPart + 1, 5*wire.MetadataPart - 7, 70 * wire.MetadataPart}).Draw(t, "size")
		sizes := rapid.SampledFrom([]int64{0, 0, 0, 17, int64(size) + 1, wire.MaxMetadata})
		n := rapid.IntRange(0, 8).Draw(t, "others")
		peers := []*simPeer{honest("honest", time.Duration(rapid.IntRange(1, 300).Draw(t, "rtt"))*time.Millisecond)}
		peers[0].joins = time.Duration(rapid.IntRange(0, 2000).Draw(t, "joins")) * time.Millisecond
		for i := range n {
			name := fmt.Sprint(i)
			rtt := time.Duration(rapid.IntRange(1, 3000).Draw(t, "rtt")) * time.Millisecond
			sz := sizes.Draw(t, "claims")
			if sz == 0 {
				sz = int64(size)
			}
			p := rapid.SampledFrom([]*simPeer{liar(name, sz, rtt), mute(name, sz), rejecting(name, sz), honest(name, rtt)}).Draw(t, "kind")
			p.joins = time.Duration(rapid.IntRange(0, 2000).Draw(t, "joins")) * time.Millisecond
			peers = append(peers, p)
		}
		sim := newMetaSim(rawMetadata(size), peers...)
		sim.run(5 * time.Minute)
		if !sim.found {
			t.Fatal("not found")
		}
		if sim.most > maxHeld+wire.MetadataPart {
			t.Fatalf("kept %d bytes", sim.most)
		}
		for _, p := range sim.bans {
			if p.name == "honest" {
				t.Fatal("the honest peer is banned")
			}
		}
		t.Logf("found after %v", sim.at.Sub(epoch))
	})
}
