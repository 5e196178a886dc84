package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/wire"
)

// dialMore starts as many attempts as there is room for. mu is held.
func (s *Swarm) dialMore(now time.Time) {
	for s.wanted && !s.closed && s.dialing < maxDials && len(s.conns)+s.dialing < s.host.cfg.MaxSwarmConns {
		e := s.book.pick(now)
		if e == nil {
			return
		}
		if !s.host.enter(false) {
			s.crowded = true
			return
		}
		timeout, attempt := s.book.dial(e)
		hash := s.hashes[attempt%len(s.hashes)].Wire()
		s.dialing++
		s.wg.Go(func() { s.dial(e, timeout, hash) })
	}
}

// dial tries one address and runs the connection that comes of it to its end.
func (s *Swarm) dial(e *entry, timeout time.Duration, hash [20]byte) {
	defer s.host.leave()
	c, err := s.connect(e, timeout, hash)
	if c != nil {
		defer s.host.leaveAddr(c.addr)
		defer s.sockets.remove(c.nc)
		defer c.nc.Close()
	}
	s.mu.Lock()
	s.dialing--
	if err != nil {
		s.dialFailed(time.Now(), e, err)
	}
	s.mu.Unlock()
	if err != nil {
		s.log.Debug("peer not reached", "peer", e.target(), "err", err)
		return
	}
	if err := s.run(c, e); err != nil {
		s.log.Debug("peer gone", "peer", c.addr, "client", c.Client(), "err", err)
	}
}

// dialFailed settles an attempt that came to nothing. mu is held.
func (s *Swarm) dialFailed(now time.Time, e *entry, err error) {
	var forbidden *netguard.ForbiddenError
	switch {
	case errors.As(err, &forbidden), errors.Is(err, errBanned), errors.Is(err, errSelf):
		e.state = never
	}
	switch {
	case errors.Is(err, errFull):
		s.book.postpone(now, e)
	case s.closed:
	default:
		s.dialError = fmt.Sprintf("%s: %v", e.target(), err)
		s.book.failed(now, e, err)
	}
	s.dialMore(now)
	s.wake()
}

// connect dials and shakes hands. The first flight is the handshake alone:
// aria2 closes when there is more.
func (s *Swarm) connect(e *entry, timeout time.Duration, hash [20]byte) (_ *Conn, err error) {
	ctx, cancel := context.WithTimeout(s.ctx, timeout)
	defer cancel()
	begun := time.Now()
	nc, err := s.host.cfg.Network.DialContext(ctx, "tcp", e.target())
	if err != nil {
		return nil, fmt.Errorf("peer: connect: %w", err)
	}
	rtt := time.Since(begun)
	if e.name != "" {
		rtt = 0 // there is a lookup in it
	}
	if !s.sockets.add(nc) {
		return nil, ErrClosed
	}
	defer func() {
		if err != nil {
			s.sockets.remove(nc)
			nc.Close()
		}
	}()
	addr, err := remoteAddr(nc)
	if err != nil {
		return nil, err
	}
	if err := s.host.enterAddr(addr); err != nil {
		return nil, err
	}
	hello, err := s.greet(nc, hash)
	if err != nil {
		s.host.leaveAddr(addr)
		return nil, err
	}
	c := newConn(s, nc, addr, hello, rtt)
	c.outgoing = true
	return c, nil
}

// greet sends our handshake and reads the peer's.
func (s *Swarm) greet(nc net.Conn, hash [20]byte) (wire.Handshake, error) {
	deadline := time.Now().Add(handshakeTimeout)
	if err := nc.SetWriteDeadline(deadline); err != nil {
		return wire.Handshake{}, fmt.Errorf("peer: handshake: %w", err)
	}
	ours := wire.AppendHandshake(make([]byte, 0, wire.HandshakeLen), wire.NewHandshake(hash, s.host.cfg.PeerID))
	if _, err := nc.Write(ours); err != nil {
		return wire.Handshake{}, fmt.Errorf("peer: handshake: %w", err)
	}
	hello, err := readHandshake(nc, deadline)
	if err != nil {
		return hello, err
	}
	if s.host.swarm(hello.InfoHash) != s {
		return hello, errHash
	}
	return hello, nil
}
