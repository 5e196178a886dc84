package peer

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/wire"
)

// accept takes connections in until the listener closes.
func (h *Host) accept() {
	for {
		nc, err := h.listener.Accept()
		if err != nil {
			if h.ctx.Err() != nil {
				return
			}
			h.log.Warn("accepting peers", "err", err)
			select {
			case <-h.ctx.Done():
				return
			case <-time.After(acceptPause):
			}
			continue
		}
		seat := h.acceptSeat(time.Now(), func() { nc.Close() })
		if seat == nil {
			h.tally(errFull, true)
			nc.Close()
			continue
		}
		h.wg.Go(func() {
			defer h.leave(seat)
			if err := h.welcome(nc, seat); err != nil {
				h.log.Debug("peer refused", "peer", nc.RemoteAddr(), "err", err)
			}
		})
	}
}

// welcome takes an accepted connection through its handshake and, if it is for
// one of our torrents, to its end.
func (h *Host) welcome(nc net.Conn, seat *seat) error {
	defer nc.Close()
	addr, err := remoteAddr(nc)
	if err != nil {
		return err
	}
	if err := h.enterAddr(addr); err != nil {
		h.tally(err, true)
		return err
	}
	defer h.leaveAddr(addr)
	secure, hello, err := h.await(nc)
	if err != nil {
		h.tally(err, true)
		return err
	}
	if secret := h.fleet.secretOf(hello.InfoHash); secret != nil {
		err := h.fleet.welcome(secure, secret, hello, addr, seat)
		if errors.Is(err, errProof) {
			h.strike(addr, hello.PeerID)
		}
		return err
	}
	s := h.swarm(hello.InfoHash)
	if s == nil {
		s = h.wake(hello.InfoHash)
	}
	if s == nil {
		h.tally(errHash, true)
		return errHash
	}
	return s.welcome(secure, addr, hello, seat)
}

// await reads the handshake of an accepted connection. What follows goes over the
// connection returned.
func (h *Host) await(nc net.Conn) (net.Conn, wire.Handshake, error) {
	if !h.sockets.add(nc) {
		return nil, wire.Handshake{}, ErrClosed
	}
	defer h.sockets.remove(nc)
	return h.greeted(nc, time.Now().Add(handshakeTimeout))
}

// wake makes the owner of a resting torrent begin its swarm, if it will.
func (h *Host) wake(hash [20]byte) *Swarm {
	h.mu.Lock()
	begin := h.resting
	h.mu.Unlock()
	if begin == nil {
		return nil
	}
	begin(hash)
	return h.swarm(hash)
}

// OnResting sets what is called, on the connection's goroutine, when a peer asks
// for a torrent that has no swarm: it may begin one. nil calls nothing.
func (h *Host) OnResting(begin func(hash [20]byte)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.resting = begin
}

// welcome runs a connection whose peer has sent its handshake.
func (s *Swarm) welcome(nc net.Conn, addr netip.AddrPort, hello wire.Handshake, seat *seat) error {
	if !s.sockets.add(nc) {
		return ErrClosed
	}
	defer s.sockets.remove(nc)
	c := newConn(s, nc, addr, hello, 0)
	c.seat = seat
	c.out = wire.AppendHandshake(c.out, s.handshake(hello.InfoHash))
	err := s.run(c, nil)
	if errors.Is(err, errSelf) || errors.Is(err, errDuplicate) {
		// The end that dialled learns whom it reached: ourselves, or a peer that it is
		// connected with, and not one that wants encryption.
		if err := nc.SetWriteDeadline(time.Now().Add(handshakeTimeout)); err == nil {
			_, _ = nc.Write(c.out)
		}
	}
	return err
}

// remoteAddr is the peer's address, IPv4 as such.
func remoteAddr(nc net.Conn) (netip.AddrPort, error) {
	ap, err := netip.ParseAddrPort(nc.RemoteAddr().String())
	if err != nil {
		return ap, fmt.Errorf("peer: address of a connection: %w", err)
	}
	return netip.AddrPortFrom(ap.Addr().Unmap().WithZone(""), ap.Port()), nil
}

// readHandshake reads exactly a handshake into b, which is as long, and refuses
// what is none at its first byte. n is how much was read.
func readHandshake(nc net.Conn, b []byte, deadline time.Time) (n int, h wire.Handshake, err error) {
	if err := nc.SetReadDeadline(deadline); err != nil {
		return 0, h, fmt.Errorf("peer: handshake: %w", err)
	}
	for n < len(b) {
		k, err := nc.Read(b[n:])
		n += k
		if perr := wire.CheckProtocol(b[:n]); perr != nil {
			return n, h, &ProtocolError{Err: perr}
		}
		if err != nil && n < len(b) {
			return n, h, fmt.Errorf("peer: handshake: %w", err)
		}
	}
	h, err = wire.ParseHandshake(b)
	if err != nil {
		return n, h, &ProtocolError{Err: err}
	}
	return n, h, nil
}
