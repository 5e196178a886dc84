package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/wire"
)

// dialMore starts as many attempts as there is room for: wide where a reader waits, else a few
// where leechers are called. mu is held.
func (s *Swarm) dialMore(now time.Time) {
	switch {
	case s.closed || s.sheltered.Load():
	case s.wanted:
		s.dialWide(now)
	default:
		s.callMore(now)
	}
}

// dialWide dials for a reader that waits. mu is held.
func (s *Swarm) dialWide(now time.Time) {
	turns := s.turns()
	for {
		full := len(s.attempts) >= maxDials || len(s.conns)+len(s.attempts) >= s.host.cfg.MaxSwarmConns
		if full && turns == nil {
			return
		}
		e := s.book.Pick(now, s.places, turns)
		if e == nil {
			return
		}
		if full {
			s.makeWay(now, e, turns)
			return
		}
		if wait := s.host.mayTurnTo(e.Addr.Addr()); wait > 0 {
			e.Next = now.Add(wait)
			continue
		}
		if !s.begin(now, e) {
			s.crowded = true
			return
		}
		turns.Take(e)
	}
}

// begin starts an attempt, if the host has a seat for it. mu is held.
func (s *Swarm) begin(now time.Time, e *book.Entry) bool {
	ctx, cancel := context.WithCancelCause(s.ctx)
	seat := s.host.dialSeat(now, s.stake, func() { cancel(errPushed) })
	if seat == nil {
		cancel(nil)
		return false
	}
	timeout, n := s.book.Dial(now, e)
	hash := s.hashes[n%len(s.hashes)].Wire()
	s.attempts[e] = &attempt{cancel: cancel}
	s.places.Take(e.Addr.Addr())
	s.wg.Go(func() {
		defer cancel(nil)
		s.dial(ctx, e, seat, timeout, hash)
	})
	return true
}

// giveUp ends the attempts that are under way: nobody waits any more. mu is held.
func (s *Swarm) giveUp() {
	for _, a := range s.attempts {
		a.cancel(errUnwanted)
	}
}

// dial tries one address and runs the connection that comes of it to its end.
func (s *Swarm) dial(ctx context.Context, e *book.Entry, seat *seat, timeout time.Duration, hash [20]byte) {
	defer s.host.leave(seat)
	c, err := s.connect(ctx, e, timeout, hash)
	if c != nil {
		c.seat = seat
		defer s.host.leaveAddr(c.addr)
		defer s.sockets.remove(socket(c.nc))
		defer c.nc.Close()
	}
	s.mu.Lock()
	s.madeWay(&s.attempts[e].makesWay)
	delete(s.attempts, e)
	if c != nil {
		s.place(c)
	}
	s.places.Leave(e.Addr.Addr())
	if err != nil {
		s.dialFailed(time.Now(), e, err)
	}
	s.mu.Unlock()
	if err != nil {
		s.log.Debug("peer not reached", "peer", e.Target(), "err", err)
		return
	}
	if err := s.run(c, e); err != nil {
		s.log.Debug("peer gone", "peer", c.addr, "client", c.Client(), "err", err)
	}
}

// dialFailed settles an attempt that came to nothing. mu is held.
func (s *Swarm) dialFailed(now time.Time, e *book.Entry, err error) {
	var forbidden *netguard.ForbiddenError
	switch {
	case errors.As(err, &forbidden), errors.Is(err, errBanned), errors.Is(err, errSelf):
		e.State = book.Never
	}
	switch {
	case errors.Is(err, errFull), errors.Is(err, errUnwanted), errors.Is(err, errPushed) && now.Sub(e.Begun) < silentFailed:
		s.book.Postpone(now, e)
	case s.closed:
	default:
		s.dialError = fmt.Sprintf("%s: %v", e.Target(), err)
		s.book.Failed(now, e)
	}
	s.dialMore(now)
	s.wake()
}

// connect dials and shakes hands, once more the other way where the peer may want
// that.
func (s *Swarm) connect(ctx context.Context, e *book.Entry, timeout time.Duration, hash [20]byte) (*Conn, error) {
	policy := s.host.cfg.Encryption
	if e.Manner == book.UnknownManner {
		e.Manner = s.host.manners.Of(e.Addr)
	}
	encrypted := policy.encrypts(e.Manner)
	c, err := s.attempt(ctx, e, timeout, hash, encrypted)
	if policy.retries(e.Manner, err) {
		encrypted = !encrypted
		silent := errors.Is(err, errSilent)
		if err = s.host.turnTo(ctx, e.Addr.Addr()); err == nil {
			c, err = s.attempt(ctx, e, timeout, hash, encrypted)
		}
		e.Slow = silent && err != nil
	} else if errors.Is(err, errHungUp) || errors.Is(err, errSilent) {
		e.Manner = book.UnknownManner // it may have begun to require encryption
	}
	if err == nil {
		e.Manner = book.MannerOf(encrypted)
		s.host.manners.Learn(e.Addr, e.Manner)
	} else if why := context.Cause(ctx); why != nil && s.ctx.Err() == nil {
		err = why // it gave way
	}
	return c, err
}

// attempt dials and shakes hands one way. The first flight is the handshake
// alone: aria2 closes when there is more.
func (s *Swarm) attempt(ctx context.Context, e *book.Entry, timeout time.Duration, hash [20]byte, encrypted bool) (_ *Conn, err error) {
	if e.Name == "" {
		if err := s.host.mayDial(e.Addr); err != nil {
			return nil, err
		}
	}
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	begun := time.Now()
	nc, err := s.connectTo(within, e, hash)
	if err != nil {
		return nil, fmt.Errorf("peer: connect: %w", err)
	}
	rtt := time.Since(begun)
	if e.Name != "" {
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
	begun = time.Now()
	stop := context.AfterFunc(ctx, func() { nc.Close() })
	secure, hello, err := s.greet(nc, hash, encrypted, s.host.cfg.Encryption.patience(e, encrypted))
	stop()
	if err != nil {
		s.host.leaveAddr(addr)
		return nil, err
	}
	if !encrypted {
		// Where a proxy or a tunnel answers for the peer, connecting says nothing.
		rtt = max(rtt, min(time.Since(begun), maxGreetingRTT))
	}
	c := newConn(s, secure, addr, hello, rtt)
	c.outgoing = true
	return c, nil
}

// greet sends our handshake and reads the peer's, for which it has so long. What follows
// goes over the connection returned.
func (s *Swarm) greet(nc net.Conn, hash [20]byte, encrypted bool, patience time.Duration) (_ net.Conn, hello wire.Handshake, err error) {
	deadline := time.Now().Add(patience)
	if err := nc.SetDeadline(deadline); err != nil {
		return nil, hello, fmt.Errorf("peer: handshake: %w", err)
	}
	ours := wire.AppendHandshake(make([]byte, 0, wire.HandshakeLen), s.handshake(hash))
	if encrypted {
		nc, err = s.host.encrypt(nc, hash, ours)
	} else if _, err = nc.Write(ours); err != nil {
		err = fmt.Errorf("peer: handshake: %w", hungUp(err))
	}
	if err != nil {
		return nil, hello, err
	}
	b := make([]byte, wire.HandshakeLen)
	n, hello, err := readHandshake(nc, b, deadline)
	switch {
	case err != nil && !encrypted && mayBeKey(b[:n]):
		return nil, hello, fmt.Errorf("%w: %w", errHungUp, err)
	case err != nil:
		return nil, hello, hungUp(err)
	}
	if s.host.swarm(hello.InfoHash) != s {
		return nil, hello, errHash
	}
	return nc, hello, nil
}
