package peer

import (
	"slices"
	"time"

	"github.com/btgw/btgw/peer/sibling"
)

// Who leads in a torrent, and whether that one fetches for us.

// Sheltered reports whether nothing is to be fetched from outside, since a sibling does.
func (s *Swarm) Sheltered() bool { return s.sheltered.Load() }

// StandIn has us fetch the torrent for the fleet, for a while: the owner is late for a
// sibling.
func (s *Swarm) StandIn() {
	if s.kin == nil {
		return
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kin.choice.StandIn(now)
	s.shelter(now)
	s.wake()
}

// seeksShelter notes that the torrent is wanted from now on. mu is held.
func (s *Swarm) seeksShelter(now time.Time) {
	if s.kin == nil {
		return
	}
	s.kin.since = now
	s.shelter(now)
}

// fleetChanged has the swarm see that siblings came or went.
func (s *Swarm) fleetChanged() {
	if s.kin == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kin.asked = time.Time{}
	s.kin.untold = true
	s.shelter(time.Now())
	s.wake()
}

// leadAnew has the swarm see at once that the sibling that leads may be banned. mu is held.
func (s *Swarm) leadAnew(now time.Time) {
	if s.kin != nil {
		s.shelter(now)
		s.wake()
	}
}

// shelter finds who leads, and whether that one fetches the torrent for us. It returns when
// that has to be looked at again; zero: at no certain time. mu is held.
func (s *Swarm) shelter(now time.Time) (again time.Time) {
	k := s.kin
	v := s.host.fleet.view()
	self := v.self
	warm := s.warm()
	var order, may []sibling.Node // those that may lead are without the banned
	if s.shared() {
		ring := sibling.Order(s.key().Wire(), v.nodes)
		order = s.order(v, ring, warm)
		may = s.host.withoutBanned(v, order)
		if owns := len(ring) > 0 && ring[0] == self; k.owner.Swap(owns) != owns {
			k.untold = true
		}
	}
	on := false
	for {
		lead := k.choice.Of(now, may, self)
		if !k.ours(lead) {
			k.lead.Store(&lead)
			k.since, k.asked, k.untold = now, time.Time{}, true
			if d := k.dials[lead]; d != nil {
				d.tries, d.next = 0, now
			}
			s.wake()
		}
		if on = lead != self && s.wanted; !on {
			break
		}
		k.standsIn = lead != order[0]
		if late := s.lateAfter(now, k.standsIn); now.Before(late) {
			again = late
			break
		}
		k.choice.Late(now, lead)
		s.log.Info("what a sibling was to fetch is late", "sibling", v.byNode[lead].addr)
	}
	if at := k.choice.Again(now); !at.IsZero() && (again.IsZero() || at.Before(again)) {
		again = at
	}
	if s.sheltered.Swap(on) != on {
		k.untold, k.turned = true, true
		s.wake()
	}
	if warm = warm && !on; k.warm.Swap(warm) != warm {
		k.untold = true
		s.wake()
	}
	return again
}

// warm reports whether we fetch from outside already: somebody there has sent us content. mu is held.
func (s *Swarm) warm() bool {
	return s.info != nil && !s.sheltered.Load() && (s.seeded.Load() || slices.ContainsFunc(s.conns, func(c *Conn) bool { return !c.sibling() && c.had.Load() }))
}

// order is in which order gateways are to lead. Those that are warm go before the owner, where all know of that. mu is held.
func (s *Swarm) order(v *fleetView, ring []sibling.Node, warm bool) []sibling.Node {
	if !v.warmth {
		return ring
	}
	return sibling.WarmFirst(ring, func(n sibling.Node) bool {
		if n == v.self {
			return warm
		}
		return slices.ContainsFunc(s.conns, func(c *Conn) bool { return c.sibling() && c.kin.node == n && c.kin.warm.Load() })
	})
}

// warmed has the swarm see that a sibling is warm, or no longer.
func (s *Swarm) warmed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kin.untold = true
	s.shelter(time.Now())
	s.wake()
}

// WebSeeded says whether web seeds send what is fetched: siblings then have us fetch, as they do while peers outside send.
func (s *Swarm) WebSeeded(on bool) {
	if s.seeded.Swap(on) != on {
		s.wake()
	}
}

// lateAfter returns the time from which on what the sibling that leads was asked for is
// late. mu is held.
func (s *Swarm) lateAfter(now time.Time, standsIn bool) time.Time {
	last := s.kin.since
	if heard := time.Unix(0, s.kin.heard.Load()); heard.After(last) {
		last = heard
	}
	if s.info == nil && !standsIn {
		return last.Add(seekPatience)
	}
	var slow time.Time
	for _, c := range s.conns {
		if !c.leads() || !c.kin.pulls.Load() {
			continue
		}
		if c.owed.Load() <= 0 {
			return now.Add(siblingPatience) // nothing is waited for
		}
		if since := c.slow(); !since.IsZero() {
			slow = since.Add(slowSibling)
		}
		if owing := time.Unix(0, c.kin.owing.Load()); owing.After(last) {
			last = owing
		}
	}
	if late := last.Add(siblingPatience); slow.IsZero() || late.Before(slow) {
		return late
	}
	return slow
}

// applyShelter tells every connection who leads, and OnShelter whether we are sheltered. It
// is the loop's alone.
func (s *Swarm) applyShelter() {
	if s.kin == nil {
		return
	}
	s.mu.Lock()
	on, turned, wanted := s.sheltered.Load(), s.kin.turned, s.wanted
	if !s.kin.untold {
		s.mu.Unlock()
		return
	}
	s.kin.untold, s.kin.turned = false, false
	conns := append([]*Conn(nil), s.conns...)
	s.mu.Unlock()
	// What is begun stays where it is. So the sibling that leads is asked last.
	for _, leads := range []bool{false, true} {
		for _, c := range conns {
			if c.leads() == leads {
				c.applyShelter(on)
			}
		}
	}
	if !turned {
		return
	}
	if s.cfg.OnShelter != nil {
		s.cfg.OnShelter()
	}
	if !on && wanted {
		s.Seek()
	}
}

func (c *Conn) applyShelter(on bool) {
	if c.sibling() {
		c.tellPulls()
	}
	c.dmu.Lock()
	defer c.dmu.Unlock()
	c.withhold(on && !c.sibling())
	if c.sibling() {
		c.showSecret()
		c.takePulls()
		c.endWishes()
	}
	c.update()
}

// withhold keeps from Demand that the peer lets us download, or no longer: we are
// sheltered, and it is no sibling. dmu is held.
func (c *Conn) withhold(on bool) {
	if c.withheld == on {
		return
	}
	c.withheld = on
	if c.download == nil || !c.lets.Load() {
		return
	}
	if on {
		c.said.unchoked = true
		c.events = append(c.events, Event{Kind: Withheld})
	} else {
		c.said.unchoked = false
		c.events = append(c.events, Event{Kind: Unchoked})
	}
}
