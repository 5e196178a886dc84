package netguard

import (
	"context"
	"net"
	"net/netip"
)

// Network makes every connection of btgw: it is a [Guard] in real
// life, a simulated network in tests. Implementations are safe for concurrent
// use.
//
// Networks are "tcp", "tcp4", "tcp6" and, for DialContext and ListenPacket,
// "udp", "udp4", "udp6". An address is host:port, as the net package has it. A
// network that names a family ("tcp6") fails when the host has no address of
// that family. DialContext of a UDP network gives a connected socket, one that
// receives from the address it was dialled to and from nowhere else.
type Network interface {
	// DialContext connects to address. The context bounds the name lookup and
	// the connecting, not the connection's life.
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
	// Listen accepts TCP connections on address, both families where the
	// host part is empty and the system has both.
	Listen(ctx context.Context, network, address string) (net.Listener, error)
	// ListenPacket opens a UDP socket on address.
	ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error)
	// LookupNetIP looks a host's addresses up: those of one family for "ip4" and "ip6",
	// all of them for "ip". They are not checked before something is sent to them. A
	// host that has none gives a *net.DNSError.
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}
