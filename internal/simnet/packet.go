package simnet

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// PacketConn is a simulated UDP socket, connected (from DialContext) or not
// (from ListenPacket). Datagrams are lost when the receiver's buffer is full,
// when nobody listens, and as HostConfig.Loss says.
type PacketConn struct {
	net    *Network
	host   *Host
	addr   *net.UDPAddr
	bound  netip.Addr     // zero: all addresses
	remote netip.AddrPort // zero: not connected

	readable  *sync.Cond
	readLimit deadline
	closed    bool

	out      ring[*segment] // waiting for the uplink
	outBytes int
	queued   bool

	lane    lane
	in      ring[*segment]
	inBytes int
}

// udpTarget holds the destination of a datagram and the sender that it names.
type udpTarget struct{ from, to netip.AddrPort }

// ListenPacket opens a UDP socket ("udp", "udp4", "udp6"); port 0 is any free
// one.
func (h *Host) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	fail := func(err error) (net.PacketConn, error) {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	switch network {
	case "udp", "udp4", "udp6":
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
	p, err := h.openPacket(bound, port)
	if err != nil {
		return fail(err)
	}
	return p, nil
}

func (h *Host) openPacket(bound netip.Addr, port uint16) (*PacketConn, error) {
	if port == 0 {
		port = h.ephemeral(func(p uint16) bool { return h.packets[p] != nil })
	}
	if h.packets[port] != nil {
		return nil, errInUse
	}
	shown := bound
	if !shown.IsValid() {
		shown = h.addrs[0]
	}
	p := &PacketConn{net: h.net, host: h, bound: bound, readable: sync.NewCond(&h.net.mu)}
	p.addr = net.UDPAddrFromAddrPort(netip.AddrPortFrom(shown, port))
	p.readLimit = deadline{net: h.net, cond: p.readable}
	h.packets[port] = p
	return p, nil
}

func (h *Host) dialUDP(to netip.AddrPort) (net.Conn, error) {
	h.net.lock()
	defer h.net.unlock()
	from, ok := h.own(to.Addr())
	if !ok {
		return nil, &net.OpError{Op: "dial", Net: "udp", Addr: net.UDPAddrFromAddrPort(to), Err: errNoRoute}
	}
	h.dials++
	p, err := h.openPacket(from, 0)
	if err != nil {
		return nil, err
	}
	p.remote = to
	return p, nil
}

func (p *PacketConn) opError(op string, err error) error {
	e := &net.OpError{Op: op, Net: "udp", Source: p.addr, Err: err}
	if p.remote.IsValid() {
		e.Addr = net.UDPAddrFromAddrPort(p.remote)
	}
	return e
}

// ReadFrom waits for a datagram; what does not fit into b is lost.
func (p *PacketConn) ReadFrom(b []byte) (int, net.Addr, error) {
	p.net.lock()
	defer p.net.unlock()
	for {
		switch {
		case p.closed:
			return 0, nil, p.opError("read", net.ErrClosed)
		case p.readLimit.passed():
			return 0, nil, p.opError("read", os.ErrDeadlineExceeded)
		case p.in.len() > 0:
			s, _ := p.in.pop()
			p.inBytes -= len(s.data)
			return copy(b, s.data), net.UDPAddrFromAddrPort(s.target.from), nil
		}
		p.net.wait(p.readable)
	}
}

// Read is ReadFrom without the sender.
func (p *PacketConn) Read(b []byte) (int, error) {
	n, _, err := p.ReadFrom(b)
	return n, err
}

// Write sends to the address dialled.
func (p *PacketConn) Write(b []byte) (int, error) {
	if !p.remote.IsValid() {
		return 0, p.opError("write", errors.New("destination address required"))
	}
	return p.send(b, p.remote)
}

// WriteTo sends a datagram. It never blocks: one that finds the send buffer
// full is lost.
func (p *PacketConn) WriteTo(b []byte, to net.Addr) (int, error) {
	var ap netip.AddrPort
	if u, ok := to.(*net.UDPAddr); ok {
		ap = u.AddrPort()
	} else {
		var err error
		if ap, err = netip.ParseAddrPort(to.String()); err != nil {
			return 0, p.opError("write", err)
		}
	}
	return p.send(b, netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()))
}

func (p *PacketConn) send(b []byte, to netip.AddrPort) (int, error) {
	if len(b) > maxDatagram {
		return 0, p.opError("write", errors.New("message too long"))
	}
	p.net.lock()
	defer p.net.unlock()
	if p.closed {
		return 0, p.opError("write", net.ErrClosed)
	}
	from, ok := p.host.own(to.Addr())
	if !ok {
		return 0, p.opError("write", errNoRoute)
	}
	dest := p.host.machine(to.Addr())
	if dest == nil || p.outBytes+len(b) > datagramBuffer {
		return len(b), nil
	}
	p.out.push(&segment{
		kind: datagram, data: append([]byte(nil), b...), from: p.host, to: dest, source: p,
		target: udpTarget{from: netip.AddrPortFrom(from, uint16(p.addr.Port)), to: to},
	})
	p.outBytes += len(b)
	up := &p.host.up
	if dest == p.host {
		up = &p.host.loop
	}
	if !p.queued {
		p.queued = true
		up.add(p)
	}
	return len(b), nil
}

// take is sender's.
func (p *PacketConn) take(int) (s *segment, stay bool) {
	s, ok := p.out.pop()
	if ok {
		p.outBytes -= len(s.data)
		p.host.sent += int64(len(s.data))
	}
	p.queued = p.out.len() > 0
	return s, p.queued
}

// fireDatagram is the arrival of a datagram, before and behind the downlink.
func (s *segment) fireDatagram() {
	n := s.from.net
	if !s.arrived || s.dest == nil {
		lost := s.to != s.from && (n.deaf(s.from, s.to) || s.to.loss > 0 && n.rng.Float64() < s.to.loss)
		p := s.to.packets[s.target.to.Port()]
		if lost || p == nil || !p.hears(s.target) {
			return
		}
		s.dest, s.lane = p, &p.lane
	}
	p := s.dest
	switch {
	case !s.arrived && p.lane.size+len(s.data) <= datagramBuffer:
		s.to.down.add(s)
	case s.arrived && !p.closed && p.inBytes+len(s.data) <= datagramBuffer:
		s.to.received += int64(len(s.data))
		p.in.push(s)
		p.inBytes += len(s.data)
		p.readable.Signal()
	}
}

// hears reports whether the socket takes a datagram.
func (p *PacketConn) hears(t udpTarget) bool {
	if p.remote.IsValid() && p.remote != t.from {
		return false
	}
	return !p.bound.IsValid() || p.bound == t.to.Addr()
}

// Close closes the socket and unblocks its readers.
func (p *PacketConn) Close() error {
	p.net.lock()
	defer p.net.unlock()
	if p.closed {
		return p.opError("close", net.ErrClosed)
	}
	p.shut()
	return nil
}

func (p *PacketConn) shut() {
	p.closed = true
	delete(p.host.packets, uint16(p.addr.Port))
	p.readable.Broadcast()
}

// LocalAddr is the *net.UDPAddr of the socket.
func (p *PacketConn) LocalAddr() net.Addr { return p.addr }

// RemoteAddr is the *net.UDPAddr dialled, nil for a socket of ListenPacket.
func (p *PacketConn) RemoteAddr() net.Addr {
	if !p.remote.IsValid() {
		return nil
	}
	return net.UDPAddrFromAddrPort(p.remote)
}

// SetDeadline is SetReadDeadline: writes never block.
func (p *PacketConn) SetDeadline(t time.Time) error { return p.SetReadDeadline(t) }

// SetReadDeadline lets blocked and later reads fail with
// os.ErrDeadlineExceeded from t on.
func (p *PacketConn) SetReadDeadline(t time.Time) error {
	p.net.lock()
	defer p.net.unlock()
	if p.closed {
		return p.opError("set", net.ErrClosed)
	}
	p.readLimit.set(t)
	return nil
}

// SetWriteDeadline does nothing: writes never block.
func (p *PacketConn) SetWriteDeadline(time.Time) error { return nil }
