package peer

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/sibling"
)

// Siblings are peers that proved to be gateways of our fleet. One of them leads in each
// torrent: it alone fetches from outside, what it is asked for by its siblings too. That is
// the torrent's owner, or one that is warm, or the next in order where that one is late. The others are
// sheltered: they take from siblings alone, as long as what they want comes or is on its
// way.

// A kin is what a Swarm knows of its siblings.
type kin struct {
	heard atomic.Int64                 // when the gateway that leads last sent anything, Unix nanoseconds
	lead  atomic.Pointer[sibling.Node] // the gateway that leads; set under mu
	owner atomic.Bool                  // the torrent is ours by the ring; likewise
	warm  atomic.Bool                  // as siblings are told; likewise

	// The swarm's mu guards what follows.
	standsIn bool // the gateway that leads is to: another one should, and is late or banned

	hints  sibling.Hints // the gateway that leads gets them
	choice sibling.Lead
	since  time.Time // when the torrent was last wanted anew, or another one began to lead
	asked  time.Time // when the gateway that leads was last asked for the torrent
	dials  map[sibling.Node]*kinDial
	turned bool // we are sheltered, or no longer: OnShelter is to be told
	untold bool // the connections are to be told that, or which gateway leads
}

// ours reports whether we lead.
func (k *kin) ours(self sibling.Node) bool { return *k.lead.Load() == self }

// A kinDial is what is known of dialling a sibling.
type kinDial struct {
	busy  bool
	tries int
	next  time.Time
}

// Mention makes hints known that go to the sibling which leads.
func (s *Swarm) Mention(h sibling.Hints) {
	if s.kin == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kin.hints.Add(h) {
		s.kin.asked = time.Time{}
		s.wake()
	}
}

// newKin is that of a torrent; nil where there are no siblings.
func (s *Swarm) newKin() *kin {
	if s.host.fleet == nil {
		return nil
	}
	k := &kin{dials: make(map[sibling.Node]*kinDial)}
	k.lead.Store(&s.host.fleet.cfg.Node)
	for _, tier := range s.cfg.Trackers {
		k.hints.Add(sibling.Hints{Trackers: tier})
	}
	return k
}

// key is the infohash by which the torrent's owner is found, and the torrent with it. A
// hybrid has one key once its metadata is known, whichever infohash it was asked for by. mu
// is held.
func (s *Swarm) key() metainfo.InfoHash {
	if s.info != nil {
		return s.info.ID()
	}
	return s.cfg.Hashes[0]
}

// familyTime dials siblings, asks the gateway that leads for the torrent, and finds whether we are
// sheltered. It returns when to look again; false if only an event changes anything. mu is
// held.
func (s *Swarm) familyTime(now time.Time) (next time.Time, ok bool) {
	if s.kin == nil || s.closed {
		return next, false
	}
	soon := func(at time.Time) {
		if !ok || at.Before(next) {
			next, ok = at, true
		}
	}
	for _, c := range s.conns {
		if c.kin != nil && !c.kin.proved.Load() {
			if due := c.joined.Add(handshakeTimeout); now.Before(due) {
				soon(due)
			} else {
				c.Close(errProof)
			}
		}
	}
	if at, more := s.dialSiblings(now); more {
		soon(at)
	}
	if at := s.shelter(now); !at.IsZero() {
		soon(at)
	}
	return next, ok
}

// shared reports whether siblings have a part in the torrent: not in a private one (BEP 27).
// mu is held.
func (s *Swarm) shared() bool { return s.kin != nil && (s.info == nil || !s.info.Private) }

// dialSiblings dials those with the most right to the torrent. The owner dials each one once: where many have
// joined, the one that is warm may be anywhere in the order. mu is held.
func (s *Swarm) dialSiblings(now time.Time) (next time.Time, ok bool) {
	k, v := s.kin, s.host.fleet.view()
	if !s.shared() || !s.wanted || len(v.members) == 0 {
		return next, false
	}
	there := make(map[[20]byte]*Conn)
	for _, c := range s.conns {
		if c.kin != nil {
			there[c.hello.PeerID] = c
		}
	}
	order := sibling.Order(s.key().Wire(), v.nodes)
	for i, n := range order {
		m := v.byNode[n]
		if n == v.self || m == nil {
			continue
		}
		leads := k.ours(n)
		if leads {
			s.ask(now, m, there[m.peerID], k.standsIn)
		}
		d := k.dials[n]
		if there[m.peerID] != nil || i >= siblingDials && !leads && (order[0] != v.self || d != nil) {
			continue
		}
		if d == nil {
			d = new(kinDial)
			k.dials[n] = d
		}
		switch {
		case d.busy || !m.addr.IsValid() || m.addr.Port() == 0:
			continue
		case !now.Before(d.next):
			d.busy = true
			s.wg.Go(func() { s.dialSibling(m, d, leads) })
			continue
		}
		if !ok || d.next.Before(next) {
			next, ok = d.next, true
		}
	}
	return next, ok
}

// ask asks the gateway that leads to find the torrent, and to stand in where another one should lead, from
// time to time until it does. c is the connection with it, if there is one. mu is held.
func (s *Swarm) ask(now time.Time, m *fleetMember, c *Conn, standIn bool) {
	k := s.kin
	does := c != nil && s.info != nil && (!standIn || c.kin.pulls.Load())
	if does || now.Sub(k.asked) < seekEvery {
		return
	}
	k.asked = now
	seek := sibling.Seek{InfoHash: s.key(), Hints: k.hints, StandIn: standIn}
	m.link.send(seek.Append(nil))
}

// dialSibling dials one and serves the connection to its end.
func (s *Swarm) dialSibling(m *fleetMember, d *kinDial, leads bool) {
	began := time.Now()
	err := s.reachSibling(m)
	now := time.Now()
	if s.ctx.Err() == nil {
		s.log.Debug("a sibling does not have the torrent, or is gone", "peer", m.addr, "err", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.busy = false; now.Sub(began) > handshakeTimeout {
		d.tries = 0
	}
	wait := siblingRetry
	if leads {
		wait = ownerRetry
	}
	d.next = now.Add(wait << min(d.tries, 3))
	d.tries++
	s.wake()
}

func (s *Swarm) reachSibling(m *fleetMember) error {
	h := s.host
	if err := h.mayDial(m.addr); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.ctx, handshakeTimeout)
	begun := time.Now()
	nc, err := h.fleet.cfg.Network.DialContext(ctx, "tcp", m.addr.String())
	cancel()
	if err != nil {
		return fmt.Errorf("peer: connect to a sibling: %w", err)
	}
	rtt := time.Since(begun)
	if !s.sockets.add(nc) {
		return ErrClosed
	}
	defer s.sockets.remove(nc)
	defer nc.Close()
	if err := h.enterAddr(m.addr); err != nil {
		return err
	}
	defer h.leaveAddr(m.addr)
	s.mu.Lock()
	key := s.key().Wire()
	s.mu.Unlock()
	secure, hello, err := s.greet(nc, key, h.cfg.Encryption == EncryptionRequire, handshakeTimeout)
	if err != nil {
		return err
	}
	if hello.PeerID != m.peerID {
		return errProof
	}
	c := newConn(s, secure, m.addr, hello, rtt)
	c.outgoing = true
	c.seat = &seat{exempt: true}
	return s.run(c, nil)
}
