package peer

import (
	"bytes"
	"net/netip"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
)

// run takes a connection that is through its handshake into the swarm, serves
// it to its end, and takes it out. e is its entry in the book, nil when the peer
// came to us.
func (s *Swarm) run(c *Conn, e *book.Entry) error {
	info, have, err := s.admit(c, e)
	if err != nil {
		s.host.tally(err, !c.outgoing)
		return err
	}
	defer s.wg.Done()
	if !s.host.sit(c.seat, s.stake, func() { c.Close(errPushed) }) {
		c.Close(errPushed)
	}
	err = c.run(info, have)
	if flooded(err) {
		s.host.strike(c.addr, c.hello.PeerID)
	}
	s.host.tally(err, false)
	s.dismiss(c)
	return err
}

// admit adds c to the connections, if it may be, and returns what the first
// flight is made of.
func (s *Swarm) admit(c *Conn, e *book.Entry) (*metainfo.Info, metainfo.Bitfield, error) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.admissible(c, e); err != nil {
		s.displace(c)
		if e != nil && e.State != book.Connected {
			s.dialFailed(now, e, err)
		}
		return nil, nil, err
	}
	s.place(c)
	s.mayBeSibling(c)
	c.spare = s.onlyUploads
	c.joined, c.slotSince, c.gave = now, now, now
	c.first.wanted = s.wanted
	c.first.grants = s.choker.Slots > 0
	if s.unchoked() < s.choker.Slots || s.reclaim(now) {
		c.slot = true
		c.first.unchoke = true
		c.choking = false
	}
	if e != nil {
		e.State = book.Connected
		c.entries = append(c.entries, e)
	}
	s.wg.Add(1)
	s.conns = append(s.conns, c)
	if c.kin == nil && s.superJoin(now, c) {
		return s.info, metainfo.NewBitfield(s.info.NumPieces()), nil
	}
	c.onlyUploads, c.first.onlyUploads = s.onlyUploads, s.onlyUploads
	return s.info, s.have.Clone(), nil
}

// admissible reports what speaks against a connection. mu is held.
func (s *Swarm) admissible(c *Conn, e *book.Entry) error {
	switch {
	case s.closed:
		return ErrClosed
	case c.hello.PeerID == s.host.cfg.PeerID:
		return errSelf
	case s.host.banned(c.addr, c.hello.PeerID):
		return errBanned
	}
	if other := s.double(c); other != nil {
		return s.settleDouble(other, c, e)
	}
	if s.shared() && s.host.fleet.view().member(c.hello.PeerID, c.addr.Addr()) != nil {
		return nil
	}
	limit := s.host.cfg.MaxSwarmConns
	if len(s.conns) >= limit || !c.outgoing && s.incoming() >= limit-limit/dialShare || !c.placed && s.places.Full(c.addr.Addr()) {
		return errFull
	}
	return nil
}

// place has c take a place of its network, displace gives it back; both once. mu
// is held.
func (s *Swarm) place(c *Conn) {
	if !c.placed {
		c.placed = true
		s.places.Take(c.addr.Addr())
	}
}

func (s *Swarm) displace(c *Conn) {
	if c.placed {
		c.placed = false
		s.places.Leave(c.addr.Addr())
	}
}

// incoming counts the peers that connected to us. mu is held.
func (s *Swarm) incoming() (n int) {
	for _, c := range s.conns {
		if !c.outgoing {
			n++
		}
	}
	return n
}

// double returns another connection with the peer of c. mu is held.
func (s *Swarm) double(c *Conn) *Conn {
	for _, x := range s.conns {
		if x.hello.PeerID == c.hello.PeerID && book.AddressKey(x.addr.Addr()) == book.AddressKey(c.addr.Addr()) {
			return x
		}
	}
	return nil
}

// settleDouble decides between two connections with one peer: it returns an
// error, or closes the old one. Of two that crossed, both sides keep the one
// that the smaller peer id began. The address that led to the one that goes
// belongs to the one that stays.
func (s *Swarm) settleDouble(old, c *Conn, e *book.Entry) error {
	ours := s.host.cfg.PeerID
	keepOutgoing := bytes.Compare(ours[:], c.hello.PeerID[:]) < 0
	if old.outgoing == c.outgoing || old.outgoing == keepOutgoing {
		if e != nil {
			e.State = book.Connected
			old.entries = append(old.entries, e)
		}
		return errDuplicate
	}
	c.entries, old.entries = old.entries, nil
	s.displace(old)
	s.superLeave(old)
	s.conns = slices.DeleteFunc(s.conns, func(x *Conn) bool { return x == old })
	old.Close(errDuplicate)
	return nil
}

// dismiss takes a connection out that has ended.
func (s *Swarm) dismiss(c *Conn) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.displace(c)
	s.madeWay(&c.makesWay)
	s.conns = slices.DeleteFunc(s.conns, func(x *Conn) bool { return x == c })
	useful := !flooded(c.cause()) && (c.cause() == errSated || c.downloaded.Load() > 0 || c.uploaded.Load() > 0 || c.exchanged.Load() || now.Sub(c.joined) >= usefulAfter)
	for _, e := range c.entries {
		if c.uploadOnly() {
			e.Sated = now
		}
		if useful {
			s.book.Ended(now, e)
		} else {
			s.book.Failed(now, e)
		}
		if c.spare && !flooded(c.cause()) {
			e.Spare = true
		}
	}
	if !s.onlyUploads {
		s.book.Recall(now)
	}
	if c.downloaded.Load() > 0 && (s.info == nil || !s.info.Private) {
		s.host.remembered.Add(s.hashes[0].Wire(), c.entries)
	}
	c.heard(now)
	s.superLeave(c)
	s.metadata.Leave(c)
	s.carry(s.metadata.Tick(now))
	s.freed(now)
	if !s.closed {
		s.dialMore(now)
	}
	s.wake()
}

// listens notes the port on which a peer that came to us accepts connections.
func (s *Swarm) listens(c *Conn, port uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.book.Add(time.Now(), book.SourceIncoming, netip.AddrPortFrom(c.addr.Addr(), port))
	if e != nil && e.State == book.Idle {
		e.State = book.Connected
		c.entries = append(c.entries, e)
	}
}

// ban keeps the peer of c out of all torrents for a while, and ends what other
// connections it has. mu is held.
func (s *Swarm) ban(c *Conn) {
	s.host.ban(c.addr, c.hello.PeerID)
	s.bannedN++
	for _, e := range c.entries {
		e.State = book.Never
	}
	for _, x := range s.conns {
		if x != c && s.host.banned(x.addr, x.hello.PeerID) {
			x.Close(errBanned)
		}
	}
	s.leadAnew(time.Now())
}

// replace closes a connection of no use where addresses are left to try and a
// reader waits. mu is held.
func (s *Swarm) replace(now time.Time) {
	if !s.wanted || len(s.conns) < s.host.cfg.MaxSwarmConns || s.book.Pick(now, s.places, s.turns()) == nil {
		return
	}
	var worst *Conn
	for _, c := range s.conns {
		if now.Sub(c.joined) < replaceAfter || c.sibling() || c.rate.Down(choke.RateRounds) > 0 || c.rate.Up(choke.RateRounds) > 0 {
			continue
		}
		if worst == nil || c.downloaded.Load() < worst.downloaded.Load() {
			worst = c
		}
	}
	if worst != nil {
		worst.Close(errWorst)
	}
}
