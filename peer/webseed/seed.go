package webseed

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/runs"
)

// Seed is one URL of one torrent. Its methods are safe for concurrent use; all but Run never
// block.
type Seed struct {
	client   *Client
	stranger Stranger // nil: no stranger named it
	info     *metainfo.Info
	base     *url.URL
	queue    *runs.Queue // open while Ready
	ctx      context.Context
	end      context.CancelFunc

	dmu      sync.Mutex // the dialogue with download, and what was said in it
	download peer.Download
	has      metainfo.Bitfield // changed with mu held as well: either lock is enough to read it
	wrong    int               // what was wrong of it, by costOfFile; not changed once the seed runs

	mu       sync.Mutex // guards what follows
	state    State
	resting  bool   // Rest was called
	fails    int    // in a row
	last     string // what went wrong the last time, "" once blocks came again
	received int64
}

// State describes what a seed does.
type State string

// The states of a seed.
const (
	Ready   State = "ready"   // takes requests
	Waiting State = "waiting" // tries again after a while
	Resting State = "resting" // who named it has gone, and it has not proved itself
	Failed  State = "failed"  // is not tried again
	Banned  State = "banned"  // has sent wrong bytes
)

// Status is a snapshot of a Seed.
type Status struct {
	URL        string `json:"url"` // without user and query, which may be keys
	State      State  `json:"state"`
	Downloaded int64  `json:"downloaded"`      // payload bytes received, whatever became of them
	Error      string `json:"error,omitempty"` // of the last attempt, if that failed
}

// NewSeed returns the seed of a URL, http or https. By is nil where no stranger named it.
// Nothing is asked before Run.
func (c *Client) NewSeed(raw string, info *metainfo.Info, by Stranger) (*Seed, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, errors.New("webseed: an absolute URL of http or https is expected")
	}
	u.Fragment, u.RawFragment = "", ""
	s := &Seed{client: c, stranger: by, info: info, base: u, state: Ready, has: metainfo.NewBitfield(info.NumPieces())}
	s.queue = runs.NewQueue(s.after)
	for p := range info.NumPieces() {
		s.has.Set(p)
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	return s, nil
}

// String is the seed's URL, without what may be a key.
func (s *Seed) String() string { return redacted(s.base) }

// RequestQueue is how many requests may be outstanding.
func (s *Seed) RequestQueue() int { return runs.MaxQueue }

// Status returns a snapshot.
func (s *Seed) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Status{URL: s.String(), State: s.state, Downloaded: s.received, Error: s.last}
}

// Send takes requests and cancels. What is asked of a seed that is choking is void.
func (s *Seed) Send(commands ...peer.Command) { s.queue.Send(commands...) }

// Ban ends the seed: it has sent wrong bytes.
func (s *Seed) Ban(reason string) { s.fail(Banned, reason) }

// Without is a seed to go on with in place of one that sent wrong bytes of a piece. Where they can be of one file
// alone, it has no piece of that file. Of a piece that crosses files it lacks that piece alone, as the others may be
// right. It returns false where nothing is left, or too much was wrong. It may be called from within an Update of the seed's own,
// which found the piece out: it does not take dmu.
func (s *Seed) Without(piece int) (*Seed, bool) {
	first, last, cost := piece, piece, costOfBorder
	if f := s.fileOf(piece); f != nil {
		first, last = s.info.Pieces(f, 0, f.Length)
		cost = costOfFile
	}
	if s.wrong+cost >= MaxWrong*costOfFile {
		return nil, false
	}
	next, err := s.client.NewSeed(s.base.String(), s.info, s.stranger)
	if err != nil {
		return nil, false
	}
	next.wrong = s.wrong + cost
	s.mu.Lock()
	copy(next.has, s.has)
	next.received, next.last = s.received, "wrong bytes of a file"
	s.mu.Unlock()
	for p := first; p <= last; p++ {
		next.has.Clear(p)
	}
	return next, next.has.Count(s.info.NumPieces()) > 0
}

// A file that changed is found out by a piece within it, and by as many as two that it shares with its neighbours.
const costOfFile, costOfBorder = 2, 1

// fileOf is the file that all bytes of a piece are of; nil where there are several.
func (s *Seed) fileOf(piece int) (only *metainfo.File) {
	for i := range s.info.Files {
		f := &s.info.Files[i]
		if f.Pad || f.Length == 0 {
			continue
		}
		if first, last := s.info.Pieces(f, 0, f.Length); first <= piece && piece <= last {
			if only != nil {
				return nil
			}
			only = f
		}
	}
	return only
}

// Stop ends the seed: another took its place.
func (s *Seed) Stop() { s.fail(Failed, "it made room for another") }

// fail ends the seed for good.
func (s *Seed) fail(state State, reason string) {
	s.mu.Lock()
	if s.state != Banned {
		s.state, s.last = state, reason
	}
	s.queue.Close()
	s.mu.Unlock()
	s.end()
}

// Run serves d until ctx ends, or the seed for a reason of its own. Leave is its last call
// to d.
func (s *Seed) Run(ctx context.Context, d peer.Download) {
	stop := context.AfterFunc(ctx, s.end)
	defer stop()
	defer s.end()
	s.mu.Lock()
	s.download = d
	events := []peer.Event{{Kind: peer.HasAll}}
	if s.wrong > 0 {
		events[0] = peer.Event{Kind: peer.HasField, Field: slices.Clone(s.has)}
	}
	if s.state == Ready {
		events = append(events, peer.Event{Kind: peer.Unchoked})
	}
	s.mu.Unlock()
	s.report(events...)
	var workers sync.WaitGroup
	for range maxRequests {
		workers.Go(s.work)
	}
	workers.Wait()
	d.Leave()
}

// report tells the Download what the seed does.
func (s *Seed) report(events ...peer.Event) {
	s.dmu.Lock()
	defer s.dmu.Unlock()
	s.download.Update(events)
}

// work fetches runs, one at a time, until the seed's end.
func (s *Seed) work() {
	for r := s.queue.Next(s.ctx); r != nil; r = s.queue.Next(s.ctx) {
		s.leave(r, s.fetch(r))
	}
}

// leave ends a run, and does what its error asks for.
func (s *Seed) leave(r *runs.Run, err error) {
	rest := s.queue.End(r)
	var missing *missingError
	switch {
	case err == nil || len(rest) == 0 || s.ctx.Err() != nil:
		// done, or nobody waits for it any more
	case final(err):
		s.fail(Failed, cause(err))
	case errors.As(err, &missing):
		s.lose(missing, rest)
	default:
		s.pause(err)
	}
}

// lose says that no piece with content of a file can be had, and goes on with the rest of
// a run without them.
func (s *Seed) lose(missing *missingError, rest []metainfo.Block) {
	s.dmu.Lock()
	defer s.dmu.Unlock()
	first, last := s.info.Pieces(missing.file, 0, missing.file.Length)
	s.mu.Lock()
	for p := first; p <= last; p++ {
		s.has.Clear(p)
	}
	s.mu.Unlock()
	if s.has.Count(s.info.NumPieces()) == 0 {
		s.fail(Failed, missing.reason)
		return
	}
	s.mu.Lock()
	s.last = missing.reason
	s.mu.Unlock()
	events := []peer.Event{{Kind: peer.HasField, Field: slices.Clone(s.has)}}
	for _, b := range s.queue.Reject(rest, func(b metainfo.Block) bool { return !s.has.Has(int(b.Piece)) }) {
		events = append(events, peer.Event{Kind: peer.Rejected, Block: b})
	}
	s.download.Update(events)
}

// pause chokes for as long as the server asks for, or for longer after each failure.
func (s *Seed) pause(err error) {
	s.mu.Lock()
	if s.state != Ready {
		s.mu.Unlock()
		return // the other request has failed as well
	}
	wait := min(firstWait<<min(s.fails, 10), maxWait)
	if retry := (*retryError)(nil); errors.As(err, &retry) {
		wait = max(wait, retry.after)
	}
	s.fails++
	s.state, s.last = Waiting, cause(err)
	s.queue.Close()
	s.mu.Unlock()

	s.report(peer.Event{Kind: peer.Choked})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-s.ctx.Done():
		return
	case <-timer.C:
	}
	s.mu.Lock()
	kind := peer.Unchoked
	if s.state == Waiting && s.resting {
		s.state, kind = Resting, peer.Choked
	} else if s.state == Waiting {
		s.state = Ready
		s.queue.Open()
	}
	s.mu.Unlock()
	s.report(peer.Event{Kind: kind})
}
