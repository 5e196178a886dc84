package peer

import (
	"net/netip"
	"time"
)

// enter takes one of the process's connections; leave gives it back. Some are
// kept for dials.
func (h *Host) enter(incoming bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	limit := h.cfg.MaxConns
	if incoming {
		limit -= limit / dialShare
	}
	if h.closed || h.conns >= limit {
		return false
	}
	h.conns++
	return true
}

func (h *Host) leave() {
	h.mu.Lock()
	h.conns--
	h.mu.Unlock()
}

// enterAddr takes one of the connections that an address, and its network, may
// have; leaveAddr gives it back.
func (h *Host) enterAddr(addr netip.AddrPort) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.enterable(addr); err != nil {
		return err
	}
	h.perAddress[site(addr.Addr())]++
	h.places.take(addr.Addr())
	return nil
}

// mayDial reports what speaks against dialling an address.
func (h *Host) mayDial(addr netip.AddrPort) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.enterable(addr)
}

// enterable reports what speaks against a connection with an address. mu is held.
func (h *Host) enterable(addr netip.AddrPort) error {
	a := site(addr.Addr())
	switch {
	case h.blocklist.Load().Has(addr.Addr()):
		return errBlocked
	case h.bans.has(time.Now(), addr, [20]byte{}):
		return errBanned
	case h.perAddress[a] >= h.cfg.MaxPerAddress && !a.IsLoopback(), h.places.full(addr.Addr()):
		return errFull
	}
	return nil
}

func (h *Host) leaveAddr(addr netip.AddrPort) {
	a := site(addr.Addr())
	h.mu.Lock()
	defer h.mu.Unlock()
	h.places.leave(addr.Addr())
	if h.perAddress[a]--; h.perAddress[a] == 0 {
		delete(h.perAddress, a)
	}
}

func (h *Host) banned(addr netip.AddrPort, id [20]byte) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bans.has(time.Now(), addr, id)
}

func (h *Host) ban(addr netip.AddrPort, id [20]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bans.add(time.Now(), addr, id)
	select {
	case h.newBan <- struct{}{}:
	default:
	}
}
