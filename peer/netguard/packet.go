package netguard

import (
	"context"
	"net"
	"net/netip"
	"time"
)

// ListenPacket implements [Network]. The PacketConn is a [*PacketConn].
func (g *Guard) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	if err := checkNetwork(network, "udp"); err != nil {
		return nil, err
	}
	if g.policy.Proxy != nil {
		r, err := g.listenRelay(ctx)
		if err != nil {
			return nil, err
		}
		return &PacketConn{guard: g, udp: r}, nil
	}
	network, address, err := g.policy.Bind.local(network, address)
	if err != nil {
		return nil, err
	}
	pc, err := g.policy.Bind.listenConfig().ListenPacket(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &PacketConn{guard: g, udp: pc.(*net.UDPConn)}, nil
}

// datagrams is a UDP socket: the system's, or one whose datagrams a proxy passes on.
type datagrams interface {
	WriteToUDPAddrPort(p []byte, addr netip.AddrPort) (int, error)
	ReadFromUDPAddrPort(p []byte) (int, netip.AddrPort, error)
	LocalAddr() net.Addr
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
	SetReadBuffer(bytes int) error
	SetWriteBuffer(bytes int) error
	Close() error
}

// PacketConn is a UDP socket that checks every destination before it sends. The
// socket under it is not reachable, so that nothing can be sent past the check.
// It is safe for concurrent use.
type PacketConn struct {
	guard *Guard
	udp   datagrams
}

var _ net.PacketConn = (*PacketConn)(nil)

// WriteToUDPAddrPort sends p to addr, or fails with a [*ForbiddenError].
func (c *PacketConn) WriteToUDPAddrPort(p []byte, addr netip.AddrPort) (int, error) {
	if err := c.guard.Check(addr); err != nil {
		return 0, &net.OpError{Op: "write", Net: "udp", Source: c.udp.LocalAddr(), Addr: net.UDPAddrFromAddrPort(addr), Err: err}
	}
	return c.udp.WriteToUDPAddrPort(p, addr)
}

// WriteTo implements [net.PacketConn]. addr is a *net.UDPAddr; it fails with a
// [*ForbiddenError] where addr is refused.
func (c *PacketConn) WriteTo(p []byte, addr net.Addr) (int, error) {
	ua, ok := addr.(*net.UDPAddr)
	if !ok || ua == nil {
		return 0, &net.OpError{Op: "write", Net: "udp", Source: c.udp.LocalAddr(), Addr: addr, Err: net.InvalidAddrError("not a UDP address")}
	}
	return c.WriteToUDPAddrPort(p, ua.AddrPort())
}

// ReadFrom implements [net.PacketConn].
func (c *PacketConn) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := c.udp.ReadFromUDPAddrPort(p)
	if err != nil {
		return n, nil, err
	}
	return n, net.UDPAddrFromAddrPort(netip.AddrPortFrom(from.Addr().Unmap(), from.Port())), nil
}

// ReadFromUDPAddrPort receives one packet without allocating for its source,
// which is unmapped where it is IPv4.
func (c *PacketConn) ReadFromUDPAddrPort(p []byte) (int, netip.AddrPort, error) {
	n, ap, err := c.udp.ReadFromUDPAddrPort(p)
	return n, netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()), err
}

// Close implements [net.PacketConn].
func (c *PacketConn) Close() error { return c.udp.Close() }

// LocalAddr implements [net.PacketConn].
func (c *PacketConn) LocalAddr() net.Addr { return c.udp.LocalAddr() }

// SetDeadline implements [net.PacketConn].
func (c *PacketConn) SetDeadline(t time.Time) error { return c.udp.SetDeadline(t) }

// SetReadDeadline implements [net.PacketConn].
func (c *PacketConn) SetReadDeadline(t time.Time) error { return c.udp.SetReadDeadline(t) }

// SetWriteDeadline implements [net.PacketConn].
func (c *PacketConn) SetWriteDeadline(t time.Time) error { return c.udp.SetWriteDeadline(t) }

// SetReadBuffer asks the kernel for a receive buffer of that many bytes.
func (c *PacketConn) SetReadBuffer(bytes int) error { return c.udp.SetReadBuffer(bytes) }

// SetWriteBuffer asks the kernel for a send buffer of that many bytes.
func (c *PacketConn) SetWriteBuffer(bytes int) error { return c.udp.SetWriteBuffer(bytes) }
