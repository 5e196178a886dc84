package peer

import (
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/wire"
)

// gossip tells each peer that takes part in peer exchange (BEP 11) of the peers that we
// connected to or lost since its last message. The first message goes out as soon as
// there is something to tell, the next ones once a minute. The caller holds mu.
func (s *Swarm) gossip(now time.Time) {
	for _, c := range s.conns {
		s.gossipTo(now, c)
	}
}

// gossipTo is gossip to one peer. mu is held.
func (s *Swarm) gossipTo(now time.Time, c *Conn) {
	e := c.ext.Load()
	if e == nil || e.PEX == 0 || s.secret() || now.Before(c.pex.next) {
		return
	}
	m := c.pex.news(s.reachable(c))
	if len(m.Added)+len(m.Dropped) == 0 {
		return
	}
	c.pex.next = now.Add(pexPeriod)
	c.wmu.Lock()
	c.out = wire.AppendPEX(c.out, e.PEX, &m)
	c.queued()
}

// secret reports whether peers are not to be exchanged: the torrent is private
// (BEP 27). mu is held.
func (s *Swarm) secret() bool { return s.info != nil && s.info.Private }

// reachable returns what c may be told of: the addresses at which our other peers
// take connections. Addresses of a local network are for that network alone. mu
// is held.
func (s *Swarm) reachable(c *Conn) map[netip.AddrPort]wire.PEXFlags {
	all := make(map[netip.AddrPort]wire.PEXFlags, len(s.conns))
	for _, x := range s.conns {
		addr, flags, ok := x.listensAt()
		if x != c && ok && (!book.Local(addr.Addr()) || book.Local(c.addr.Addr())) {
			all[addr] = flags
		}
	}
	return all
}

// listensAt returns the address where the peer takes connections, if that is known. The
// caller holds mu.
func (c *Conn) listensAt() (addr netip.AddrPort, flags wire.PEXFlags, ok bool) {
	if c.uploadOnly() {
		flags |= wire.PEXUploadOnly
	}
	if c.nc != socket(c.nc) {
		flags |= wire.PEXEncryption
	}
	if c.kin != nil {
		return addr, flags, false // a fleet keeps its addresses to itself
	}
	if c.outgoing {
		return c.addr, flags | wire.PEXReachable, true
	}
	if e := c.ext.Load(); e != nil && e.Port != 0 {
		return netip.AddrPortFrom(c.addr.Addr(), e.Port), flags, true
	}
	return addr, flags, false
}

// A pexState is what one peer was told, and how much it told.
type pexState struct {
	told map[netip.AddrPort]bool // at most as many as there were connections
	next time.Time               // not to be told before

	since  time.Time // begin of the period in which it named
	budget int       // so many addresses less
}

// news is what has changed since the peer was told, as much of it as one message
// holds; it counts as told.
func (p *pexState) news(all map[netip.AddrPort]wire.PEXFlags) (m wire.PEX) {
	if p.told == nil {
		p.told = make(map[netip.AddrPort]bool)
	}
	for a := range p.told {
		if _, ok := all[a]; !ok && len(m.Dropped) < wire.MaxPEX {
			m.Dropped = append(m.Dropped, a)
			delete(p.told, a)
		}
	}
	for a, flags := range all {
		if !p.told[a] && len(m.Added) < wire.MaxPEX {
			m.Added = append(m.Added, wire.PEXPeer{Addr: a, Flags: flags})
			p.told[a] = true
		}
	}
	return m
}

// take returns as many of what the peer named as it may name in a period.
func (p *pexState) take(now time.Time, added []wire.PEXPeer) []wire.PEXPeer {
	if now.Sub(p.since) >= pexPeriod-pexSlack {
		p.since, p.budget = now, wire.MaxPEX
	}
	added = added[:min(len(added), p.budget)]
	p.budget -= len(added)
	return added
}

// receivePEX makes the addresses known that the peer names. Those that it dropped
// are not forgotten: it speaks for its own connections alone.
func (c *Conn) receivePEX(body []byte) error {
	m, err := wire.ParsePEX(body)
	if err != nil {
		return c.unread(body, err)
	}
	s, now := c.swarm, time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secret() {
		return nil
	}
	for _, p := range c.pex.take(now, m.Added) {
		s.book.Add(now, book.SourcePEX, p.Addr)
	}
	s.dialMore(now)
	s.wake()
	return nil
}

// joinsPEX notes that the peer described itself: it hears of the others at once.
func (s *Swarm) joinsPEX(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gossipTo(time.Now(), c)
}
