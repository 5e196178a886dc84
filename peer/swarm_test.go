package peer

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/wire"
)

// stutter is a network whose reads bring as much as chance will.
type stutter struct{ netguard.Network }

func (s stutter) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	nc, err := s.Network.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &stutterConn{Conn: nc, rand: rand.New(rand.NewPCG(1, 2))}, nil
}

type stutterConn struct {
	net.Conn
	rand *rand.Rand
}

func (c *stutterConn) Read(p []byte) (int, error) {
	most := []int{1, 13, 100, 5000, 16384, 70000}[c.rand.IntN(6)]
	return c.Conn.Read(p[:min(len(p), 1+c.rand.IntN(most))])
}

// picky is a Demand that turns down one in five blocks at first.
type picky struct {
	*store
	mu   sync.Mutex
	rand *rand.Rand
	seen map[metainfo.Block]bool
}

func (p *picky) Join(c *Conn) Download { return &pickyLink{p.store.Join(c).(*link), p} }

type pickyLink struct {
	*link
	p *picky
}

func (l *pickyLink) Place(b metainfo.Block) []byte {
	l.p.mu.Lock()
	refuse := !l.p.seen[b] && l.p.rand.IntN(5) == 0
	l.p.seen[b] = true
	l.p.mu.Unlock()
	if refuse {
		l.s.mu.Lock()
		delete(l.asked, b)
		l.s.free = append(l.s.free, b)
		l.s.mu.Unlock()
		return nil
	}
	return l.link.Place(b)
}

// TestMessagesInPieces: wherever reads cut the stream, and whether blocks are
// wanted or not, the right bytes come.
func TestMessagesInPieces(t *testing.T) {
	tor, data := content(t, 3<<20+7, 16<<10)
	inWorld(t, time.Millisecond, HostConfig{}, func(w *world) {
		there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1")), Listen: ":6881"})
		up := seed(tor.Info, data)
		up.have.Clear(5) // so that there is a bitfield
		far := swarm(t, there, tor, up)
		here := newTestHost(t, HostConfig{Network: stutter{w.net.Host(simnet.HostConfig{})}})
		down := leech(nil)
		p := &picky{store: down, rand: rand.New(rand.NewPCG(3, 4)), seen: make(map[metainfo.Block]bool)}
		var s *Swarm
		s, err := here.NewSwarm(SwarmConfig{Hashes: tor.Info.Hashes(), Demand: p, Supply: down, OnMetadata: func(raw []byte) {
			down.learn(tor.Info)
			s.SetInfo(tor.Info)
		}})
		if err != nil {
			t.Fatal(err)
		}
		s.AddHostPorts(book.SourceUser, "11.1.1.1:6881")
		s.SetWanted(true)
		time.Sleep(10 * time.Second)
		up.mu.Lock()
		up.have.Set(5)
		up.mu.Unlock()
		far.Have(5)
		down.wait(t, time.Minute)
		if !bytes.Equal(down.data, data) {
			t.Error("other bytes")
		}
		if got := s.Stats().Downloaded; got <= int64(len(data)) {
			t.Errorf("%d bytes came, though some blocks were turned down", got)
		}
		closeHost(here)
		closeHost(there)
	})
}

// TestLongBitfield: one that fits no buffer.
func TestLongBitfield(t *testing.T) {
	tor := bigMetadata(t, 600)
	n := tor.Info.NumPieces()
	inWorld(t, time.Millisecond, HostConfig{}, func(w *world) {
		for _, early := range []bool{false, true} {
			st := leech(nil)
			st.info = nil
			if !early {
				st = &store{info: tor.Info, links: map[*link]bool{}, have: metainfo.NewBitfield(n)}
			}
			s := swarm(t, w.host, tor, st)
			f := w.call(tor)
			field := metainfo.NewBitfield(n)
			for i := 0; i < n; i += 3 {
				field.Set(i)
			}
			f.greet(wire.AppendSimple(wire.AppendBitfield(nil, field), wire.Unchoke)...)
			f.quiet(time.Second)
			if early {
				st.info, st.have = tor.Info, metainfo.NewBitfield(n)
				s.SetInfo(tor.Info)
			}
			l := st.link(t)
			if len(l.events) != 2 || !bytes.Equal(l.has, field) || !l.lets {
				t.Errorf("early %v: %d events", early, len(l.events))
			}
			f.nc.Close()
			s.Close(context.Background())
		}
	})
}

// TestIPv6 peers are dialled and accepted.
func TestIPv6(t *testing.T) {
	t.Parallel()
	tor, data := content(t, 1<<20, 256<<10)
	bubble.Test(t, func(t *testing.T) {
		network := simnet.New(simnet.Config{RTT: time.Millisecond})
		a := newTestHost(t, HostConfig{Network: network.Host(hostConfig("2001:db8:1::1")), Listen: ":6881"})
		b := newTestHost(t, HostConfig{Network: network.Host(hostConfig("2001:db8:2::1")), Listen: ":6881"})
		near := swarm(t, a, tor, seed(tor.Info, data))
		down := leech(nil)
		far := swarm(t, b, tor, down)
		far.AddHostPorts(book.SourceUser, "[2001:db8:1::1]:6881")
		far.SetWanted(true)
		<-down.done
		near.mu.Lock()
		e := near.book.Add(time.Now(), book.SourceLSD, netip.MustParseAddrPort("[2001:db8:2::1]:6881"))
		if n := near.book.Known(); n != 1 || e.State != book.Connected {
			t.Errorf("knows %d addresses, is connected to the one: %d", n, e.State)
		}
		near.mu.Unlock()
		closeHost(a)
		closeHost(b)
	})
}

// TestHybrid: a torrent with two infohashes is one swarm under both, and a peer
// that knows it by the other is found.
func TestHybrid(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10, func(o *metainfo.MakeOptions) { o.Version = metainfo.Hybrid })
	hashes := tor.Info.Hashes()
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		// We know the v1 infohash alone until there is metadata.
		down := leech(nil)
		var s *Swarm
		s, err := w.host.NewSwarm(SwarmConfig{Hashes: hashes[:1], Demand: down, Supply: down, OnMetadata: func(raw []byte) {
			down.learn(tor.Info)
			s.SetInfo(tor.Info)
		}})
		if err != nil {
			t.Fatal(err)
		}
		v1 := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1")), Listen: ":6881"})
		up, err := v1.NewSwarm(SwarmConfig{Hashes: hashes, Info: tor.Info, Demand: leech(tor.Info), Supply: seed(tor.Info, data)})
		if err != nil {
			t.Fatal(err)
		}
		s.AddHostPorts(book.SourceUser, "11.1.1.1:6881")
		s.SetWanted(true)
		<-down.done
		if !bytes.Equal(down.data, data) || up.Stats().Uploaded != int64(len(data)) {
			t.Error("not the bytes")
		}
		// Now we are found by the v2 infohash as well.
		f := w.call(tor)
		f.hash = hashes[1].Wire()
		f.write(f.handshake())
		if h := f.readHandshake(); h.InfoHash != hashes[1].Wire() {
			t.Errorf("answered with %x", h.InfoHash)
		}
		if _, err := w.host.NewSwarm(SwarmConfig{Hashes: hashes[1:], Demand: down, Supply: down}); err != ErrExists {
			t.Errorf("a second swarm: %v", err)
		}
		// A peer that has the v2 swarm alone is reached at the second attempt.
		addr, accept := w.listen(tor)
		s.AddPeers(book.SourceTracker, addr)
		first := accept()
		if h := first.readHandshake(); h.InfoHash != hashes[0].Wire() {
			t.Errorf("first attempt for %x", h.InfoHash)
		}
		first.nc.Close()
		accept().nc.Close() // the same, encrypted
		second := accept()
		if h := second.readHandshake(); h.InfoHash != hashes[1].Wire() {
			t.Errorf("second attempt for %x", h.InfoHash)
		}
		closeHost(v1)
	})
}

// TestReplace: where a reader waits, the swarm is full and addresses are left,
// a connection that was of no use for a minute makes room.
func TestReplace(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{MaxSwarmConns: 3}, func(w *world) {
		down := leech(tor.Info)
		s := swarm(t, w.host, tor, down)
		for i := range 3 {
			f := w.call(tor).named(i)
			f.greet()
			go func() {
				for {
					if _, err := f.next(); err != nil {
						return
					}
				}
			}()
		}
		there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1")), Listen: ":6881"})
		swarm(t, there, tor, seed(tor.Info, data))
		s.AddHostPorts(book.SourceTracker, "11.1.1.1:6881")
		s.SetWanted(true)
		begun := time.Now()
		<-down.done
		if took := time.Since(begun); took < replaceAfter-time.Second || took > replaceAfter+2*choke.Round {
			t.Errorf("took %v", took)
		}
		closeHost(there)
	})
}

func TestSwarmsOfAHost(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 0, HostConfig{}, func(w *world) {
		if _, err := w.host.NewSwarm(SwarmConfig{Hashes: tor.Info.Hashes()}); err == nil {
			t.Error("a swarm without Demand and Supply")
		}
		st := leech(nil)
		s := swarm(t, w.host, tor, st)
		cfg := SwarmConfig{Hashes: tor.Info.Hashes(), Demand: st, Supply: st}
		if _, err := w.host.NewSwarm(cfg); err != ErrExists {
			t.Errorf("twice: %v", err)
		}
		s.Close(context.Background())
		again, err := w.host.NewSwarm(cfg)
		if err != nil {
			t.Errorf("after Close: %v", err)
		}
		if got := w.host.Stats(); got.Swarms != 1 {
			t.Errorf("%+v", got)
		}
		closeHost(w.host)
		again.Close(context.Background())
		if _, err := w.host.NewSwarm(cfg); err != ErrClosed {
			t.Errorf("after the host's Close: %v", err)
		}
	})
}

// TestTrackers: peers come from the tracker that answers, and the one that does
// not can be told of; the announces say what is true.
func TestTrackers(t *testing.T) {
	t.Parallel()
	tor, data := content(t, 1<<20, 256<<10)
	var mu sync.Mutex
	var events []string
	a := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	tracker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		mu.Lock()
		events = append(events, fmt.Sprintf("%s left=%s", q.Get("event"), q.Get("left")))
		mu.Unlock()
		p := a.Port()
		fmt.Fprintf(w, "d8:intervali1800e5:peers6:%se", []byte{127, 0, 0, 1, byte(p >> 8), byte(p)})
	}))
	t.Cleanup(tracker.Close)
	broken := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(broken.Close)
	swarm(t, a, tor, seed(tor.Info, data))
	b := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	down := leech(nil)
	s := swarm(t, b, tor, down)
	s.SetWanted(true)
	s.AddTrackers([][]string{{broken.URL + "/announce"}, {tracker.URL + "/announce"}}, netip.Prefix{})
	down.wait(t, time.Minute)
	for len(s.Trackers()) != 2 || s.Stats().TrackersFailed == 0 {
		time.Sleep(time.Millisecond)
	}
	st := s.Stats()
	if st.Trackers != 2 || st.TrackersAsked != 2 || st.TrackersFailed != 1 || st.TrackerError == "" {
		t.Errorf("%+v", st)
	}
	for p := range tor.Info.NumPieces() {
		s.Have(p)
	}
	s.Close(context.Background())
	mu.Lock()
	defer mu.Unlock()
	first, last := events[0], events[len(events)-1]
	if first != "started left=16384" || last != "stopped left=0" {
		t.Errorf("announces %q", events)
	}
}

// TestMappedPort: others are told the ports that the router forwards to ours, not ours:
// the tracker (BEP 3), peers (BEP 10, and of our node BEP 5), the DHT.
func TestMappedPort(t *testing.T) {
	t.Parallel()
	tor, data := content(t, 1<<20, 256<<10)
	asked := make(chan string, 100)
	tracker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Query().Get("port")
		fmt.Fprint(w, "d8:intervali1800e5:peers0:e")
	}))
	t.Cleanup(tracker.Close)
	a := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	b := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	withNode(t, b)
	b.external = func() (tcp, udp int) { return 7001, 7002 }
	to := swarm(t, a, tor, seed(tor.Info, data))
	down := leech(tor.Info)
	s := swarm(t, b, tor, down)
	s.AddTrackers([][]string{{tracker.URL + "/announce"}}, netip.Prefix{})
	s.AddPeers(book.SourceUser, loopbackAddr(a))
	s.SetWanted(true)
	down.wait(t, time.Minute)
	if port := <-asked; port != "7001" {
		t.Errorf("the tracker is told port %s", port)
	}
	if s.dhtPort() != 7001 || b.nodePort() != 7002 {
		t.Errorf("the DHT is told port %d, peers node %d", s.dhtPort(), b.nodePort())
	}
	awaitFor(t, "the peer is told", func() bool {
		to.mu.Lock()
		defer to.mu.Unlock()
		for _, c := range to.conns {
			if h := c.ext.Load(); h != nil && h.Port == 7001 {
				return true
			}
		}
		return false
	})
}

// TestResting: a peer that asks for a torrent without a swarm may wake it.
func TestResting(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	other, _ := content(t, 1<<20, 16<<10)
	inWorld(t, time.Millisecond, HostConfig{}, func(w *world) {
		var asked [][20]byte
		w.host.OnResting(func(hash [20]byte) {
			asked = append(asked, hash)
			if hash == tor.Info.ID().Wire() {
				swarm(t, w.host, tor, seed(tor.Info, data))
			}
		})
		f := w.call(other)
		f.write(f.handshake())
		f.closed(time.Second)
		f = w.call(tor)
		f.greet()
		f.expect(wire.HaveAll)
		g := w.call(tor).named(2)
		g.greet()
		g.expect(wire.HaveAll)
		if len(asked) != 2 {
			t.Errorf("asked %d times", len(asked))
		}
		w.host.OnResting(nil)
		f = w.call(other)
		f.write(f.handshake())
		f.closed(time.Second)
	})
}
