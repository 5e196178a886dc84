package dht

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// simNodes is a DHT of a simulated network: nodes that know each other all. Those
// that are dead are known, and silent.
type simNodes struct {
	net   *simnet.Network
	nodes []*simNode
	asked atomic.Int64 // get_peers of all
	done  sync.WaitGroup
}

type simNode struct {
	id    [20]byte
	addr  netip.AddrPort
	dead  bool
	peers atomic.Pointer[[]netip.AddrPort] // of testHash
	told  atomic.Bool                      // of us, by announce_peer
	place int                              // in a chain of nodes that each claim the next are closer; 0: in none
}

// newSimNodes makes n nodes at a round trip of rtt, of which every third is dead.
func newSimNodes(t *testing.T, n int, rtt time.Duration) *simNodes {
	t.Helper()
	s := &simNodes{net: simnet.New(simnet.Config{RTT: rtt})}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		node := &simNode{addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{50, byte(i >> 8), byte(i), 1}), 6881), dead: i%3 == 2}
		for j := range node.id {
			node.id[j] = byte(r.Uint32())
		}
		s.nodes = append(s.nodes, node)
	}
	return s
}

// start has the nodes answer until the end of ctx.
func (s *simNodes) start(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, n := range s.nodes {
		if n.dead {
			continue
		}
		conn, err := s.net.Host(simnet.HostConfig{Addrs: []netip.Addr{n.addr.Addr()}}).ListenPacket(ctx, "udp4", n.addr.String())
		if err != nil {
			t.Fatal(err)
		}
		s.done.Go(func() {
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			b := make([]byte, maxPacket)
			for {
				k, from, err := conn.ReadFrom(b)
				if err != nil {
					return
				}
				if q, err := parseMessage(b[:k]); err == nil && q.kind == 'q' {
					_, _ = conn.WriteTo(s.answer(n, q), from)
				}
			}
		})
	}
}

// answer is what a node says to a query.
func (s *simNodes) answer(n *simNode, q *message) []byte {
	r := message{kind: 'r', transaction: q.transaction, id: n.id}
	switch q.method {
	case "announce_peer":
		n.told.Store(true)
	case "find_node", "get_peers":
		r.token = []byte("token")
		if q.method == "get_peers" {
			s.asked.Add(1)
		}
		if n.place > 0 {
			r.id, r.nodes = claimed(q.target, n.place), s.next(n.place, q.target)
			break
		}
		for _, c := range s.closest(q.target) {
			r.nodes = appendAddr(append(r.nodes, c.id[:]...), c.addr)
		}
		if peers := n.peers.Load(); peers != nil {
			for _, p := range *peers {
				r.values = append(r.values, appendAddr(nil, p))
			}
		}
	}
	return r.append(nil)
}

func appendAddr(b []byte, a netip.AddrPort) []byte {
	return binary.BigEndian.AppendUint16(append(b, a.Addr().AsSlice()...), a.Port())
}

// closest gives the eight nodes closest to a target.
func (s *simNodes) closest(target []byte) []*simNode {
	all := slices.Clone(s.nodes)
	distance := func(n *simNode) []byte {
		d := make([]byte, len(target))
		for i := range d {
			d[i] = n.id[i] ^ target[i]
		}
		return d
	}
	slices.SortFunc(all, func(a, b *simNode) int { return bytes.Compare(distance(a), distance(b)) })
	return all[:lookupNodes]
}

// claimed is the id that a node of a chain has for whoever asks for a target: the
// further down the chain, the closer.
func claimed(target []byte, place int) [20]byte {
	id := [20]byte(target)
	binary.BigEndian.PutUint64(id[12:], binary.BigEndian.Uint64(id[12:])^(math.MaxUint64-uint64(place)))
	return id
}

// next gives the eight nodes that come after a place of a chain.
func (s *simNodes) next(place int, target []byte) (nodes []byte) {
	for i := place; i < min(place+lookupNodes, len(s.nodes)); i++ {
		id := claimed(target, s.nodes[i].place)
		nodes = appendAddr(append(nodes, id[:]...), s.nodes[i].addr)
	}
	return nodes
}

// join starts our DHT on a host of the network.
func (s *simNodes) join(t *testing.T) *DHT {
	t.Helper()
	host := s.net.Host(simnet.HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("70.1.1.1")}})
	d, err := Start(Config{Network: host, Listen: "70.1.1.1:6881", Bootstrap: []string{s.nodes[0].addr.String()}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// With a third of the nodes dead, peers are found in two round trips by who
// knows a bootstrap node alone, and in one by who has looked before.
func TestLookupTime(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const rtt = 80 * time.Millisecond
		ctx, cancel := context.WithCancel(t.Context())
		s := newSimNodes(t, 60, rtt)
		peer := netip.MustParseAddrPort("80.1.1.1:7001")
		for _, n := range s.closest(testHash[:]) {
			n.peers.Store(&[]netip.AddrPort{peer})
		}
		s.start(t, ctx)
		d := s.join(t)
		n := d.nodes[0]
		for _, c := range []struct {
			name  string
			first time.Duration
		}{{"cold", 2 * rtt}, {"warm", rtt}} {
			begun, first := time.Now(), time.Duration(0)
			var once sync.Once
			closest, answers := n.lookup(ctx, testHash, peersIn(func(addrs []netip.AddrPort) {
				once.Do(func() { first = time.Since(begun) })
				if len(addrs) != 1 || addrs[0] != peer {
					t.Errorf("peers %v", addrs)
				}
			}))
			took := time.Since(begun)
			t.Logf("%s: first peers after %v, all after %v, %d answers", c.name, first, took, answers)
			if first > c.first+2*time.Millisecond || first == 0 {
				t.Errorf("%s: first peers after %v, want %v", c.name, first, c.first)
			}
			if took > 3*answerTime {
				t.Errorf("%s: the lookup took %v", c.name, took)
			}
			if len(closest) < lookupNodes/2 {
				t.Errorf("%s: %d nodes to announce to", c.name, len(closest))
			}
			time.Sleep(time.Minute) // the table is filled
		}
		cancel()
		d.Close()
		s.done.Wait()
	})
}

// The first answers of a run tell us our address, and the server is replaced for it
// (BEP 42): the lookup that they belong to goes on with the next one, at once, and
// announces.
func TestLookupOutlivesItsServer(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const rtt = 80 * time.Millisecond
		ctx, cancel := context.WithCancel(t.Context())
		s := newSimNodes(t, 60, rtt)
		for _, n := range s.closest(testHash[:]) {
			n.peers.Store(&[]netip.AddrPort{netip.MustParseAddrPort("80.1.1.1:7001")})
		}
		s.start(t, ctx)
		d := s.join(t)
		n := d.nodes[0]
		before := n.current()
		begun := time.Now()
		first := make(chan time.Duration, 100)
		search := d.Search(SearchConfig{InfoHash: testHash, Port: func() int { return 7001 }, Found: func([]netip.AddrPort) { first <- time.Since(begun) }})
		time.Sleep(rtt * 3 / 2) // the bootstrap node has answered, those that it named have not
		n.seenAs.Store(netip.MustParseAddr("70.1.1.1"))
		d.learn()
		if took, most := <-first, rtt*3/2+2*rtt+2*time.Millisecond; took > most {
			t.Errorf("first peers after %v, want %v", took, most)
		}
		if n.current() == before {
			t.Error("the server was not replaced")
		}
		time.Sleep(3 * answerTime)
		if !slices.ContainsFunc(s.nodes, func(n *simNode) bool { return n.told.Load() }) {
			t.Error("nobody was told of us")
		}
		search.Close()
		cancel()
		d.Close()
		s.done.Wait()
	})
}

// A search announces to the closest nodes, again and again, and looks soon again
// while it finds nobody.
func TestSearchPace(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := newSimNodes(t, 30, 50*time.Millisecond)
		s.start(t, ctx)
		d := s.join(t)
		var found atomic.Int64
		search := d.Search(SearchConfig{InfoHash: testHash, Port: func() int { return 7001 }, Found: func(a []netip.AddrPort) { found.Add(int64(len(a))) }})
		time.Sleep(10 * time.Second)
		told := 0
		for _, n := range s.nodes {
			if n.told.Load() {
				told++
			}
		}
		if told < 3 {
			t.Errorf("%d nodes were told of us", told)
		}
		for _, n := range s.nodes {
			n.peers.Store(&[]netip.AddrPort{netip.MustParseAddrPort("80.1.1.1:7001"), netip.MustParseAddrPort("80.1.1.2:80")})
			n.told.Store(false)
		}
		time.Sleep(30 * time.Second)
		if found.Load() == 0 {
			t.Error("nobody was found within 30 s")
		}
		for _, n := range s.nodes {
			n.told.Store(false)
		}
		time.Sleep(announceInterval + announceInterval/4 + maxLookup)
		if !slices.ContainsFunc(s.nodes, func(n *simNode) bool { return n.told.Load() }) {
			t.Error("the announce was not repeated")
		}
		search.Close()
		cancel()
		d.Close()
		s.done.Wait()
	})
}

// Nodes that name others ever closer, without an end, are asked maxQueries times.
func TestChain(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := newSimNodes(t, 2*maxQueries, 10*time.Millisecond)
		for i, n := range s.nodes {
			n.place, n.dead = i+1, false
		}
		s.start(t, ctx)
		d := s.join(t)
		d.nodes[0].lookup(ctx, testHash, peersIn(func([]netip.AddrPort) {}))
		if asked := s.asked.Load(); asked > maxQueries || asked < maxQueries/2 {
			t.Errorf("%d nodes were asked", asked)
		}
		cancel()
		d.Close()
		s.done.Wait()
	})
}
