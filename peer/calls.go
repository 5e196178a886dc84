package peer

import (
	"net/netip"
	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/peer/book"
)

// newCalls makes the bound of the dials of one swarm that calls leechers.
func newCalls() *rate.Limiter { return rate.NewLimiter(rate.Every(callPause), callBurst) }

// CallLeechers has the swarm dial peers that may lack what it has, also while nobody waits
// for the torrent. Otherwise a seed waits for others to come. Where it is behind a router they
// cannot. Clients whose first connection failed come again after minutes. The swarm dials a
// few at a time, within half of its connections, and hangs up on those that want nothing.
func (s *Swarm) CallLeechers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls == nil {
		s.calls = newCalls()
	}
	s.dialMore(time.Now())
	s.wake()
}

// Announced makes leechers known that announced to a tracker of our own, which nobody need ask.
// They are dialled as CallLeechers says.
func (s *Swarm) Announced(leechers ...netip.AddrPort) { s.addPeers(book.SourceTracker, leechers) }

// callMore dials as many leechers as may be. mu is held.
func (s *Swarm) callMore(now time.Time) {
	if s.calls == nil || !s.offers() {
		return
	}
	for len(s.attempts) < maxCalls && len(s.conns)+len(s.attempts) < s.host.cfg.MaxSwarmConns/callShare && s.calls.TokensAt(now) >= 1 {
		e := s.book.PickLeecher(now, s.places)
		if e == nil || !s.host.mayCall(now) {
			return
		}
		if wait := s.host.mayTurnTo(e.Addr.Addr()); wait > 0 {
			e.Next = now.Add(wait)
			continue
		}
		if !s.begin(now, e) {
			return
		}
		s.calls.AllowN(now, 1)
	}
}

// offers reports whether there is something that peers may have of us. mu is held.
func (s *Swarm) offers() bool { return s.info != nil && s.haveCount > 0 && s.choker.Slots > 0 }

// hangUp ends the connections that we began with peers that want nothing, where we have
// everything and call others. mu is held.
func (s *Swarm) hangUp() {
	if s.calls == nil || s.info == nil || s.haveCount < s.info.NumPieces() {
		return
	}
	for _, c := range s.conns {
		if c.outgoing && !c.sibling() && c.uploadOnly() {
			c.Close(errSated)
		}
	}
}

// nextCall returns when a leecher may be called that may not be now; false if none. mu is held.
func (s *Swarm) nextCall(now time.Time) (time.Time, bool) {
	if s.calls == nil || !s.offers() {
		return time.Time{}, false
	}
	return s.book.NextLeecher(now)
}

// mayCall counts one call, if all swarms may make one more and half of the connections are
// left for others.
func (h *Host) mayCall(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.seats.seats) < h.seats.places/callShare && h.calls.AllowN(now, 1)
}
