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
			if _, err := g.session.Add(t.Context(), f.torrent); err != nil {
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

// No first byte is later for a gateway that was added: of what siblings have, and of what nobody has, at those
// that were there and at the new one.
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
		check("the new one, of what nobody has", f.fetch(joined, f.hints(), fresh(), part), nowhere)
		check("the owner of before, of what nobody has", f.fetch(owner, f.hints(), fresh(), part), nowhere)
		check("another, by infohash", f.fetch(others[1], f.hints(), had(), part), begun)
		if n := f.outside(); n > next*102/100 {
			t.Errorf("%d bytes came from outside, for %d that were read", n, next)
		}
		if st, _ := joined.session.Status(f.hash()); st.Swarm.Downloaded != st.Swarm.FromSiblings {
			t.Errorf("the new one fetched from outside, where another one has peers: %+v", st.Swarm)
		}
	})
}

// joinMany adds gateways all of which have more right to the torrent than those that are there.
func (f *simFleet) joinMany(n int) (joined []*node) {
	old := len(f.gates)
	for range n {
		name := sibling.Node{byte(len(f.gates) + 1)}
		for int(sibling.Order(f.hash().Wire(), append(f.nodes[:old:old], name))[0][0]) != len(f.gates)+1 {
			name[1]++
		}
		g := f.gatewayNamed(name, "a secret of the fleet", simnet.HostConfig{})
		for _, o := range f.gates {
			f.net.SetRTT(o.net, g.net, ms)
		}
		f.gates, joined = append(f.gates, g), append(joined, g)
	}
	f.linked(len(f.gates) - 1)
	return joined
}

// So many gateways join at once that the one which has peers outside is none of those that a gateway connects
// with. It goes on fetching, for readers at the new owner and at any other one.
func TestSiblingsManyJoin(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size, part = 4 << 20, 512 << 10
		f := newSimFleet(t, 2, 256<<10, size)
		for range 4 {
			f.seed(simRate, false)
		}
		old, others := f.owner()
		f.fetch(old, f.hints(), 0, part)
		before := f.fetch(old, f.hints(), part, part)
		joined := f.joinMany(12)
		owner, rest := f.owner()
		for i, g := range []*node{owner, rest[4], others[0], rest[9], joined[3]} {
			f.fetch(g, f.hints(), 0, part) // the metadata
			if first := f.fetch(g, f.hints(), int64(2+i)*part, part); first > before*3/2 {
				t.Errorf("reader %d: first byte after %v, before the others joined it was %v", i, first, before)
			}
		}
		if n, read := f.outside(), int64(7*part); n > read*102/100 {
			t.Errorf("%d bytes came from outside, for %d that were read", n, read)
		}
		if st, _ := old.session.Status(f.hash()); st.Downloaded < 7*part {
			t.Errorf("the gateway that has peers outside fetched %d bytes of %d", st.Downloaded, 7*part)
		}
	})
}

// A torrent comes from web seeds alone. The gateway that they serve goes on when another one joins, and the
// new one fetches when that one drains.
func TestSiblingsWebSeedIsWarm(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size, part = 8 << 20, 1 << 20
		f := newSimFleet(t, 2, 256<<10, size)
		url, asked := f.web(4*simRate, 0)
		hints := Hints{WebSeeds: []string{url}}
		for _, g := range f.gates {
			if _, err := g.session.Add(t.Context(), f.torrent); err != nil {
				t.Fatal(err)
			}
		}
		old, _ := f.owner()
		f.fetch(old, hints, 0, part)
		before := f.fetch(old, hints, part, part)
		joined := f.join()
		if _, err := joined.session.Add(t.Context(), f.torrent); err != nil {
			t.Fatal(err)
		}
		f.fetch(joined, hints, 0, part)
		if first := f.fetch(joined, hints, 2*part, part); first > before*3/2 {
			t.Errorf("first byte of the new owner after %v, before it joined it was %v", first, before)
		}
		st, _ := joined.session.Status(f.hash())
		if n := st.Downloaded - st.Swarm.FromSiblings; n > 256<<10 || !st.Swarm.FetchedForUs { // it asks before it is connected with siblings
			t.Errorf("the new owner took %d bytes of the web seed: %+v", n, st)
		}
		requests := asked.Load()
		old.host.Drain()
		time.Sleep(100 * ms)
		f.fetch(joined, hints, 3*part, part)
		if st, _ = joined.session.Status(f.hash()); asked.Load() == requests || st.Swarm.FetchedForUs {
			t.Errorf("nobody asked the web seed once the other one drained: %+v", st)
		}
	})
}
