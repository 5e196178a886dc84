package peer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// addrN is an address of its own for each n from 1.
func addrN(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 6881)
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// content is a torrent of one file of n made-up bytes.
func content(t testing.TB, n int, pieceLength int64, opts ...func(*metainfo.MakeOptions)) (*metainfo.Torrent, []byte) {
	t.Helper()
	data := make([]byte, n)
	r := rand.New(rand.NewPCG(uint64(n), uint64(pieceLength)))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	o := metainfo.MakeOptions{
		FS: fstest.MapFS{"file.bin": {Data: data}}, Root: "file.bin", Version: metainfo.V1, PieceLength: pieceLength,
	}
	for _, opt := range opts {
		opt(&o)
	}
	tor, err := metainfo.Make(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return tor, data
}

// store is a Supply of a torrent's bytes and a Demand that wants all of those
// that are missing: blocks in order, depth of them asked of each peer at a time.
type store struct {
	info  *metainfo.Info
	depth int

	mu     sync.Mutex
	data   []byte
	have   metainfo.Bitfield
	free   []metainfo.Block // wanted and asked of nobody
	links  map[*link]bool
	left   int // blocks
	done   chan struct{}
	joined int
	opened int      // leases that are open
	ahead  []string // what was read ahead: piece, from where, how much
	lost   map[int]bool
	blocks map[int]int // that came, by piece
	// complete, if not nil, is told of each piece that came.
	complete func(piece int)
}

type link struct {
	s       *store
	c       *Conn
	has     metainfo.Bitfield
	lets    bool
	asked   map[metainfo.Block]bool
	events  []Event
	allowed map[uint32]bool
}

// seed has everything, leech nothing.
func seed(info *metainfo.Info, data []byte) *store {
	s := leech(info)
	copy(s.data, data)
	s.have.SetAll(info.NumPieces())
	s.free, s.left = nil, 0
	close(s.done)
	return s
}

func leech(info *metainfo.Info) *store {
	s := &store{depth: 32, links: make(map[*link]bool), done: make(chan struct{}), lost: make(map[int]bool)}
	if info != nil {
		s.learn(info)
	}
	return s
}

func (s *store) learn(info *metainfo.Info) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.info = info
	if info.Span() <= 1<<30 {
		s.data = make([]byte, info.Span())
	}
	s.have = metainfo.NewBitfield(info.NumPieces())
	for p := range info.NumPieces() {
		for n := range info.NumBlocks(p) {
			s.free = append(s.free, info.Block(p, n))
		}
	}
	s.left = len(s.free)
}

func (s *store) Have() metainfo.Bitfield {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.have.Clone()
}

func (s *store) Open(piece int) (Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.have.Has(piece) || s.lost[piece] {
		return nil, errors.New("not here")
	}
	s.opened++
	at := s.info.PieceOffset(piece)
	return &lease{s, piece, s.data[at : at+int64(s.info.PieceSize(piece))]}, nil
}

type lease struct {
	s     *store
	piece int
	b     []byte
}

func (l *lease) ReadAt(p []byte, off int64) (int, error) { return copy(p, l.b[off:]), nil }

func (l *lease) ReadAhead(off int64, n int) {
	l.s.mu.Lock()
	l.s.ahead = append(l.s.ahead, fmt.Sprintf("%d:%dk+%dk", l.piece, off>>10, n>>10))
	l.s.mu.Unlock()
}

func (l *lease) Release() {
	l.s.mu.Lock()
	l.s.opened--
	l.s.mu.Unlock()
}

func (s *store) Join(c *Conn) Download {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.joined++
	l := &link{
		s: s, c: c, has: metainfo.NewBitfield(s.info.NumPieces()),
		asked: make(map[metainfo.Block]bool), allowed: make(map[uint32]bool),
	}
	s.links[l] = true
	return l
}

func (l *link) Update(events []Event) {
	out, pieces := l.update(events, nil)
	l.c.Send(out...)
	for _, p := range pieces {
		l.s.complete(p)
	}
}

func (l *link) update(events []Event, out []Command) (_ []Command, complete []int) {
	s := l.s
	s.mu.Lock()
	defer s.mu.Unlock()
	l.events = append(l.events, events...)
	for _, e := range events {
		switch e.Kind {
		case Unchoked:
			l.lets = true
		case Choked:
			l.lets = false
			if !l.c.Fast() {
				l.giveBack()
			}
		case HasAll:
			l.has.SetAll(s.info.NumPieces())
		case HasField:
			l.has = e.Field
		case Has:
			l.has.Set(int(e.Block.Piece))
		case LostPiece:
			l.has.Clear(int(e.Block.Piece))
		case AllowedFast:
			l.allowed[e.Block.Piece] = true
		case Rejected:
			if l.asked[e.Block] {
				delete(l.asked, e.Block)
				s.free = append(s.free, e.Block)
			}
		case Arrived:
			delete(l.asked, e.Block)
			if s.left--; s.left == 0 {
				close(s.done)
			}
			if s.arrived(e.Block) && s.complete != nil {
				complete = append(complete, int(e.Block.Piece))
			}
		}
		if e.Kind == HasAll || e.Kind == HasField || e.Kind == Has {
			out = append(out, Command{Op: Interested})
		}
	}
	return l.ask(out), complete
}

// arrived counts a block and reports whether it was its piece's last.
func (s *store) arrived(b metainfo.Block) bool {
	p := int(b.Piece)
	if s.blocks == nil {
		s.blocks = make(map[int]int)
	}
	if s.blocks[p]++; s.blocks[p] < s.info.NumBlocks(p) {
		return false
	}
	s.have.Set(p)
	return true
}

// ask fills the peer's queue.
func (l *link) ask(out []Command) []Command {
	s := l.s
	kept := s.free[:0]
	for i, b := range s.free {
		if len(l.asked) >= s.depth {
			kept = append(kept, s.free[i:]...)
			break
		}
		if !l.has.Has(int(b.Piece)) || !l.lets && !l.allowed[b.Piece] {
			kept = append(kept, b)
			continue
		}
		l.asked[b] = true
		out = append(out, Command{Op: Request, Block: b})
	}
	s.free = kept
	return out
}

func (l *link) giveBack() {
	for b := range l.asked {
		l.s.free = append(l.s.free, b)
	}
	clear(l.asked)
}

func (l *link) Place(b metainfo.Block) []byte {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	if !l.asked[b] {
		return nil
	}
	at := l.s.info.PieceOffset(int(b.Piece)) + int64(b.Begin)
	return l.s.data[at : at+int64(b.Length)]
}

func (l *link) Leave() {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	l.giveBack()
	delete(l.s.links, l)
}

// wait is for all that was missing.
func (s *store) wait(t testing.TB, d time.Duration) {
	t.Helper()
	select {
	case <-s.done:
	case <-time.After(d):
		s.mu.Lock()
		defer s.mu.Unlock()
		t.Fatalf("%d blocks missing after %v", s.left, d)
	}
}

// swarm makes a swarm of tor's, whose metadata is known iff store's is.
func swarm(t testing.TB, h *Host, tor *metainfo.Torrent, st *store) *Swarm {
	t.Helper()
	cfg := SwarmConfig{Hashes: tor.Info.Hashes(), Info: st.info, Demand: st, Supply: st}
	var s *Swarm
	ready := make(chan struct{})
	cfg.OnMetadata = func(raw []byte) {
		<-ready
		info, err := metainfo.ParseInfo(raw)
		if err != nil {
			t.Error(err)
			return
		}
		st.learn(info)
		s.SetInfo(info)
	}
	s, err := h.NewSwarm(cfg)
	if err != nil {
		t.Fatal(err)
	}
	close(ready)
	return s
}

func newTestHost(t testing.TB, cfg HostConfig) *Host {
	t.Helper()
	if testing.Verbose() && cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	h, err := NewHost(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		h.Close(ctx)
	})
	return h
}

// loopback is the real network, unguarded.
type loopback struct{}

func (loopback) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

func (loopback) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	var l net.ListenConfig
	return l.Listen(ctx, network, address)
}

func (loopback) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, network, host)
}

func (loopback) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	var l net.ListenConfig
	return l.ListenPacket(ctx, network, address)
}

func loopbackAddr(h *Host) netip.AddrPort {
	return netip.MustParseAddrPort(fmt.Sprintf("127.0.0.1:%d", h.Port()))
}

func (s *store) leftNow() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left
}

func hostConfig(addr string) simnet.HostConfig {
	return simnet.HostConfig{Addrs: []netip.Addr{netip.MustParseAddr(addr)}}
}

func closeHost(h *Host) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	h.Close(ctx)
}

// link is the only connection that joined.
func (s *store) link(t testing.TB) *link {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.links) != 1 {
		t.Fatalf("%d connections joined, want 1", len(s.links))
	}
	for l := range s.links {
		return l
	}
	return nil
}
