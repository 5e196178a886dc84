package simnet

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// SeedConfig describes a Seed.
type SeedConfig struct {
	// Addr is the address on which it listens on its host, ":6881" if empty; "none" for
	// a Seed that only dials.
	Addr string
	// InfoHash is what the handshake names (BEP 52: truncated).
	InfoHash [20]byte
	// Info is the info dictionary, bencoded; nil if the Seed has none to give.
	Info []byte
	// Content is the torrent's byte space, Size its length in bytes.
	Content     io.ReaderAt
	Size        int64
	PieceLength int
	// PieceSize gives the bytes of a piece where the last is not the only
	// short one (BEP 52); nil otherwise.
	PieceSize func(piece int) int
	// Pieces are the pieces it has; nil is all.
	Pieces []int
	// PeerID is its peer id; zero makes one of its host's address.
	PeerID [20]byte
	// Record keeps a list of all requests (Seed.Requests).
	Record bool
	Behaviour
}

// SeedStats counts what happened at a Seed, over all its connections.
type SeedStats struct {
	Conns        int // through the handshake, closed ones included
	Open         int // of these, still open
	Interested   int // INTERESTED messages
	Unchoked     int // UNCHOKE messages sent
	Requests     int // REQUEST messages
	Duplicates   int // requests for a block that had been requested before
	Cancels      int // CANCEL messages
	Refused      int // requests refused while choked, lacking or malformed
	Blocks       int // blocks sent
	Bytes        int64
	MetadataAsks int // requests of BEP 9
	HashAsks     int // hash requests (BEP 52)
	Uploaded     int64
	Offences     int // connections closed because of what the peer did
}

// Request is one request that a Seed received.
type Request struct {
	At                   time.Duration // since the Seed's start
	Conn                 int           // number of the connection, from 0
	Piece, Begin, Length int
	Choked               bool // the peer was choked
}

// Seed is a scripted BitTorrent peer on a simulated host. It speaks the peer
// wire protocol by its own code, so that a fault in btgw's is not in both. All
// methods may be called from any goroutine.
type Seed struct {
	host  *Host
	cfg   SeedConfig
	start time.Time
	wg    sync.WaitGroup
	ln    net.Listener

	mu       sync.Mutex
	has      []bool
	conns    []*seedConn // in order of arrival
	stats    SeedStats
	asked    map[[2]int]bool
	requests []Request
	unchoked int
	stalled  bool
	dying    bool // DieAfter is reached
	closed   bool
	ended    chan struct{} // closed with closed
	wants    wants
	limiter  limiter
}

// NewSeed starts a Seed on a host. Close ends it.
func NewSeed(h *Host, cfg SeedConfig) (*Seed, error) {
	if cfg.PieceLength <= 0 || cfg.Size <= 0 {
		return nil, fmt.Errorf("seed without content: %d bytes in pieces of %d", cfg.Size, cfg.PieceLength)
	}
	if cfg.Tick == 0 {
		cfg.Tick = seedTick
	}
	if cfg.PeerID == [20]byte{} {
		copy(cfg.PeerID[:], fmt.Sprintf("-SN0001-%012x", h.id))
	}
	s := &Seed{host: h, cfg: cfg, start: time.Now(), asked: map[[2]int]bool{}, ended: make(chan struct{})}
	s.has = make([]bool, (cfg.Size+int64(cfg.PieceLength)-1)/int64(cfg.PieceLength))
	for i := range s.has {
		s.has[i] = cfg.Pieces == nil
	}
	for _, i := range cfg.Pieces {
		s.has[i] = true
	}
	if cfg.Leech > 0 {
		s.wants = newWants(s)
	}
	if cfg.Addr == "none" {
		s.begin()
		return s, nil
	}
	if cfg.Addr == "" {
		s.cfg.Addr = ":6881"
	}
	ln, err := h.Listen(context.Background(), "tcp", s.cfg.Addr)
	if err != nil {
		return nil, err
	}
	s.ln = ln
	s.wg.Go(s.accept)
	s.begin()
	return s, nil
}

// begin starts what a Seed does by itself.
func (s *Seed) begin() {
	if s.cfg.SuperSeed {
		s.wg.Go(s.showLoop)
	}
	if s.cfg.Rotate > 0 {
		s.wg.Go(s.rotateLoop)
	}
	if s.cfg.UploadLimit > 0 {
		s.limiter.left = s.cfg.UploadLimit
		s.wg.Go(s.limit)
	}
}

func (s *Seed) rotateLoop() {
	tick := time.NewTicker(s.cfg.Rotate)
	defer tick.Stop()
	for {
		select {
		case <-s.ended:
			return
		case <-tick.C:
			s.rotate()
		}
	}
}

// rotate passes slots on: the longest served give theirs to those who wait
// longest.
func (s *Seed) rotate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var waiting, served []*seedConn
	for _, c := range s.conns {
		switch {
		case c.greeted && c.choked && c.interested:
			waiting = append(waiting, c)
		case c.greeted && !c.choked:
			served = append(served, c)
		}
	}
	before := func(a, b *seedConn) int { return cmp.Compare(a.turned, b.turned) }
	slices.SortStableFunc(waiting, before)
	slices.SortStableFunc(served, before)
	for i := range min(len(waiting), len(served)) {
		served[i].setChoked(true)
		waiting[i].setChoked(false)
	}
}

// Addr is the address to dial, host:port; empty for a Seed that only dials.
func (s *Seed) Addr() string {
	if s.ln == nil {
		return ""
	}
	return s.ln.Addr().String()
}

// Host is the machine that the Seed runs on.
func (s *Seed) Host() *Host { return s.host }

func (s *Seed) accept() {
	for {
		c, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.serve(c.(*Conn), false)
	}
}

// Dial connects to a peer, which is then served like one that came by itself.
func (s *Seed) Dial(ctx context.Context, address string) error {
	c, err := s.host.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	s.serve(c.(*Conn), true)
	return nil
}

// serve starts a connection's goroutines.
func (s *Seed) serve(c *Conn, dialled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		c.Close()
		return
	}
	p := &seedConn{
		seed: s, conn: c, addr: c.RemoteAddr().(*net.TCPAddr).AddrPort(), number: -1, choked: true,
		wake: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	s.conns = append(s.conns, p)
	s.wg.Go(func() { p.run(dialled) })
}

// Stats gives the counters.
func (s *Seed) Stats() SeedStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	for _, c := range s.conns {
		if c.number >= 0 {
			st.Open++
		}
	}
	return st
}

// Requests are the requests so far, in order, if the Seed records them.
func (s *Seed) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// AddPiece gives the Seed a piece, which it tells its peers.
func (s *Seed) AddPiece(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.has[i] {
		return
	}
	s.has[i] = true
	for _, c := range s.conns {
		if c.greeted {
			c.say(haveMessage(i))
		}
	}
}

// Choke chokes all peers, or lets all be unchoked again at once. Choked peers'
// requests are rejected.
func (s *Seed) Choke(choke bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		if c.greeted && c.choked != choke {
			c.setChoked(choke)
		}
	}
}

// Stall makes the Seed say nothing more on any connection, or go on.
func (s *Seed) Stall(stall bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stalled = stall
	for _, c := range s.conns {
		c.poke()
	}
}

// Die ends all connections and stops listening, as a killed process does: what
// was written still arrives, then the end, or a reset where requests were
// unread. It does not wait.
func (s *Seed) Die() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.die()
}

// dieIfDue is the end after the block that was the last.
func (s *Seed) dieIfDue() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dying {
		s.die()
	}
}

func (s *Seed) die() {
	if s.closed {
		return
	}
	s.closed = true
	close(s.ended)
	if s.ln != nil {
		s.ln.Close()
	}
	for _, c := range s.conns {
		c.end()
	}
}

// Close ends the Seed and waits for its goroutines.
func (s *Seed) Close() {
	s.Die()
	s.wg.Wait()
}

// pieceSize is the bytes of a piece.
func (s *Seed) pieceSize(i int) int {
	if s.cfg.PieceSize != nil {
		return s.cfg.PieceSize(i)
	}
	return int(min(int64(s.cfg.PieceLength), s.cfg.Size-int64(i)*int64(s.cfg.PieceLength)))
}

// nextTick is the time until the next round of unchoking.
func (s *Seed) nextTick() time.Duration {
	return s.cfg.Tick - time.Since(s.start)%s.cfg.Tick
}

// Unchoked is a peer that a Seed has unchoked.
type Unchoked struct {
	Addr       netip.AddrPort
	Since      time.Duration // since the Seed's start
	Interested bool          // the peer said so
}

// Unchoked lists the peers that are unchoked, in the order of their
// connections.
func (s *Seed) Unchoked() []Unchoked {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Unchoked
	for _, c := range s.conns {
		if c.greeted && !c.choked {
			all = append(all, Unchoked{c.addr, c.turned, c.interested})
		}
	}
	return all
}
