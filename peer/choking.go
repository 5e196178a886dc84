package peer

import (
	"time"

	"github.com/btgw/btgw/peer/choke"
)

// unchoked counts the slots in use. mu is held.
func (s *Swarm) unchoked() int {
	n := 0
	for _, c := range s.conns {
		if c.slot {
			n++
		}
	}
	return n
}

// round is a choking round: rates are taken, slots given anew. mu is held.
func (s *Swarm) round(now time.Time) {
	all := make([]choke.Candidate, len(s.conns))
	for i, c := range s.conns {
		c.rate.Round(c.downloaded.Load(), c.uploaded.Load())
		c.flips = 0
		if c.rate.Down(1) > 0 || !c.waits() {
			c.gave = now
		}
		all[i] = choke.Candidate{
			Interested: c.wants.Load() && !c.sibling(), Unchoked: c.slot, Optimistic: c.optimistic, LastOptimistic: c.lastOptimistic,
			Since: c.slotSince, Joined: c.joined, Snubs: c.snubs(now),
			Debt: c.debt(), Received: c.rate.Down(choke.RateRounds), Sent: c.rate.Up(choke.RateRounds), SentInSlot: c.uploaded.Load() - c.slotStart,
		}
		if s.info != nil && now.Sub(c.joined) >= speculation {
			c.settleInterest()
		}
	}
	var floor int64
	if s.info != nil {
		floor = choke.SeedPieces * s.info.PieceLength
	}
	s.choker.Slots = s.slotsNow(now)
	s.choker.Round(now, all, s.seeding(), floor)
	for i, c := range s.conns {
		c.optimistic, c.lastOptimistic = all[i].Optimistic, all[i].LastOptimistic
		s.setSlot(now, c, all[i].Unchoked)
	}
}

// seeding reports whether we want nothing of these peers. mu is held.
func (s *Swarm) seeding() bool {
	return !s.wanted || s.info != nil && s.haveCount == s.info.NumPieces()
}

// debt is what the peer had of us more than we of it, in bytes.
func (c *Conn) debt() int64 { return c.uploaded.Load() - c.downloaded.Load() }

// snubs reports whether the peer has had what we want for snubTime, and sent
// nothing. mu of the swarm is held.
func (c *Conn) snubs(now time.Time) bool { return now.Sub(c.gave) >= snubTime }

// allot takes a new number of slots and gives free ones at once. The caller holds mu.
func (s *Swarm) allot(now time.Time) {
	s.choker.Slots = s.slotsNow(now)
	s.freed(now)
}

// waits reports whether the peer could send us something: it keeps us choked, or
// was asked. A peer that has nothing for us, or is not asked, does not snub us.
func (c *Conn) waits() bool {
	c.wmu.Lock()
	interested := c.interested && !c.speculative
	c.wmu.Unlock()
	return interested && (!c.lets.Load() || c.owed.Load() > 0)
}

// reclaim frees the slot of a seed, or of another peer that only uploads, which
// has no use for it. mu is held.
func (s *Swarm) reclaim(now time.Time) bool {
	for _, c := range s.conns {
		if c.slot && c.uploadOnly() && !c.wants.Load() {
			s.setSlot(now, c, false)
			return true
		}
	}
	return false
}

// setSlot gives or takes a slot. mu is held.
func (s *Swarm) setSlot(now time.Time, c *Conn, slot bool) {
	if c.slot == slot || c.sibling() {
		return
	}
	c.slot, c.slotSince, c.slotStart = slot, now, c.uploaded.Load()
	c.setChoke(!slot)
}

// interestChanged notes that a peer became interested, or no longer is. An interested
// peer does not wait for the round if there is a free slot, or one that its holder has
// no use for.
func (s *Swarm) interestChanged(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if c.flips++; c.flips > maxFlips {
		return // the round will see
	}
	if !c.wants.Load() {
		s.freed(now)
		return
	}
	if c.slot || c.sibling() || !s.holds(c) {
		return
	}
	if s.unchoked() >= s.choker.Slots {
		idle := s.idleSlot(now)
		if idle == nil {
			s.wake() // it looks for one from time to time
			return
		}
		s.setSlot(now, idle, false)
	}
	s.setSlot(now, c, true)
}

// holds reports whether c is one of the connections. mu is held.
func (s *Swarm) holds(c *Conn) bool {
	for _, x := range s.conns {
		if x == c {
			return true
		}
	}
	return false
}

// idleSlot returns a peer that has a slot and no use for it: it wants nothing, or
// has asked for nothing for slotIdle, whatever it says. mu is held.
func (s *Swarm) idleSlot(now time.Time) *Conn {
	for _, c := range s.conns {
		if c.slot && (!c.wants.Load() || now.Sub(c.lastUse()) >= slotIdle) {
			return c
		}
	}
	return nil
}

// lastUse returns the time when the peer last requested a block, or got its slot. The
// caller holds mu of the swarm.
func (c *Conn) lastUse() time.Time {
	if asked := time.Unix(0, c.wanted.Load()); asked.After(c.slotSince) {
		return asked
	}
	return c.slotSince
}

// queueing reports whether a peer that is interested has no slot. mu is held.
func (s *Swarm) queueing() bool {
	for _, c := range s.conns {
		if !c.slot && c.wants.Load() && !c.sibling() {
			return true
		}
	}
	return false
}

// freed gives slots that became free: while we want something to those that snub
// us last, and owe us least, else to those that wait longest. A slot that its holder
// has no use for now is not free for one that snubs us. mu is held.
func (s *Swarm) freed(now time.Time) {
	for {
		next := s.nextInLine(now)
		if next == nil {
			return
		}
		if s.unchoked() >= s.choker.Slots {
			idle := s.idleSlot(now)
			if idle == nil || next.snubs(now) && !s.seeding() {
				return
			}
			s.setSlot(now, idle, false)
		}
		s.setSlot(now, next, true)
	}
}

// nextInLine returns the peer that gets the next free slot. The caller holds mu.
func (s *Swarm) nextInLine(now time.Time) *Conn {
	var next *Conn
	for _, c := range s.conns {
		if !c.slot && c.wants.Load() && !c.sibling() && (next == nil || s.goesBefore(now, c, next)) {
			next = c
		}
	}
	return next
}

// goesBefore reports whether a has more of a right to a slot than b. mu is held.
func (s *Swarm) goesBefore(now time.Time, a, b *Conn) bool {
	if !s.seeding() {
		if as, bs := a.snubs(now), b.snubs(now); as != bs {
			return bs
		}
		if ad, bd := a.debt(), b.debt(); ad != bd {
			return ad < bd
		}
	}
	return a.slotSince.Before(b.slotSince)
}
