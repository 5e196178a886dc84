package limit

import (
	"container/list"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Conns bounds the connections of clients, in all and for each client: every one
// takes a descriptor, whether a request ever comes on it or not. Where there are too
// many, the oldest one on which no request is being answered gives way: of the
// client that opens another, or of the client that has most.
//
// Programs on this machine and trusted proxies speak for many. They have no bound of
// their own, and give way to nobody.
type Conns struct {
	max, maxClient int
	exempt         func(ip netip.Addr) bool

	// Floods reports whether a client gets no connection; nil: no client does that. Answer is
	// what those that are refused are told; nil: they are closed. Both are set before the first
	// connection.
	Floods func(client netip.Prefix) bool
	Answer func() []byte

	work    sync.WaitGroup // those answers
	telling atomic.Int32   // of them, that are under way

	mu      sync.Mutex
	total   int                         // guarded by mu
	clients map[netip.Prefix]*list.List // guarded by mu: of *Seat, the oldest first; none is empty
	closed  atomic.Int64                // connections that gave way
}

// NewConns allows maxTotal connections in all and maxClient for each client. Those from an
// exempt address have no bound of their own, and give way to nobody.
func NewConns(maxTotal, maxClient int, exempt func(netip.Addr) bool) *Conns {
	return &Conns{max: maxTotal, maxClient: maxClient, exempt: exempt, clients: make(map[netip.Prefix]*list.List)}
}

// A Seat is the place of one connection. Nil is that of one that is not counted.
type Seat struct {
	of     *Conns
	conn   net.Conn
	client netip.Prefix
	at     *list.Element // guarded by of.mu; nil: it is counted in all alone
	free   bool          // guarded by of.mu
	busy   atomic.Int32  // requests that are being answered
}

// Admit gives a connection a seat. Where there is none, and no other connection gives
// way, it refuses this one and returns nil.
func (c *Conns) Admit(conn net.Conn) *Seat {
	ip := AddrOf(conn.RemoteAddr().String())
	s := &Seat{of: c, conn: conn, client: PrefixOf(ip)}
	exempt := c.exempt(ip)
	if !exempt && c.Floods != nil && c.Floods(s.client) {
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

// Leave frees the seat of a connection that is closed.
func (s *Seat) Leave() {
	if s == nil {
		return
	}
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.of.remove(s)
}

// makeRoom takes a seat from a connection, which is to be closed, if another one of a
// client needs it. It reports false if none can be had. mu is held.
func (c *Conns) makeRoom(client netip.Prefix, exempt bool) (victim net.Conn, ok bool) {
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
func (c *Conns) refuse(conn net.Conn) {
	c.closed.Add(1)
	if c.Answer == nil || c.telling.Add(1) > refusalsAtOnce {
		if c.Answer != nil {
			c.telling.Add(-1)
		}
		_ = conn.Close()
		return
	}
	c.work.Go(func() {
		defer c.telling.Add(-1)
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(refusalTime))
		if _, err := conn.Write(c.Answer()); err != nil {
			return
		}
		if half, ok := conn.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
		_, _ = io.CopyN(io.Discard, conn, refusedHead)
	})
}

// count is how many connections a client has. mu is held.
func (c *Conns) count(client netip.Prefix) int {
	if l := c.clients[client]; l != nil {
		return l.Len()
	}
	return 0
}

// busiest is the client that has most, of those with one on which nothing is being
// answered, and how many. mu is held.
func (c *Conns) busiest() (client netip.Prefix, n int) {
	for p, l := range c.clients {
		if l.Len() > n && c.idle(p) != nil {
			client, n = p, l.Len()
		}
	}
	return client, n
}

// idle is the oldest seat of a client on which nothing is being answered; nil if
// there is none. mu is held.
func (c *Conns) idle(client netip.Prefix) *Seat {
	l := c.clients[client]
	if l == nil {
		return nil
	}
	for e := l.Front(); e != nil; e = e.Next() {
		if s := e.Value.(*Seat); s.busy.Load() == 0 {
			return s
		}
	}
	return nil
}

// add takes a seat. mu is held.
func (c *Conns) add(s *Seat, exempt bool) {
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
func (c *Conns) remove(s *Seat) {
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

// Begin notes that a request is being answered, until End is called.
func (s *Seat) Begin() {
	if s != nil {
		s.busy.Add(1)
	}
}

// End notes that the answer has gone out.
func (s *Seat) End() {
	if s != nil {
		s.busy.Add(-1)
	}
}

// Wait waits for the answers to those that were refused.
func (c *Conns) Wait() { c.work.Wait() }
