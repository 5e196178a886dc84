package gateway

import (
	"container/list"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// conns bounds the connections of clients, in all and for each client: every one
// takes a descriptor, whether a request ever comes on it or not. Where there are too
// many, the oldest one on which no request is being answered gives way: of the
// client that opens another, or of the client that has most.
//
// Programs on this machine and trusted proxies speak for many. They have no bound of
// their own, and give way to nobody.
type conns struct {
	max, maxClient int
	exempt         func(ip netip.Addr) bool
	floods         func(client netip.Prefix) bool // it gets no connection; nil: nobody does
	answer         func() []byte                  // to those that are refused; nil: they are closed

	work    sync.WaitGroup // those answers
	telling atomic.Int32   // of them, that are under way

	mu      sync.Mutex
	total   int                         // guarded by mu
	clients map[netip.Prefix]*list.List // guarded by mu: of *seat, the oldest first; none is empty
	closed  atomic.Int64                // connections that gave way
}

func newConns(maxTotal, maxClient int, exempt func(netip.Addr) bool) *conns {
	return &conns{max: maxTotal, maxClient: maxClient, exempt: exempt, clients: make(map[netip.Prefix]*list.List)}
}

// A seat is the place of one connection. Nil is that of one that is not counted.
type seat struct {
	of     *conns
	conn   net.Conn
	client netip.Prefix
	at     *list.Element // guarded by of.mu; nil: it is counted in all alone
	free   bool          // guarded by of.mu
	busy   atomic.Int32  // requests that are being answered
}

// admit gives a connection a seat. Where there is none, and no other connection gives
// way, it refuses this one and returns nil.
func (c *conns) admit(conn net.Conn) *seat {
	ip := addrOf(conn.RemoteAddr().String())
	s := &seat{of: c, conn: conn, client: clientPrefix(ip)}
	exempt := c.exempt(ip)
	if !exempt && c.floods != nil && c.floods(s.client) {
		c.closed.Add(1)
		_ = conn.Close()
		return nil
	}
	c.mu.Lock()
	victim, ok := c.makeRoom(s.client, exempt)
	if ok {
		c.add(s, exempt)
	}
	c.mu.Unlock()
	if !ok {
		c.refuse(conn)
		return nil
	}
	if victim != nil {
		c.closed.Add(1)
		_ = victim.Close()
	}
	return s
}

// leave frees the seat of a connection that is closed.
func (s *seat) leave() {
	if s == nil {
		return
	}
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.of.remove(s)
}

// makeRoom takes a seat from a connection, which is to be closed, if another one of a
// client needs it. It reports false if none can be had. mu is held.
func (c *conns) makeRoom(client netip.Prefix, exempt bool) (victim net.Conn, ok bool) {
	switch has := c.count(client); {
	case !exempt && has >= c.maxClient:
	case c.total < c.max:
		return nil, true
	default:
		most, n := c.busiest()
		if exempt || n > has {
			client = most
		}
	}
	idle := c.idle(client)
	if idle == nil {
		return nil, false
	}
	c.remove(idle)
	return idle.conn, true
}

// refuse ends a connection that has no seat: with an answer, where HTTP is spoken without
// TLS and not too many are being told. What it has sent is read, or the answer would be lost
// with it.
func (c *conns) refuse(conn net.Conn) {
	c.closed.Add(1)
	if c.answer == nil || c.telling.Add(1) > refusalsAtOnce {
		if c.answer != nil {
			c.telling.Add(-1)
		}
		_ = conn.Close()
		return
	}
	c.work.Go(func() {
		defer c.telling.Add(-1)
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(refusalTime))
		if _, err := conn.Write(c.answer()); err != nil {
			return
		}
		if half, ok := conn.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
		_, _ = io.CopyN(io.Discard, conn, maxHeaderBytes)
	})
}

// crowded makes the whole answer to a connection for which there is no seat.
func crowded(common headerSet) func() []byte {
	return func() []byte {
		p := &problem{status: http.StatusServiceUnavailable, slug: "busy", title: "Too busy",
			detail: "There are as many connections as this server allows, and on all of them requests are being answered."}
		body := p.body()
		answer := newHeaderSet("Connection", "close", "Content-Length", strconv.Itoa(len(body)),
			"Content-Type", "application/problem+json", "Date", time.Now().UTC().Format(http.TimeFormat), "Retry-After", strconv.Itoa(retryBusy))
		out := append([]byte("HTTP/1.1 503 Service Unavailable\r\n"), lines(common, answer)...)
		return append(append(out, "\r\n"...), body...)
	}
}

// count is how many connections a client has. mu is held.
func (c *conns) count(client netip.Prefix) int {
	if l := c.clients[client]; l != nil {
		return l.Len()
	}
	return 0
}

// busiest is the client that has most, of those with one on which nothing is being
// answered, and how many. mu is held.
func (c *conns) busiest() (client netip.Prefix, n int) {
	for p, l := range c.clients {
		if l.Len() > n && c.idle(p) != nil {
			client, n = p, l.Len()
		}
	}
	return client, n
}

// idle is the oldest seat of a client on which nothing is being answered; nil if
// there is none. mu is held.
func (c *conns) idle(client netip.Prefix) *seat {
	l := c.clients[client]
	if l == nil {
		return nil
	}
	for e := l.Front(); e != nil; e = e.Next() {
		if s := e.Value.(*seat); s.busy.Load() == 0 {
			return s
		}
	}
	return nil
}

// add takes a seat. mu is held.
func (c *conns) add(s *seat, exempt bool) {
	c.total++
	if exempt {
		return
	}
	l := c.clients[s.client]
	if l == nil {
		l = list.New()
		c.clients[s.client] = l
	}
	s.at = l.PushBack(s)
}

// remove frees a seat, once. mu is held.
func (c *conns) remove(s *seat) {
	if s.free {
		return
	}
	s.free = true
	c.total--
	if s.at == nil {
		return
	}
	l := c.clients[s.client]
	if l.Remove(s.at); l.Len() == 0 {
		delete(c.clients, s.client)
	}
}

// seatKey is where the context of a request has the seat of its connection.
type seatKey struct{}

// withSeat is part of an http.Server's ConnContext.
func withSeat(ctx context.Context, conn net.Conn) context.Context {
	if c, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = c.NetConn()
	}
	if c, ok := conn.(*joinedConn); ok && c.seat != nil {
		return context.WithValue(ctx, seatKey{}, c.seat)
	}
	return ctx
}

// seatOf is the seat of the connection of a request.
func seatOf(r *http.Request) *seat {
	s, _ := r.Context().Value(seatKey{}).(*seat)
	return s
}

// begin is that a request is being answered, until end is called.
func (s *seat) begin() {
	if s != nil {
		s.busy.Add(1)
	}
}

func (s *seat) end() {
	if s != nil {
		s.busy.Add(-1)
	}
}
