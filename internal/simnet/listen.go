package simnet

import (
	"context"
	"net"
	"net/netip"
	"sync"
)

// Listener accepts simulated TCP connections.
type Listener struct {
	host   *Host
	addr   *net.TCPAddr
	bound  netip.Addr // zero: all addresses
	wake   *sync.Cond
	queue  []*Conn
	coming int // handshakes not complete yet
	closed bool
}

// Listen listens for connections ("tcp", "tcp4", "tcp6") on an address of the
// host, or on all of them where the address names none; port 0 is any free one.
func (h *Host) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	fail := func(err error) (net.Listener, error) {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return fail(net.UnknownNetworkError(network))
	}
	if err := ctx.Err(); err != nil {
		return fail(err)
	}
	h.net.lock()
	defer h.net.unlock()
	bound, port, err := h.bindAddr(address)
	if err != nil {
		return fail(err)
	}
	if port == 0 {
		port = h.ephemeral(func(p uint16) bool { return h.listeners[p] != nil })
	}
	if h.listeners[port] != nil {
		return fail(errInUse)
	}
	shown := bound
	if !shown.IsValid() {
		shown = h.addrs[0]
	}
	l := &Listener{host: h, bound: bound, wake: sync.NewCond(&h.net.mu)}
	l.addr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(shown, port))
	h.listeners[port] = l
	return l, nil
}

func (l *Listener) hears(a netip.Addr) bool { return !l.bound.IsValid() || l.bound == a }

// arrive queues a connection for Accept.
func (l *Listener) arrive(c *Conn) {
	l.coming--
	switch {
	case l.closed:
		c.reset()
	case c.err == nil:
		l.host.accepted++
		l.queue = append(l.queue, c)
		l.wake.Signal()
	}
}

// Accept waits for a connection or for Close, which it reports as
// net.ErrClosed.
func (l *Listener) Accept() (net.Conn, error) {
	l.host.net.lock()
	defer l.host.net.unlock()
	for !l.closed {
		if len(l.queue) > 0 {
			c := l.queue[0]
			l.queue = l.queue[1:]
			return c, nil
		}
		l.host.net.wait(l.wake)
	}
	return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.addr, Err: net.ErrClosed}
}

// Close stops listening; connections that nobody accepted are reset.
func (l *Listener) Close() error {
	l.host.net.lock()
	defer l.host.net.unlock()
	if l.closed {
		return &net.OpError{Op: "close", Net: "tcp", Addr: l.addr, Err: net.ErrClosed}
	}
	l.shut()
	return nil
}

func (l *Listener) shut() {
	l.closed = true
	delete(l.host.listeners, uint16(l.addr.Port))
	for _, c := range l.queue {
		c.closed = true
		c.reset()
	}
	l.queue = nil
	l.wake.Broadcast()
}

// Addr is the *net.TCPAddr listened on: the host's first address where it
// listens on all.
func (l *Listener) Addr() net.Addr { return l.addr }
