package simnet

import (
	"context"
	"net"
	"net/netip"
)

// DialContext connects: "tcp", "tcp4" and "tcp6" after one round trip, "udp",
// "udp4" and "udp6" at once. Addresses are IP addresses or names of hosts; a
// name's addresses are tried in turn.
func (h *Host) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	addrs, err := h.resolve(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	switch network {
	case "tcp", "tcp4", "tcp6":
	case "udp", "udp4", "udp6":
		return h.dialUDP(addrs[0])
	default:
		return nil, &net.OpError{Op: "dial", Net: network, Err: net.UnknownNetworkError(network)}
	}
	for _, to := range addrs {
		var c *Conn
		if c, err = h.dialTCP(ctx, to); err == nil {
			return c, nil
		}
		err = &net.OpError{Op: "dial", Net: network, Addr: net.TCPAddrFromAddrPort(to), Err: err}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, err
}

func (h *Host) dialTCP(ctx context.Context, to netip.AddrPort) (*Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h.net.lock()
	from, ok := h.own(to.Addr())
	if !ok {
		h.net.unlock()
		return nil, errNoRoute
	}
	h.dials++
	d := &dial{from: h, to: to, done: make(chan struct{})}
	port := h.ephemeral(func(p uint16) bool { return h.listeners[p] != nil })
	d.local = net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, port))
	d.begin()
	h.net.unlock()
	select {
	case <-d.done:
	case <-ctx.Done():
	}
	h.net.lock()
	defer h.net.unlock()
	switch {
	case d.over && d.err != nil:
		return nil, d.err
	case d.over:
		return d.conn, nil
	}
	d.over = true
	return nil, ctx.Err()
}

// dial is a connection on its way to being: SYN, SYN-ACK, ACK.
type dial struct {
	from  *Host
	to    netip.AddrPort
	local *net.TCPAddr
	done  chan struct{}

	conn     *Conn
	err      error
	answered bool // a SYN got through
	over     bool // the dialer has its answer or gave up
}

// begin sends the first SYN.
func (d *dial) begin() {
	n := d.from.net
	n.plan(n.now+int64(synTimeout), actionFunc(func() { d.finish(errTimeout) }))
	d.send(int64(synRetry))
}

// send sends a SYN, and another after wait if nobody answers.
func (d *dial) send(wait int64) {
	if d.over || d.answered {
		return
	}
	n := d.from.net
	if host := d.from.machine(d.to.Addr()); host != nil && !d.from.gone {
		n.plan(n.now+n.oneWay(d.from, host), actionFunc(func() { d.syn(host) }))
	}
	n.plan(n.now+wait, actionFunc(func() { d.send(2 * wait) }))
}

// syn arrives at the other host.
func (d *dial) syn(host *Host) {
	n := d.from.net
	if d.answered || host != d.from && (host.nat || n.deaf(d.from, host)) {
		return
	}
	back := n.now + n.oneWay(host, d.from)
	l := host.listeners[d.to.Port()]
	if l == nil || !l.hears(d.to.Addr()) {
		d.answered = true
		n.plan(back, actionFunc(func() { d.finish(errRefused) }))
		return
	}
	if len(l.queue)+l.coming >= acceptBacklog {
		return
	}
	d.answered = true
	l.coming++
	n.plan(back, actionFunc(func() { d.synAck(host, l) }))
}

// synAck arrives at the dialer, which is connected from now on; the listener
// learns it half a round trip later, before any data.
func (d *dial) synAck(host *Host, l *Listener) {
	n := d.from.net
	if d.over || n.deaf(d.from, host) {
		l.coming--
		d.answered = false
		return
	}
	remote := net.TCPAddrFromAddrPort(d.to)
	var server *Conn
	d.conn, server = newPair(d.from, host, d.local, remote)
	n.plan(n.now+n.oneWay(d.from, host), actionFunc(func() { l.arrive(server) }))
	d.finish(nil)
}

func (d *dial) finish(err error) {
	if d.over {
		return
	}
	d.over, d.err = true, err
	close(d.done)
}
