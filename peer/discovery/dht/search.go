package dht

import (
	"context"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// SearchConfig says what to look for. Found and Port are required.
type SearchConfig struct {
	InfoHash [20]byte // as in the handshake: v2 truncated
	// Port is the TCP port to announce; 0 announces nothing. Called from any
	// goroutine, without locks held.
	Port func() int
	// Found is given peers as they come, at most maxFound of one lookup and
	// family, those of earlier lookups and ourselves included. Called from any
	// goroutine, concurrently, without locks held; it must not block, and owns
	// addrs.
	Found func(addrs []netip.AddrPort)
	// Clients are those that wait for the torrent: lookups are shared out by them.
	// Called like Port; nil: it is the process itself.
	Clients func() []netip.Prefix
}

// A Search finds the peers of one torrent, and announces us to them, until it is
// closed: one goroutine, and one a family and announce while it looks. All
// methods are safe for concurrent use.
type Search struct {
	dht    *DHT
	cfg    SearchConfig
	log    *slog.Logger
	ctx    context.Context
	cancel context.CancelFunc
	hurry  chan struct{} // holds one token
	last   atomic.Int64  // answers to the last lookup
	looked atomic.Bool   // it was looked in vain or not, since the last Hurry
	wg     sync.WaitGroup

	mu      sync.Mutex
	resting bool               // Rest was called
	idle    *time.Timer        // until it has effect; nil: it does not rest
	stopped bool               // it has
	stop    context.CancelFunc // of the round under way; nil: there is none
}

// Search begins to look for a torrent, at once.
func (d *DHT) Search(cfg SearchConfig) *Search {
	s := &Search{dht: d, cfg: cfg, log: d.cfg.Log.With("infohash", hex.EncodeToString(cfg.InfoHash[:])), hurry: make(chan struct{}, 1)}
	s.ctx, s.cancel = context.WithCancel(d.ctx)
	s.wg.Go(s.run)
	return s
}

// Hurry looks again soon, because a reader waits, or because there is more to
// announce than before. It does not wait.
func (s *Search) Hurry() {
	s.looked.Store(false)
	select {
	case s.hurry <- struct{}{}:
	default:
	}
}

// Rest says whether nobody needs what is found. A moment later nothing is looked for or
// announced until somebody does.
func (s *Search) Rest(resting bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.resting == resting {
		return
	}
	s.resting = resting
	if resting {
		s.idle = time.AfterFunc(restGrace, s.stopNow)
		return
	}
	s.idle.Stop()
	if s.stopped {
		s.stopped = false
		s.Hurry()
	}
}

// stopNow ends the round under way, if it still is to rest.
func (s *Search) stopNow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.resting || s.ctx.Err() != nil {
		return
	}
	s.stopped = true
	if s.stop != nil {
		s.stop()
	}
	select {
	case s.hurry <- struct{}{}: // to see that it rests
	default:
	}
}

// round begins a round; false where it rests.
func (s *Search) round() (context.Context, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, false
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(s.ctx)
	return ctx, true
}

// Answers is how many nodes answered the last lookup.
func (s *Search) Answers() int { return int(s.last.Load()) }

// Untried reports whether the lookup that was asked for has yet to end. One that no
// node answered does not count, nor a second one: we may be about to join.
func (s *Search) Untried() bool { return !s.looked.Load() }

// Close ends the search and waits for its goroutines.
func (s *Search) Close() {
	s.cancel()
	s.mu.Lock()
	if s.idle != nil {
		s.idle.Stop()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// run looks, and looks again.
func (s *Search) run() {
	var p pace
	for {
		begun := time.Now()
		ctx, ok := s.round()
		if !ok {
			select {
			case <-s.ctx.Done():
				return
			case <-s.hurry:
				p = pace{}
			}
			continue
		}
		r := s.look(ctx)
		if r.peers > 0 && (r.announced > 0 || s.cfg.Port() == 0) {
			s.rest() // what came meanwhile has its answer
		}
		wait := time.NewTimer(p.next(r))
		s.looked.Store(r.answers > 0 || p.vain >= joinTries)
		select {
		case <-s.ctx.Done():
		case <-wait.C:
		case <-s.hurry:
			p = pace{}
			s.sleep(hurryInterval - time.Since(begun))
		}
		wait.Stop()
		if s.ctx.Err() != nil {
			return
		}
	}
}

// rest forgets that there is a hurry.
func (s *Search) rest() {
	select {
	case <-s.hurry:
	default:
	}
}

// sleep waits for d, or for the end.
func (s *Search) sleep(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-s.ctx.Done():
	case <-t.C:
	}
}

// result is what a round of lookups came to, over all families.
type result struct {
	answers, peers, announced int
}

// look does one lookup in each family, and announces us to the nodes that they
// end at.
func (s *Search) look(ctx context.Context) result {
	var clients []netip.Prefix
	if s.cfg.Clients != nil {
		clients = s.cfg.Clients()
	}
	leave, err := s.dht.lookups.Enter(ctx, clients, len(clients) > 0)
	if err != nil {
		return result{}
	}
	defer leave()
	var answers, peers, announced atomic.Int64
	var wg sync.WaitGroup
	for _, n := range s.dht.nodes {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, maxLookup)
			defer cancel()
			closest, answered := n.lookup(ctx, s.cfg.InfoHash, peersIn(func(addrs []netip.AddrPort) {
				peers.Add(int64(others(addrs, s.cfg.Port())))
				s.cfg.Found(addrs)
			}))
			answers.Add(int64(answered))
			announced.Add(int64(s.announce(s.ctx, n, closest)))
		})
	}
	wg.Wait()
	r := result{int(answers.Load()), int(peers.Load()), int(announced.Load())}
	s.last.Store(answers.Load())
	s.log.Debug("DHT lookup", "answers", r.answers, "peers", r.peers, "announced", r.announced)
	return r
}

// others counts the addresses that are not likely to be our own.
func others(addrs []netip.AddrPort, port int) (n int) {
	for _, a := range addrs {
		if int(a.Port()) != port {
			n++
		}
	}
	return n
}

// announce tells nodes that we have the torrent, and returns how many took it.
func (s *Search) announce(ctx context.Context, n *node, closest []holder) int {
	port := s.cfg.Port()
	if port == 0 {
		return 0
	}
	var taken atomic.Int64
	var wg sync.WaitGroup
	for _, h := range closest {
		wg.Go(func() {
			if err := n.announce(ctx, h, s.cfg.InfoHash, port); err == nil {
				taken.Add(1)
			}
		})
	}
	wg.Wait()
	return int(taken.Load())
}

// pace decides how long a search rests after a round: until the next announce is
// due, or less, and longer each time, while it has brought nothing.
type pace struct{ vain int }

// next gives the rest after a round.
func (p *pace) next(r result) time.Duration {
	wait := joinWait
	switch {
	case r.peers > 0:
		p.vain = 0
		// Not all torrents at the same instant.
		return announceInterval + rand.N(announceInterval/4)
	case r.answers > 0:
		wait = emptyWait
	}
	wait <<= min(p.vain, 10)
	p.vain++
	return min(wait, announceInterval)
}
