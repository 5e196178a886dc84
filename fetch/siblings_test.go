package fetch

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/sibling"
)

// A simFleet is gateways of one fleet in a simulated network, and a swarm outside.
type simFleet struct {
	*sim
	gates []*node
	nodes []sibling.Node // their names on the ring
	disk  int64          // bytes of each gateway's; 0: none
	mu    sync.Mutex
	list  []netip.AddrPort
}

// lookup is what DNS says.
func (f *simFleet) lookup(context.Context) ([]netip.AddrPort, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]netip.AddrPort(nil), f.list...), nil
}

// newSimFleet makes n gateways that are linked. Their round trip is that of the network.
func newSimFleet(t *testing.T, n int, pieceLen int64, size int) *simFleet {
	return newSimFleetOf(t, metainfo.V1, n, pieceLen, size)
}

func newSimFleetOf(t *testing.T, version metainfo.Version, n int, pieceLen int64, size int) *simFleet {
	f := &simFleet{sim: newSimOf(t, version, simnet.Ideal, 50*ms, pieceLen, size)}
	f.begin(n)
	return f
}

// begin makes n gateways that are linked.
func (f *simFleet) begin(n int) {
	f.t.Helper()
	for range n {
		f.gates = append(f.gates, f.gateway("a secret of the fleet", simnet.HostConfig{}))
	}
	for _, a := range f.gates { // in one rack
		for _, b := range f.gates {
			if a != b {
				f.net.SetRTT(a.net, b.net, ms)
			}
		}
	}
	f.linked(n - 1)
}

// gateway starts one with a secret, and puts it on the list.
func (f *simFleet) gateway(secret string, cfg simnet.HostConfig) *node {
	f.t.Helper()
	return f.gatewayNamed(sibling.Node{byte(len(f.list) + 1)}, secret, cfg)
}

// gatewayNamed is gateway with a name on the ring, of which the first byte is its number.
func (f *simFleet) gatewayNamed(name sibling.Node, secret string, cfg simnet.HostConfig) *node {
	f.t.Helper()
	secrets, err := sibling.ParseSecrets(strings.NewReader(secret))
	if err != nil {
		f.t.Fatal(err)
	}
	f.fleet = &peer.SiblingsConfig{Secrets: secrets, Lookup: f.lookup, Node: name}
	f.nodes = append(f.nodes, name)
	stored := cache.Config{MemoryBytes: 1 << 30}
	if f.disk > 0 {
		stored = cache.Config{Dir: f.t.TempDir(), DiskBytes: f.disk, MemoryBytes: 256 << 10}
	}
	n := f.nodeWith(cfg, stored)
	f.fleet = nil
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, n.addr)
	return n
}

// linked waits until every gateway has so many siblings.
func (f *simFleet) linked(n int) {
	f.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(ms) {
		all := true
		for _, g := range f.gates {
			all = all && g.host.Fleet().Siblings == n
		}
		if all {
			return
		}
		if time.Now().After(end) {
			for _, g := range f.gates {
				f.t.Logf("%v: %+v", g.addr, g.host.Fleet())
			}
			f.t.Fatalf("the gateways do not have %d siblings each", n)
		}
	}
}

// owner is the gateway that owns the torrent, others are those that do not.
func (f *simFleet) owner() (owner *node, others []*node) {
	order := f.order(f.hash())
	return order[0], order[1:]
}

// order is the gateways in the order of their right to a torrent.
func (f *simFleet) order(ih metainfo.InfoHash) (order []*node) {
	for _, n := range sibling.Order(ih.Wire(), f.nodes[:len(f.gates)]) {
		order = append(order, f.gates[n[0]-1])
	}
	return order
}

// fetch reads a range at a gateway and compares it; it returns when the first bytes came.
func (f *simFleet) fetch(g *node, h Hints, off, n int64) (first time.Duration) {
	return f.fetchAs(g, f.hash(), h, off, n)
}

// fetchAs is fetch by one of the torrent's infohashes.
func (f *simFleet) fetchAs(g *node, ih metainfo.InfoHash, h Hints, off, n int64) (first time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	start := time.Now()
	info, err := g.session.Info(ctx, ih, h)
	if err != nil {
		f.t.Errorf("metadata: %v", err)
		return 0
	}
	c, err := g.session.Open(ctx, ih, h, &info.Files[0], off, n)
	if err != nil {
		f.t.Error(err)
		return 0
	}
	defer c.Close()
	if err := c.Wait(ctx); err != nil {
		f.t.Error(err)
		return 0
	}
	first = time.Since(start)
	same := &sameBytes{want: f.content[off : off+n]}
	if err := drainTo(same, c, time.Minute); err != nil || same.n != int(n) {
		f.t.Errorf("after %d bytes of %d at %d: %v", same.n, n, off, err)
	}
	return first
}

// outside is how many bytes the fleet took from the swarm outside.
func (f *simFleet) outside() (n int64) {
	for _, g := range f.gates {
		if st, ok := g.session.Status(f.hash()); ok {
			n += st.Swarm.Downloaded - st.Swarm.FromSiblings
		}
	}
	return n
}

func TestSiblingsFetchOnce(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 4 << 20
		f := newSimFleet(t, 3, 256<<10, size)
		for range 4 {
			f.seed(simRate, false)
		}
		var readers sync.WaitGroup
		for _, g := range f.gates {
			for range 3 {
				readers.Go(func() { f.fetch(g, f.hints(), 0, size) })
			}
		}
		start := time.Now()
		readers.Wait()
		t.Logf("%v, %d bytes from outside for %d", time.Since(start), f.outside(), size)
		if n := f.outside(); n > size*102/100 {
			t.Errorf("%d bytes came from outside, for a file of %d", n, size)
		}
	})
}

// A reader at a gateway that does not own the torrent waits little longer than at the owner.
func TestSiblingsFirstByte(t *testing.T) {
	first := make(map[bool]time.Duration)
	for _, owns := range []bool{true, false} {
		bubble.Test(t, func(t *testing.T) {
			f := newSimFleet(t, 3, 256<<10, 4<<20)
			for range 4 {
				f.seed(simRate, false)
			}
			g, others := f.owner()
			if !owns {
				g = others[0]
			}
			first[owns] = f.fetch(g, f.hints(), 1<<20, 1<<20)
			if n := f.outside(); n > 1<<20 {
				t.Errorf("%d bytes came from outside for 1 MiB", n)
			}
			if st, _ := g.session.Status(f.hash()); !owns && st.Swarm.Connected != st.Swarm.Siblings {
				t.Errorf("a gateway that does not own the torrent is connected with %d peers outside", st.Swarm.Connected-st.Swarm.Siblings)
			}
		})
	}
	t.Logf("first byte at the owner %v, at another one %v", first[true], first[false])
	if first[false] > first[true]+30*ms {
		t.Errorf("first byte after %v at the owner, and after %v at another one", first[true], first[false])
	}
}

// What siblings have is read without the outside.
func TestSiblingsServeWhatTheyHave(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 4 << 20
		f := newSimFleetOf(t, metainfo.V2, 3, 256<<10, size)
		f.seed(simRate, false)
		owner, others := f.owner()
		f.fetch(others[0], f.hints(), 0, size)
		f.seeds[0].net.Vanish()
		f.fetch(owner, Hints{}, 0, size)
		f.fetch(others[1], Hints{}, 0, size)
		if n := f.outside(); n != size {
			t.Errorf("%d bytes came from outside for %d", n, size)
		}
	})
}

// The owner dies, or falls silent: the others go on, within a bound.
func TestSiblingsOwnerFails(t *testing.T) {
	for _, tt := range []struct {
		name    string
		fail    func(*node)
		most    time.Duration
		outside float64 // a byte of the file
	}{
		{"killed", func(n *node) { n.net.Leave() }, 3 * time.Second, 1.1},
		{"silent", func(n *node) { n.net.Vanish() }, 8 * time.Second, 1.1},
		// What it has fetched and cannot pass on comes once more.
		{"slow", func(n *node) { n.net.SetRates(20_000, 0) }, 14 * time.Second, 1.2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size = 4 << 20
				f := newSimFleet(t, 3, 256<<10, size)
				for range 4 {
					f.seed(simRate, false)
				}
				owner, others := f.owner()
				var readers sync.WaitGroup
				start := time.Now()
				for _, g := range others {
					readers.Go(func() { f.fetch(g, f.hints(), 0, size) })
				}
				time.Sleep(500 * ms)
				tt.fail(owner)
				readers.Wait()
				f.readWithin(t, start, tt.most, size, tt.outside)
			})
		})
	}
}

// readWithin fails unless all was read in time, and few bytes of each of the file's came from outside.
func (f *simFleet) readWithin(t *testing.T, start time.Time, most time.Duration, size, outside float64) {
	t.Helper()
	took, ratio := time.Since(start), float64(f.outside())/size
	t.Logf("%v, %.3f bytes from outside a byte", took, ratio)
	if took > most {
		t.Errorf("all was read after %v", took)
	}
	if ratio > outside {
		t.Errorf("%.3f bytes came from outside a byte of the file", ratio)
	}
}

// Where the owner is silent from the start, the next in order fetches for the others, though
// it has no reader; where that one is silent too, each fetches itself.
func TestSiblingsStandIn(t *testing.T) {
	for _, tt := range []struct {
		name    string
		silent  int
		most    time.Duration
		outside float64 // a byte of the file
	}{
		{"the owner is silent", 1, 9 * time.Second, 1.02},
		{"the second too", 2, 12 * time.Second, 2.1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size = 4 << 20
				f := newSimFleet(t, 4, 256<<10, size)
				for range 4 {
					f.seed(simRate, false)
				}
				order := f.order(f.hash())
				for _, g := range order[:tt.silent] {
					g.net.Vanish()
				}
				start := time.Now()
				var readers sync.WaitGroup
				for _, g := range order[2:] {
					readers.Go(func() { f.fetch(g, f.hints(), 0, size) })
				}
				readers.Wait()
				f.readWithin(t, start, tt.most, size, tt.outside)
			})
		})
	}
}

// An owner that was late, and is well again, leads again once the one that stood in for it is gone: that one
// has peers outside.
func TestSiblingsOwnerIsWellAgain(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 4 << 20
		f := newSimFleet(t, 3, 256<<10, size)
		f.seed(simRate, false)
		owner, others := f.owner()
		owner.session.Deny(func(metainfo.InfoHash) bool { return true })
		f.fetch(others[1], f.hints(), 0, size/2)
		if st, ok := others[0].session.Status(f.hash()); !ok || st.Downloaded != size/2 {
			t.Fatalf("the second in order fetched %d bytes", st.Downloaded)
		}
		owner.session.Deny(func(metainfo.InfoHash) bool { return false })
		time.Sleep(sibling.LateFor)
		f.fetch(others[1], f.hints(), size/2, size/4)
		if _, used := owner.session.Status(f.hash()); used {
			t.Error("the owner was asked, while another one is warm")
		}
		others[0].host.Drain()
		time.Sleep(100 * ms)
		start := time.Now()
		f.fetch(others[1], f.hints(), size*3/4, size/4)
		if st, ok := owner.session.Status(f.hash()); !ok || st.Downloaded < size/4 {
			t.Errorf("the owner fetched %d bytes", st.Downloaded)
		}
		if d := time.Since(start); d > 3*time.Second {
			t.Errorf("all was read after %v", d)
		}
		if n := f.outside(); n != size {
			t.Errorf("%d bytes came from outside for %d", n, size)
		}
	})
}

// A hybrid has one owner, whichever infohash it is asked for by.
func TestSiblingsHybrid(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 4<<20 + 3
		f := newSimFleetOf(t, metainfo.Hybrid, 3, 256<<10, size)
		for range 4 {
			f.seed(simRate, false)
		}
		hashes := f.torrent.Info.Hashes()
		owner, other := f.order(hashes[0])[0], f.order(hashes[1])[0]
		if owner == other {
			t.Fatal("both infohashes have one owner: there is nothing to see")
		}
		var readers sync.WaitGroup
		for _, g := range f.gates {
			switch g {
			case owner:
				readers.Go(func() { f.fetchAs(g, hashes[0], f.hints(), 0, size) })
			case other: // finds it for the third
			default:
				readers.Go(func() { f.fetchAs(g, hashes[1], f.hints(), 0, size) })
			}
		}
		readers.Wait()
		f.fetchAs(other, hashes[0], f.hints(), 0, size)
		if st, ok := owner.session.Status(f.hash()); !ok || st.Downloaded != size {
			t.Errorf("the owner fetched %d bytes of %d", st.Downloaded, size)
		}
		if n := f.outside(); n != size {
			t.Errorf("%d bytes came from outside for %d", n, size)
		}
	})
}

// A gateway with another secret is a stranger, in both directions.
func TestSiblingsOtherSecret(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newSimFleet(t, 2, 256<<10, 1<<20)
		stranger := f.gateway("a secret of another fleet", simnet.HostConfig{})
		f.seed(simRate, false)
		time.Sleep(time.Minute)
		f.linked(1)
		if n := stranger.host.Fleet().Siblings; n != 0 {
			t.Errorf("%d siblings of a gateway with another secret", n)
		}
		f.fetch(stranger, f.hints(), 0, 1<<20)
		for _, g := range f.gates {
			if _, used := g.session.Status(f.hash()); used {
				t.Error("a stranger had a gateway begin a torrent")
			}
		}
	})
}

// Gateways that come are linked, and those that go are not missed.
func TestSiblingsComeAndGo(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 1 << 20
		f := newSimFleet(t, 2, 256<<10, size)
		f.seed(simRate, false)
		f.gates = append(f.gates, f.gateway("a secret of the fleet", simnet.HostConfig{}))
		start := time.Now()
		f.linked(2)
		if d := time.Since(start); d > 11*time.Second {
			t.Errorf("a gateway that came was linked after %v", d)
		}
		owner, others := f.owner()
		owner.net.Leave()
		f.gates = others
		f.linked(1)
		var readers sync.WaitGroup
		for _, g := range others {
			readers.Go(func() { f.fetch(g, f.hints(), 0, size) })
		}
		readers.Wait()
		if n := f.outside(); n != size {
			t.Errorf("%d bytes came from outside for %d", n, size)
		}
	})
}

// A gateway that drains owns nothing any more, and still gives what it has.
func TestSiblingsDrain(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 2 << 20
		f := newSimFleet(t, 3, 256<<10, size)
		f.seed(simRate, false)
		owner, others := f.owner()
		f.fetch(owner, f.hints(), 0, size/2)
		owner.host.Drain()
		time.Sleep(100 * ms)
		var readers sync.WaitGroup
		for _, g := range others {
			readers.Go(func() { f.fetch(g, f.hints(), size/2, size/2) })
		}
		readers.Wait()
		st, _ := owner.session.Status(f.hash())
		if st.Downloaded != size/2 {
			t.Errorf("the gateway that drains fetched %d bytes", st.Downloaded-size/2)
		}
		if n := f.outside(); n != size {
			t.Errorf("%d bytes came from outside for %d", n, size)
		}
	})
}

// Siblings have no part in a private torrent (BEP 27).
func TestSiblingsPrivate(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newSimFleet(t, 2, 256<<10, 1<<20)
		f.private()
		owner, others := f.owner()
		f.keep(owner, 0, f.torrent.Info.NumPieces(), false)
		for _, g := range f.gates {
			if _, err := g.session.Add(t.Context(), f.torrent); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		c, err := others[0].session.Open(ctx, f.hash(), Hints{}, &f.torrent.Info.Files[0], 0, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Wait(ctx); err == nil {
			t.Error("a private torrent came from a sibling")
		}
		if st, _ := others[0].session.Status(f.hash()); st.Swarm.Connected != 0 || st.Swarm.FetchedForUs {
			t.Errorf("%+v", st.Swarm)
		}
	})
}

// What a gateway denies it neither fetches for a sibling nor serves to one.
func TestSiblingsDenied(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 1 << 20
		f := newSimFleet(t, 2, 256<<10, size)
		f.seed(simRate, false)
		owner, others := f.owner()
		owner.session.Deny(func(ih metainfo.InfoHash) bool { return ih == f.hash() })
		start := time.Now()
		f.fetch(others[0], f.hints(), 0, size)
		if d := time.Since(start); d > 8*time.Second {
			t.Errorf("went outside after %v", d)
		}
		if _, used := owner.session.Status(f.hash()); used {
			t.Error("a denied torrent was begun for a sibling")
		}
	})
}

// A gateway that owns a torrent takes what its siblings have from them, for they are near.
func TestSiblingsComeFirst(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 8 << 20
		f := newSimFleet(t, 3, 256<<10, size)
		for range 4 {
			f.seed(simRate, false)
		}
		owner, others := f.owner()
		f.keep(others[0], 0, f.torrent.Info.NumPieces(), false)
		if _, err := others[0].session.Add(t.Context(), f.torrent); err != nil {
			t.Fatal(err)
		}
		f.fetch(owner, f.hints(), 0, size)
		if n := f.outside(); n > size/20 {
			t.Errorf("%d bytes of %d came from outside", n, size)
		}
	})
}

// The owner has everything, and a byte of each block is wrong. No wrong byte leaves, and the others
// go on without it.
func TestSiblingsOwnerLies(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 4 << 20
		f := newSimFleet(t, 3, 256<<10, size)
		for range 4 {
			f.seed(simRate, false)
		}
		owner, others := f.owner()
		f.keep(owner, 0, f.torrent.Info.NumPieces(), true)
		if _, err := owner.session.Add(t.Context(), f.torrent); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		var readers sync.WaitGroup
		for _, g := range others {
			readers.Go(func() { f.fetch(g, f.hints(), 0, size) })
		}
		readers.Wait()
		t.Logf("%v, %.3f bytes from outside a byte", time.Since(start), float64(f.outside())/size)
		if d := time.Since(start); d > 3*time.Second { // less than what an owner that is late costs
			t.Errorf("all was read after %v", d)
		}
		banned := 0
		var knows *node
		for _, g := range others {
			st, _ := g.session.Status(f.hash())
			banned += st.Swarm.Banned
			if st.Swarm.Banned > 0 {
				knows = g
			}
			if st.Swarm.Banned > 0 && st.HashFailures == 0 {
				t.Errorf("somebody was banned for nothing: %+v", st)
			}
		}
		if banned == 0 {
			t.Fatal("nobody banned a sibling that lies")
		}
		f.anotherOf(owner)
		f.seed(simRate, false)
		if d := f.fetch(knows, f.hints(), 0, size); d > 2*time.Second {
			t.Errorf("the first byte of another torrent of a banned owner came after %v", d)
		}
		if _, used := owner.session.Status(f.hash()); used {
			t.Error("a banned owner was asked for another torrent")
		}
	})
}

// anotherOf makes the torrent another one with the same content, of which a gateway is the owner, and
// which no seed has.
func (f *simFleet) anotherOf(owner *node) {
	f.t.Helper()
	f.seeds = nil
	for pieceLen := int64(16 << 10); pieceLen <= 1<<20; pieceLen *= 2 {
		for _, name := range []string{"film.mkv", "film.mp4", "film.avi", "film.iso"} {
			mt, err := metainfo.Make(context.Background(), metainfo.MakeOptions{
				FS: fstest.MapFS{name: {Data: f.content}}, Root: name, Version: metainfo.V1, PieceLength: pieceLen,
			})
			if err != nil {
				f.t.Fatal(err)
			}
			if f.torrent = mt; f.order(f.hash())[0] == owner {
				return
			}
		}
	}
	f.t.Fatal("no torrent is that gateway's")
}

// The owner says that what it was asked for is on its way. While it is, the others wait, however
// slow the outside is.
func TestSiblingsWaitForASlowOutside(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 1 << 20
		f := newSimFleet(t, 3, 256<<10, size)
		f.seed(40_000, false) // a piece takes twice as long as an owner may be silent
		_, others := f.owner()
		start := time.Now()
		f.fetch(others[0], f.hints(), 0, size/2)
		if d := time.Since(start); d < 2*6*time.Second {
			t.Fatalf("all was read after %v: the outside is not slow", d)
		}
		if st, _ := others[0].session.Status(f.hash()); st.Swarm.Connected != st.Swarm.Siblings || st.Swarm.Downloaded != st.Swarm.FromSiblings {
			t.Errorf("it went outside: %+v", st.Swarm)
		}
	})
}

// A gateway that falls silent is none any more, within a bound.
func TestSiblingsVanish(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := newSimFleet(t, 3, 256<<10, 1<<20)
		f.gates[2].net.Vanish()
		f.gates = f.gates[:2]
		start := time.Now()
		f.linked(1)
		if d := time.Since(start); d > 16*time.Second {
			t.Errorf("it was missed after %v", d)
		}
	})
}
