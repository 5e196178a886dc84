package peer

import (
	"context"
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/book"
)

// Clients that named peers of one torrent take turns within it, with each other and with the
// peers that it has otherwise. So the peers of one client that never answer, or connect and give
// nothing, take neither the places nor the time of another's.

// An attempt is a dial under way.
type attempt struct {
	cancel   context.CancelCauseFunc
	makesWay bool // it was ended for another
}

// turns counts who has the places of the swarm that brought nothing yet; nil where no client
// named peers of its own. mu is held.
func (s *Swarm) turns() *book.Turns {
	if !s.book.Named() {
		return nil
	}
	turns := book.NewTurns(func(client netip.Prefix) bool { return s.clients[client] > 0 })
	for e := range s.attempts {
		turns.Take(e)
	}
	for _, c := range s.conns {
		if c.silent() {
			for _, e := range c.entries {
				turns.Take(e)
			}
		}
	}
	return turns
}

// silent reports whether nothing came of the connection yet.
func (c *Conn) silent() bool { return !c.had.Load() && !c.sent.Load() && !c.exchanged.Load() }

// makeWay ends an attempt or a silent connection for an address, in a full swarm. It ends one of
// the client with the most places, if that has more than the client of the address. It ends one
// at a time, and only one that had some time to be of use. mu is held.
func (s *Swarm) makeWay(now time.Time, e *book.Entry, turns *book.Turns) {
	if !turns.Waits(e) {
		return
	}
	most := turns.Has(e) + 1
	var due func() // ends it
	beyond := false
	consider := func(x *book.Entry, since time.Time, patience time.Duration, end func()) {
		n := turns.Has(x)
		beyond = beyond || n > most
		if n > most && now.Sub(since) >= patience {
			most, due = n, end
		}
	}
	for x, a := range s.attempts {
		consider(x, x.Begun, silentFailed, func() {
			a.makesWay = true
			a.cancel(errPushed)
		})
	}
	for _, c := range s.conns {
		if !c.silent() || len(c.entries) == 0 {
			continue
		}
		consider(c.entries[0], c.joined, silentGrace, func() {
			c.makesWay = true
			c.Close(errWorst)
		})
	}
	s.crowded = s.crowded || beyond // there will be one
	if due != nil && s.makingWay == 0 {
		s.makingWay++
		due()
	}
}

// madeWay notes that what made way has ended. mu is held.
func (s *Swarm) madeWay(did *bool) {
	if *did {
		*did = false
		s.makingWay--
	}
}
