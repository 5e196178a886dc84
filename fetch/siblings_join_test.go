package fetch

import (
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/sibling"
)

// join adds a gateway that owns the torrent from then on, and waits until it is linked.
func (f *simFleet) join() *node {
	name := sibling.Node{byte(len(f.gates) + 1)}
	for sibling.Order(f.hash().Wire(), append(f.nodes[:len(f.nodes):len(f.nodes)], name))[0] != name {
		name[1]++
	}
	n := f.gatewayNamed(name, "a secret of the fleet", simnet.HostConfig{})
	for _, g := range f.gates {
		f.net.SetRTT(g.net, n.net, ms)
	}
	f.gates = append(f.gates, n)
	f.linked(len(f.gates) - 1)
	return n
}

// A gateway that joins owns the torrent, and knows peers outside that are as near as its siblings. What
// these have it takes from them.
func TestSiblingsNewOwnerTakesFromSiblings(t *testing.T) {
	for _, tt := range []struct {
		name string
		rtt  time.Duration // to the peers outside
	}{{"the outside is far", 50 * ms}, {"the outside is near", ms}} {
		t.Run(tt.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size = 8 << 20
				f := newSimFleet(t, 3, 256<<10, size)
				for range 4 {
					f.seed(10*simRate, false)
				}
				for _, g := range f.gates {
					f.fetch(g, f.hints(), 0, size)
					g.net.SetRates(10*mb, 0)
				}
				before := f.outside()
				owner := f.join()
				for _, s := range f.seeds {
					f.net.SetRTT(owner.net, s.net, tt.rtt)
				}
				f.fetch(owner, f.hints(), 0, size)
				n := f.outside()
				t.Logf("%.3f bytes from outside a byte, %d of them for the new owner", float64(n)/size, n-before)
				if n > size*102/100 {
					t.Errorf("%d bytes came from outside, for a file of %d: %d for the new owner", n, size, n-before)
				}
			})
		})
	}
}

// The siblings of a new owner have what its readers want, and are slow, or fall silent. It goes outside.
func TestSiblingsNewOwnerGoesOutside(t *testing.T) {
	for _, tt := range []struct {
		name string
		fail func(*node)
	}{
		{"silent", func(n *node) { n.net.Vanish() }},
		{"slow", func(n *node) { n.net.SetRates(20_000, 0) }},
		{"gone", func(n *node) { n.net.Leave() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size = 8 << 20
				f := newSimFleet(t, 1, 256<<10, size)
				for range 4 {
					f.seed(simRate, false)
				}
				old := f.gates[0]
				f.fetch(old, f.hints(), 0, size)
				owner := f.join()
				f.fetch(owner, f.hints(), 0, 1<<20)
				tt.fail(old)
				start := time.Now()
				f.fetch(owner, f.hints(), 1<<20, 4<<20)
				if d := time.Since(start); d > 8*time.Second {
					t.Errorf("4 MiB took %v, which the outside sends in less than a second", d)
				} else {
					t.Logf("4 MiB took %v", d)
				}
			})
		})
	}
}

// The siblings of a new owner have it all, and a byte of each block is wrong. No wrong byte leaves, and
// what is right comes from outside.
func TestSiblingsNewOwnerIsLiedTo(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 4 << 20
		f := newSimFleet(t, 2, 256<<10, size)
		for range 4 {
			f.seed(simRate, false)
		}
		for _, g := range f.gates {
			f.keep(g, 0, f.torrent.Info.NumPieces(), true)
			if _, err := g.session.Add(f.torrent); err != nil {
				t.Fatal(err)
			}
		}
		start := time.Now()
		f.fetch(f.join(), f.hints(), 0, size)
		if d := time.Since(start); d > 25*time.Second {
			t.Errorf("all was read after %v", d)
		} else {
			t.Logf("all was read after %v", d)
		}
	})
}

// No first byte is later for a gateway that was added: of what siblings have, and of what nobody has once
// the new one has found peers outside, at those that were there and at the new one.
func TestSiblingsFirstByteAfterOneWasAdded(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size, part = 12 << 20, 512 << 10
		f := newSimFleet(t, 3, 256<<10, size)
		for range 4 {
			f.seed(simRate, false)
		}
		next := int64(0)
		fresh := func() int64 { next += part; return next - part } // that nobody has
		owner, others := f.owner()
		var shared []int64 // parts that the first owner has
		for range 8 {
			shared = append(shared, fresh())
		}
		f.fetch(owner, f.hints(), 0, 8*part)
		had := func() int64 { off := shared[0]; shared = shared[1:]; return off }
		begun := f.fetch(others[0], f.hints(), had(), part)
		here := f.fetch(others[0], f.hints(), had(), part)
		nowhere := f.fetch(others[0], f.hints(), fresh(), part)
		joined := f.join()
		check := func(what string, got, was time.Duration) {
			t.Helper()
			t.Logf("%s: %v, before %v", what, got, was)
			if got > max(was*3/2, was+5*ms) { // the least that siblings may take
				t.Errorf("%s: first byte after %v, before it was %v", what, got, was)
			}
		}
		check("one that was there, of what siblings have", f.fetch(others[0], f.hints(), had(), part), here)
		check("the new one, by infohash", f.fetch(joined, f.hints(), had(), part), begun)
		check("the new one, of what siblings have", f.fetch(joined, f.hints(), had(), part), here)
		f.fetch(joined, f.hints(), fresh(), part) // it finds peers outside
		check("the new one, of what nobody has", f.fetch(joined, f.hints(), fresh(), part), nowhere)
		check("the owner of before, of what nobody has", f.fetch(owner, f.hints(), fresh(), part), nowhere)
		check("another, by infohash", f.fetch(others[1], f.hints(), had(), part), begun)
		if n := f.outside(); n > next*102/100 {
			t.Errorf("%d bytes came from outside, for %d that were read", n, next)
		}
	})
}
