package tracker

import (
	"context"
	"crypto/rand"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Config configures a Tracker.
type Config struct {
	// Allowed reports whether a torrent is tracked, by an infohash in wire form; nil: all
	// are. It is called with each question, and must not block.
	Allowed func(hash [20]byte) bool
	// Self is our own peer, which is a seed of whatever Seeds reports: at an address of the
	// family of client, where it is known (port 0: it is not). nil: there is none.
	Self  func(client netip.Addr) netip.AddrPort
	Seeds func(hash [20]byte) bool
}

// A Tracker knows who has what. Its methods are safe for concurrent use. It owns one
// goroutine, which forgets who has gone, and two for each WebSocket.
type Tracker struct {
	cfg   Config
	begun time.Time
	ids   ids
	ctx   context.Context // ends with Close
	stop  context.CancelFunc
	web   web
	done  sync.WaitGroup

	counts struct {
		announces, scrapes, refused, forged, full atomic.Int64
	}

	mu     sync.Mutex // guards what follows
	swarms map[[20]byte]*swarm
	peers  int
}

// Stats are what a Tracker holds, and what it was asked since it began.
type Stats struct {
	Swarms    int   `json:"swarms"`
	Peers     int   `json:"peers"`
	WebPeers  int   `json:"web_peers"` // WebSockets
	Announces int64 `json:"announces"`
	Scrapes   int64 `json:"scrapes"`
	Refused   int64 `json:"refused"` // questions for a torrent that is not tracked, or malformed
	Forged    int64 `json:"forged"`  // datagrams whose connection id was wrong or too old
	Full      int64 `json:"full"`    // announces of newcomers for whom there was no place
}

// New returns a Tracker that knows nobody.
func New(cfg Config) *Tracker {
	t := &Tracker{cfg: cfg, begun: time.Now(), swarms: make(map[[20]byte]*swarm)}
	t.web.swarms, t.web.perNet = make(map[[20]byte]*webSwarm), make(map[uint64]int)
	rand.Read(t.ids.secret[:])
	t.ctx, t.stop = context.WithCancel(context.Background())
	t.done.Go(func() { t.sweepAll(t.ctx) })
	return t
}

// Close ends the Tracker and its WebSockets, and waits for their goroutines.
func (t *Tracker) Close() {
	t.web.mu.Lock()
	t.web.closed = true
	t.web.mu.Unlock()
	t.stop()
	t.done.Wait()
}

// Stats returns a snapshot.
func (t *Tracker) Stats() Stats {
	t.web.mu.Lock()
	sockets := t.web.peers
	t.web.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	return Stats{
		Swarms: len(t.swarms), Peers: t.peers, WebPeers: sockets, Announces: t.counts.announces.Load(), Scrapes: t.counts.scrapes.Load(),
		Refused: t.counts.refused.Load(), Forged: t.counts.forged.Load(), Full: t.counts.full.Load(),
	}
}

// An announce is what a peer says of itself.
type announce struct {
	hash      [20]byte
	from      netip.AddrPort // where it takes connections
	seed      bool           // it has everything
	started   bool           // it has just begun: aria2 has nothing left then, where it has no metadata yet
	stopped   bool
	completed bool
	want      int // how many peers it would like
}

// An answer is what a peer is told.
type answer struct {
	seeds, leechers int
	v4, v6          []byte // peers in compact form
}

// now is the clock of entries, in seconds.
func (t *Tracker) now() uint32 { return uint32(time.Since(t.begun) / time.Second) }

// allowed reports whether a torrent is tracked, and counts where it is not.
func (t *Tracker) allowed(hash [20]byte) bool {
	if t.cfg.Allowed == nil || t.cfg.Allowed(hash) {
		return true
	}
	t.counts.refused.Add(1)
	return false
}

// take notes an announce, and picks peers for the one who made it: up to so many of each family.
func (t *Tracker) take(a *announce, most4, most6 int) (r answer) {
	t.counts.announces.Add(1)
	now := t.now()
	var self netip.AddrPort
	if t.cfg.Seeds != nil && t.cfg.Self != nil && t.cfg.Seeds(a.hash) {
		self = t.cfg.Self(a.from.Addr())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.swarms[a.hash]
	if s == nil {
		if a.stopped || len(t.swarms) >= MaxSwarms {
			s = &swarm{} // that is not kept
		} else {
			s = &swarm{}
			t.swarms[a.hash] = s
		}
	}
	kept := t.swarms[a.hash] == s
	room := kept && t.peers < MaxPeers && s.size() < MaxSwarmPeers
	var a4 compact4
	var a6 compact6
	before := s.size()
	if a.from.Addr().Is4() {
		a4 = pack4(a.from)
		t.peers += s.v4.announce(a4, place4(a4), a.seed, a.stopped, now, room)
	} else {
		a6 = pack6(a.from)
		t.peers += s.v6.announce(a6, place6(a6), a.seed, a.stopped, now, room)
	}
	if a.completed && kept {
		s.downloaded++
	}
	if !room && s.size() == before && !a.stopped {
		t.counts.full.Add(1)
	}
	r.seeds, r.leechers = s.counts()
	if self.Port() != 0 {
		r.seeds++
	}
	if a.stopped {
		if s.size() == 0 {
			delete(t.swarms, a.hash)
		}
		return r
	}
	sated := a.seed && !a.started
	if self.Port() != 0 && !sated {
		if self.Addr().Is4() && most4 > 0 {
			me := pack4(self)
			r.v4, most4 = append(r.v4, me[:]...), most4-1
		} else if self.Addr().Is6() && most6 > 0 {
			me := pack6(self)
			r.v6, most6 = append(r.v6, me[:]...), most6-1
		}
	}
	s.v4.pick(min(a.want, most4), a4, sated, func(p compact4) { r.v4 = append(r.v4, p[:]...) })
	s.v6.pick(min(a.want, most6), a6, sated, func(p compact6) { r.v6 = append(r.v6, p[:]...) })
	return r
}

// Leechers returns peers of a torrent that have not all of it: up to n of each family, others at each call
// where there are more.
func (t *Tracker) Leechers(hash [20]byte, n int) (peers []netip.AddrPort) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.swarms[hash]
	if s == nil {
		return nil
	}
	s.v4.leechers.sample(n, compact4{}, func(p compact4) { peers = append(peers, unpack4(p)) })
	s.v6.leechers.sample(n, compact6{}, func(p compact6) { peers = append(peers, unpack6(p)) })
	return peers
}

// scraped is what a scrape tells of a torrent (BEP 48).
type scraped struct{ seeds, downloaded, leechers int }

// scrape counts the peers of a torrent; false: it is not tracked.
func (t *Tracker) scrape(hash [20]byte) (c scraped, ok bool) {
	t.counts.scrapes.Add(1)
	if !t.allowed(hash) {
		return c, false
	}
	if t.cfg.Seeds != nil && t.cfg.Seeds(hash) {
		c.seeds = 1
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.swarms[hash]; s != nil {
		seeds, leechers := s.counts()
		c = scraped{c.seeds + seeds, int(s.downloaded), leechers}
	}
	return c, true
}

// sweepAll forgets who has gone, from time to time.
func (t *Tracker) sweepAll(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			t.sweep()
		}
	}
}

// sweep forgets who was not heard of for so long that it would be at the next sweep.
func (t *Tracker) sweep() {
	t.mu.Lock()
	hashes := make([][20]byte, 0, len(t.swarms))
	for hash := range t.swarms {
		hashes = append(hashes, hash)
	}
	t.mu.Unlock()
	oldest := int64(t.now()) - int64((Lifetime-sweepEvery)/time.Second)
	if oldest <= 0 {
		return
	}
	for _, hash := range hashes {
		t.sweepOne(hash, uint32(oldest))
	}
}

func (t *Tracker) sweepOne(hash [20]byte, since uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.swarms[hash]
	if s == nil {
		return
	}
	t.peers -= s.v4.sweep(since, place4) + s.v6.sweep(since, place6)
	if s.size() == 0 {
		delete(t.swarms, hash)
	}
}
