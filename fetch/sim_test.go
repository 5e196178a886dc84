package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/webseed"
)

// These tests run whole sessions, with their real connections, over a simulated
// network in virtual time: what they say of latency is exact.

// A sim is a swarm in virtual time: seeds that have the content, and one
// gateway's session that has nothing.
type sim struct {
	t       *testing.T
	net     *simnet.Network
	content []byte
	torrent *metainfo.Torrent
	pieces  map[simPiece]*cache.Buffer // that seeds have in memory
	seeds   []*node
	scripts []*simnet.Seed
	gate    *node
	conns   int                  // that a node has to a swarm at most; 0 the default
	fleet   *peer.SiblingsConfig // of the nodes that are made from now on
	objects *object.Store        // of the nodes that are made from now on; nil: none
}

// A node is a session with a host and a cache of its own.
type node struct {
	addr    netip.AddrPort
	net     *simnet.Host
	session *Session
	store   *cache.Store
	host    *peer.Host
	pool    *cache.Pool
}

const simPort = 6881

// newSim makes the content and the gateway; it ends with the test.
func newSim(t *testing.T, mode simnet.Mode, rtt time.Duration, pieceLen int64, size int) *sim {
	return newSimOf(t, metainfo.V1, mode, rtt, pieceLen, size)
}

// newSimOf is newSim for a torrent of another version.
func newSimOf(t *testing.T, version metainfo.Version, mode simnet.Mode, rtt time.Duration, pieceLen int64, size int) *sim {
	content, mt := materialOf(t, materialKey{size: size, version: version, pieceLength: pieceLen})
	s := &sim{t: t, net: simnet.New(simnet.Config{Mode: mode, RTT: rtt}), content: content, torrent: mt}
	s.gate = s.node(simnet.HostConfig{})
	return s
}

// private makes the torrent another one with the same content, a private one.
func (s *sim) private() {
	_, s.torrent = materialOf(s.t, materialKey{size: len(s.content), version: metainfo.V1, pieceLength: s.torrent.Info.PieceLength, private: true})
}

// node starts a session on a host of its own.
func (s *sim) node(cfg simnet.HostConfig) *node {
	return s.nodeWith(cfg, cache.Config{MemoryBytes: 1 << 30})
}

// nodeWith is node with a cache of its own kind.
func (s *sim) nodeWith(cfg simnet.HostConfig, stored cache.Config) *node {
	t := s.t
	n := &node{net: s.net.Host(cfg)}
	n.addr = n.net.AddrPort(simPort)
	pool := cache.NewPool(64 << 20)
	var err error
	stored.Pool = pool
	if n.store, err = cache.Open(stored); err != nil {
		t.Fatal(err)
	}
	n.pool = pool
	n.host, err = peer.NewHost(peer.HostConfig{Network: n.net, Listen: fmt.Sprintf(":%d", simPort), MaxSwarmConns: s.conns, Siblings: s.fleet})
	if err != nil {
		t.Fatal(err)
	}
	web := webseed.NewClient(n.net, contact.NewGate())
	if n.session, err = NewSession(Config{Host: n.host, Store: n.store, Pool: pool, WebSeeds: web, Objects: s.objects, Memory: 256 << 20, NoMediaHints: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := n.session.Close(ctx); err != nil {
			t.Error(err)
		}
		web.Close()
		if err := n.host.Close(ctx); err != nil && !errors.Is(err, net.ErrClosed) { // a host that vanished has no listener
			t.Error(err)
		}
		if err := n.store.Close(); err != nil {
			t.Error(err)
		}
		if out := pool.Outstanding(); out != 0 {
			t.Errorf("%d bytes of buffers never came back", out)
		}
	})
	return n
}

// seed starts a peer that has everything and uploads at up bytes/s; lie wrongs
// a byte of every block.
func (s *sim) seed(up int64, lie bool) *node {
	n := s.node(simnet.HostConfig{Up: up})
	s.keep(n, 0, s.torrent.Info.NumPieces(), lie)
	if _, err := n.session.Add(s.t.Context(), s.torrent); err != nil {
		s.t.Fatal(err)
	}
	s.seeds = append(s.seeds, n)
	return n
}

// keep puts the pieces from first to before end into a node's cache.
func (s *sim) keep(n *node, first, end int, lie bool) {
	info := s.torrent.Info
	stored, err := n.store.Torrent(info, nil, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := first; i < end; i++ {
		b := s.piece(i, lie)
		stored.Put(i, b)
		b.Release()
	}
	stored.Close()
}

// A simPiece is a piece of one of the torrents that a sim had.
type simPiece struct {
	of *metainfo.Torrent
	n  int
}

// piece gives a piece in memory. All that have it right share that.
func (s *sim) piece(i int, lie bool) *cache.Buffer {
	key := simPiece{s.torrent, i}
	if b := s.pieces[key]; b != nil && !lie {
		b.Retain()
		return b
	}
	b := cache.NewPool(0).Get(s.torrent.Info.PieceSize(i))
	copy(b.Bytes(), s.content[s.torrent.Info.PieceOffset(i):])
	for off := 0; lie && off < b.Len(); off += metainfo.BlockLen {
		b.Bytes()[off] ^= 1
	}
	if !lie {
		if s.pieces == nil {
			s.pieces = make(map[simPiece]*cache.Buffer)
		}
		s.pieces[key] = b
		b.Retain()
	}
	return b
}

// hints name the seeds.
func (s *sim) hints() Hints {
	var h Hints
	for _, n := range s.seeds {
		h.Peers = append(h.Peers, n.addr.String())
	}
	for _, x := range s.scripts {
		h.Peers = append(h.Peers, x.Addr())
	}
	return h
}

// know has the gateway know the metadata, without a peer.
func (s *sim) know() {
	if _, err := s.gate.session.Add(s.t.Context(), s.torrent); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sim) hash() metainfo.InfoHash { return s.torrent.Info.ID() }

// open opens [off, off+n) at the gateway, by infohash and hints alone.
func (s *sim) open(off, n int64) Content {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	info, err := s.gate.session.Info(ctx, s.hash(), s.hints())
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := s.gate.session.Open(context.Background(), s.hash(), s.hints(), &info.Files[0], off, n)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// first waits for the first bytes and returns when they were there, after
// start.
func (s *sim) first(c Content, start time.Time) time.Duration {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.Wait(ctx); err != nil {
		s.t.Fatal(err)
	}
	return time.Since(start)
}

// read reads a content to its end and compares it with the original.
func (s *sim) read(c Content, off, n int64) {
	s.t.Helper()
	same := &sameBytes{want: s.content[off : off+n]}
	if err := drainTo(same, c, time.Minute); err != nil {
		tor := inUse(s.gate.session, s.hash())
		tor.mu.Lock()
		defer tor.mu.Unlock()
		s.t.Fatalf("after %d bytes at %d: %v\n%s", same.n, off, err, tor.core.Describe(tor.now()))
	}
	if same.n != int(n) {
		s.t.Fatalf("%d bytes at %d came, and not %d", same.n, off, n)
	}
}

// sameBytes takes what it wants to have, and fails at the first byte that is another.
type sameBytes struct {
	want []byte
	n    int // that came
}

func (s *sameBytes) Write(p []byte) (int, error) {
	if len(p) > len(s.want)-s.n || !bytes.Equal(p, s.want[s.n:s.n+len(p)]) {
		return 0, fmt.Errorf("some of %d bytes behind the first %d are not what they should be", len(p), s.n)
	}
	s.n += len(p)
	return len(p), nil
}

func drain(c Content, patience time.Duration) ([]byte, error) {
	var b bytes.Buffer
	err := drainTo(&b, c, patience)
	return b.Bytes(), err
}

func drainTo(w io.Writer, c Content, patience time.Duration) error {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		err := c.Wait(ctx)
		cancel()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := c.WriteNext(w); err != nil {
			return err
		}
	}
}

const (
	simRTT  = 100 * time.Millisecond
	simRate = 2_000_000
)

// epsilon is one block's time at rate, and 2 ms.
func epsilon(rate float64) time.Duration { return transfer(metainfo.BlockLen, rate) + 2*ms }

func atMost(t *testing.T, what string, got, floor, eps time.Duration) {
	t.Helper()
	if got > floor+eps {
		t.Errorf("%s after %v, the floor is %v and %v", what, got, floor, eps)
	}
	if got < floor-2*ms {
		t.Errorf("%s after %v, before its floor of %v: the simulation is wrong", what, got, floor)
	}
	t.Logf("%s after %v, floor %v", what, got, floor)
}

func TestSeekOnAWarmSwarm(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 1<<20, 64<<20)
		for range 4 {
			s.seed(simRate, false)
		}
		c := s.open(0, 64<<20)
		s.first(c, time.Now())
		time.Sleep(500 * ms) // it streams ahead
		c.Close()
		start := time.Now()
		c = s.open(40<<20, 24<<20)
		defer c.Close()
		floor := simRTT + transfer(1<<20, 4*simRate)
		// A block that was under way when the cancels came is still sent.
		atMost(t, "seek", s.first(c, start), floor, epsilon(simRate))
	})
}

func TestTwoReadersShareAPiece(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 1<<20, 2<<20)
		s.seed(simRate, false)
		a := s.open(0, 1<<20)
		b := s.open(1000, 1<<20-1000)
		defer a.Close()
		defer b.Close()
		start := time.Now()
		one, two := make(chan time.Duration), make(chan time.Duration)
		go func() { one <- s.first(a, start) }()
		go func() { two <- s.first(b, start) }()
		if x, y := <-one, <-two; x != y {
			t.Errorf("the piece came after %v to one and %v to the other", x, y)
		}
		s.read(a, 0, 1<<20)
		s.read(b, 1000, 1<<20-1000)
		st, _ := s.gate.session.Status(s.hash())
		if st.Downloaded != 1<<20 {
			t.Errorf("%d bytes downloaded for a piece of %d", st.Downloaded, 1<<20)
		}
	})
}

func TestSlowSeedBesideFastOnes(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 1<<20, 8<<20)
		const slow = 50_000
		s.seed(slow, false)
		for range 3 {
			s.seed(simRate, false)
		}
		start := time.Now()
		c := s.open(0, 8<<20)
		defer c.Close()
		floor := 4*simRTT + transfer(1<<20, 3*simRate+slow)
		atMost(t, "first byte", s.first(c, start), floor, epsilon(slow))
		s.read(c, 0, 8<<20)
	})
}

func TestLiarAmongFour(t *testing.T) {
	for liar := range 4 {
		t.Run(fmt.Sprintf("number %d", liar), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, simRTT, 1<<20, 16<<20)
				for i := range 4 {
					s.seed(simRate, i == liar)
				}
				start := time.Now()
				c := s.open(0, 16<<20)
				defer c.Close()
				honest := 4*simRTT + transfer(1<<20, 4*simRate)
				if got := s.first(c, start); got > 2*honest {
					t.Errorf("first byte after %v, %v without the liar", got, honest)
				} else {
					t.Logf("first byte after %v, %v without the liar", got, honest)
				}
				s.read(c, 0, 16<<20)
				st, _ := s.gate.session.Status(s.hash())
				if st.Swarm.Banned != 1 {
					t.Errorf("%d peers banned, one lied", st.Swarm.Banned)
				}
			})
		})
	}
}

func TestStraightReadWastesNothing(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 48 << 20
		s := newSim(t, simnet.Ideal, 30*ms, 256<<10, size)
		for i := range 5 {
			s.seed(int64(i+1)*1_000_000, false)
		}
		c := s.open(0, size)
		defer c.Close()
		s.read(c, 0, size)
		st, _ := s.gate.session.Status(s.hash())
		if st.Downloaded > size*101/100 {
			t.Errorf("%d bytes downloaded for %d", st.Downloaded, size)
		}
		t.Logf("%.4f bytes downloaded a byte served", float64(st.Downloaded)/size)
	})
}

func TestSeedDiesAndAnotherAppears(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 8<<20)
		first := s.seed(simRate, false)
		c := s.open(0, 8<<20)
		defer c.Close()
		s.first(c, time.Now())
		first.net.Vanish()
		second := s.seed(simRate, false)
		go func() {
			time.Sleep(5 * time.Second)
			s.gate.session.Info(context.Background(), s.hash(), Hints{Peers: []string{second.addr.String()}})
		}()
		s.read(c, 0, 8<<20)
	})
}

func TestGatewaySeedsBack(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 4<<20)
		s.seed(simRate, false)
		c := s.open(0, 4<<20)
		s.read(c, 0, 4<<20)
		c.Close()
		s.seeds[0].net.Vanish()

		other := s.node(simnet.HostConfig{})
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		h := Hints{Peers: []string{s.gate.addr.String()}}
		info, err := other.session.Info(ctx, s.hash(), h)
		if err != nil {
			t.Fatal(err)
		}
		c, err = other.session.Open(context.Background(), s.hash(), h, &info.Files[0], 0, 4<<20)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		s.read(c, 0, 4<<20)
	})
}

func TestNobodyAnswers(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20)
		ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		defer cancel()
		start := time.Now()
		_, err := s.gate.session.Info(ctx, s.hash(), Hints{Peers: []string{"11.9.9.9:1"}})
		e, ok := err.(*UnavailableError)
		if !ok || e.Stage != StageMetadata || e.Status.Swarm.Known != 1 {
			t.Errorf("%v", err)
		}
		if d := time.Since(start); d != 25*time.Second {
			t.Errorf("gave up after %v", d)
		}
		s.know()
		c := s.open(0, 1<<20)
		defer c.Close()
		_, err = drain(c, 25*time.Second)
		if e, ok := err.(*UnavailableError); !ok || e.Stage != StagePeers {
			t.Errorf("%v", err)
		}
	})
}

func TestReaderThatLeavesFreesItsDemand(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 64<<20)
		s.seed(simRate, false)
		c := s.open(0, 64<<20)
		s.first(c, time.Now())
		c.Close()
		time.Sleep(time.Second) // what was on its way arrives
		before, _ := s.gate.session.Status(s.hash())
		time.Sleep(20 * time.Second)
		after, _ := s.gate.session.Status(s.hash())
		if after.Downloaded != before.Downloaded || after.Readers != 0 {
			t.Errorf("%d bytes came for nobody, %d readers", after.Downloaded-before.Downloaded, after.Readers)
		}
	})
}

func TestPausedReaderCostsItsWindowAndNoMore(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 64<<20)
		s.seed(10*simRate, false)
		c := s.open(0, 64<<20)
		defer c.Close()
		var b bytes.Buffer
		for range 4 {
			s.first(c, time.Now())
			if _, err := c.WriteNext(&b); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		st, _ := s.gate.session.Status(s.hash())
		if st.Downloaded > 1<<20+3*sched.MinWindow {
			t.Errorf("%d bytes came for a reader that paused after a megabyte", st.Downloaded)
		}
	})
}

func TestGatewayServesWhatItKeptToWhoAsks(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20)
		kept := s.seed(simRate, false)
		// As after a restart: the cache has it, nobody has read it yet.
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := kept.session.Close(ctx); err != nil {
			t.Fatal(err)
		}
		again, err := NewSession(Config{Host: kept.host, Store: kept.store, Pool: kept.pool, Memory: 64 << 20})
		if err != nil {
			t.Fatal(err)
		}
		kept.session = again
		c := s.open(0, 1<<20)
		defer c.Close()
		s.read(c, 0, 1<<20)
		if n := len(again.List()); n != 1 {
			t.Errorf("%d torrents were begun for the peer", n)
		}
	})
}

const (
	ms = time.Millisecond
	mb = 1e6
)

// transfer is how long n bytes take at rate bytes/s.
func transfer(n, rate float64) time.Duration { return time.Duration(n / rate * float64(time.Second)) }
