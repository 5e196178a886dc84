package peer

import (
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/book"
)

// dialSeat gives a torrent one of the process's connections to dial with, or nil;
// another's may be taken for it. evict ends the attempt when its turn comes.
func (h *Host) dialSeat(now time.Time, st *stake, evict func()) *seat {
	h.mu.Lock()
	var s, pushed *seat
	if !h.closed {
		s, pushed = h.seats.dial(st, now)
	}
	return h.seated(s, pushed, evict)
}

// acceptSeat gives an accepted connection one of them, or nil.
func (h *Host) acceptSeat(now time.Time, evict func()) *seat {
	h.mu.Lock()
	var s, pushed *seat
	if !h.closed {
		s, pushed = h.seats.accept(now)
	}
	return h.seated(s, pushed, evict)
}

// seated ends who was pushed out. mu is held, and is released.
func (h *Host) seated(s, pushed *seat, evict func()) *seat {
	if s != nil {
		s.evict = evict
	}
	h.mu.Unlock()
	if pushed != nil {
		pushed.evict()
	}
	return s
}

// sit notes that the seat's connection is one of a torrent; evict ends it. It returns
// false where the connection was pushed out already.
func (h *Host) sit(s *seat, st *stake, evict func()) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.stake, s.evict = st, evict
	return !s.gone
}

// exempt takes a seat out of those that are shared out: it is a sibling's.
func (h *Host) exempt(s *seat) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !s.gone && !s.exempt {
		h.seats.leave(s)
		s.gone, s.exempt = false, true
	}
}

// serves notes that content went over the seat's connection; received is set if we
// received it.
func (h *Host) serves(s *seat, received bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seats.use(s, received)
}

// waits says that a client waits for a torrent from now on, or no longer.
func (h *Host) waits(st *stake, client netip.Prefix, waits bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if waits {
		st.clients[client] = true
	} else {
		delete(st.clients, client)
	}
}

// leave gives a seat back, and reports whether it was pushed out before.
func (h *Host) leave(s *seat) (pushed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	pushed = s.gone
	h.seats.leave(s)
	return pushed
}

// enterAddr takes one of the connections that an address, and its network, may
// have; leaveAddr gives it back.
func (h *Host) enterAddr(addr netip.AddrPort) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.enterable(addr); err != nil {
		return err
	}
	h.perAddress[book.AddressKey(addr.Addr())]++
	h.places.Take(addr.Addr())
	return nil
}

// mayDial returns the reason not to dial an address, or nil.
func (h *Host) mayDial(addr netip.AddrPort) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.enterable(addr)
}

// enterable returns the reason not to have a connection with an address, or nil. mu is held.
func (h *Host) enterable(addr netip.AddrPort) error {
	a := book.AddressKey(addr.Addr())
	switch {
	case h.blocklist.Load().Has(addr.Addr()):
		return errBlocked
	case h.bans.Has(time.Now(), addr, [20]byte{}):
		return errBanned
	case h.perAddress[a] >= h.cfg.MaxPerAddress && !a.IsLoopback(), h.places.Full(addr.Addr()):
		if h.fleet.view().near(addr.Addr()) && h.perAddress[a] < h.cfg.MaxPerAddress+siblingConns {
			return nil
		}
		return errFull
	}
	return nil
}

func (h *Host) leaveAddr(addr netip.AddrPort) {
	a := book.AddressKey(addr.Addr())
	h.mu.Lock()
	defer h.mu.Unlock()
	h.places.Leave(addr.Addr())
	if h.perAddress[a]--; h.perAddress[a] == 0 {
		delete(h.perAddress, a)
	}
}

func (h *Host) banned(addr netip.AddrPort, id [20]byte) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bans.Has(time.Now(), addr, id)
}

func (h *Host) ban(addr netip.AddrPort, id [20]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bans.Add(time.Now(), addr, id)
	select {
	case h.newBan <- struct{}{}:
	default:
	}
}

// content notes that content was received or sent over the connection. The first of each
// makes the connection worth more than a silent one.
func (c *Conn) content(received bool) {
	first := &c.sent
	if received {
		first = &c.had
	}
	if !first.Load() {
		first.Store(true)
		c.swarm.host.serves(c.seat, received)
		if received && c.swarm.kin != nil {
			c.swarm.wake() // we are warm
		}
	}
}

// proved reports whether a torrent gave content.
func (h *Host) proved(st *stake) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return st.proved
}
