package fetch

import (
	"context"
	"time"
)

// end closes a torrent behind, and takes it out. The lock is held.
func (s *Session) end(t *Torrent) {
	if t.ending {
		return
	}
	t.ending = true
	s.ends.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		defer cancel()
		if t.joined() {
			cancel() // trackers are not told: the other one goes on
		}
		t.close(ctx, t.dropping)
		t.record()
		if t.dropping {
			s.ledger.Forget(t.names()...)
			s.unpin(t.hash)
			s.store.Forget(t.hash)
			s.host.ForgetPeers(t.hash.Wire())
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if t.dropping && t.info != nil {
			delete(s.supers, t.info.ID())
		}
		for ih, x := range s.torrents {
			if x == t {
				delete(s.torrents, ih)
			}
		}
		delete(s.live, t)
		close(t.ended)
	})
}

// awaitEnd waits until a torrent that is ending is out of the table. ErrBusy after ctx's deadline.
func (s *Session) awaitEnd(ctx context.Context, t *Torrent) error {
	select {
	case <-t.ended:
		return nil
	case <-ctx.Done():
		return s.late(ctx)
	}
}

// closeTime bounds the end of one torrent: the trackers hear that it stopped.
const closeTime = 5 * time.Second

// minMemory is the least memory a session works with, in bytes.
const minMemory = 16 << 20

// each returns the torrents, each once.
func (s *Session) each() []*Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := make(map[*Torrent]bool, len(s.torrents))
	var all []*Torrent
	for _, t := range s.torrents {
		if !seen[t] {
			seen[t] = true
			all = append(all, t)
		}
	}
	return all
}

// reapEvery is how often unused torrents are looked at.
const reapEvery = 5 * time.Second

// reap lets swarms cool that nobody needs, ends torrents that were not read for
// long, and keeps the ledger.
func (s *Session) reap() {
	tick := time.NewTicker(reapEvery)
	defer tick.Stop()
	saved := time.Now()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
		}
		if time.Since(saved) >= saveEvery-reapEvery {
			saved = time.Now()
			s.save()
		}
		s.recount()
		s.reapHoldings()
		for _, t := range s.each() {
			t.keepLayers(false)
			t.appraise()
			if unused, idle := t.rest(); !idle || unused < closeAfter {
				continue
			}
			s.mu.Lock()
			if unused, idle := t.unused(); idle && unused >= closeAfter { // nobody has come meanwhile
				s.end(t)
			}
			s.mu.Unlock()
		}
	}
}

// reapHoldings lets go of what nobody has read for long.
func (s *Session) reapHoldings() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.holdings {
		if h.refs == 0 && s.age()-h.used >= closeAfter {
			h.close()
		}
	}
}
