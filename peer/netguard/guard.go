package netguard

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"

	"code.dny.dev/ssrf"

	"github.com/btgw/btgw/internal/rawtcp"
)

// Policy says what a [Guard] lets through. The zero Policy is the strict one.
type Policy struct {
	// AllowPrivate opens loopback, private and link-local addresses, for tests
	// and for swarms on a LAN. Unspecified, multicast, broadcast, reserved and
	// translated addresses, cloud metadata services and port 0 stay refused.
	AllowPrivate bool
	// Resolver looks names up; nil means the system's.
	Resolver *net.Resolver
}

// Guard is the real [Network]: sockets of the operating system, each
// destination checked. It is safe for concurrent use.
type Guard struct {
	policy  Policy
	tables  *ssrf.Guardian // of addresses alone; ports and networks are ours to check
	dialer  net.Dialer
	refused atomic.Int64
}

var _ Network = (*Guard)(nil)

// New returns a Guard that enforces p.
func New(p Policy) *Guard {
	if p.Resolver == nil {
		p.Resolver = newResolver()
	}
	g := &Guard{policy: p, tables: ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork())}
	g.dialer = net.Dialer{Timeout: DialTimeout, Resolver: p.Resolver, Control: g.control}
	return g
}

// control is called by the dialer with each resolved address, before the
// socket connects to it.
func (g *Guard) control(network, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("netguard: address %q of a %s socket: %w", address, network, err)
	}
	return g.Check(ap)
}

// DialContext implements [Network]. A name that has several addresses is tried
// over all that are allowed, both families at once (RFC 8305). The error is a
// [*ForbiddenError] (by errors.As) when the address is refused.
func (g *Guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if err := checkNetwork(network, "tcp", "udp"); err != nil {
		return nil, err
	}
	if err := g.checkLiteral(network, address); err != nil {
		return nil, err
	}
	nc, err := g.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return rawtcp.Wrap(nc), nil
}

// checkLiteral refuses an address without a name to look up before there is a
// socket. It also catches what the control hook cannot see: the net package
// turns an empty or unspecified host into loopback before it calls the hook.
func (g *Guard) checkLiteral(network, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil // the dialer has the better error
	}
	ap, err := netip.ParseAddrPort(address)
	if host == "" {
		ap, err = netip.AddrPort{}, nil
	}
	if err != nil {
		return nil // a name: judged by what it resolves to
	}
	if err := g.Check(ap); err != nil {
		return &net.OpError{Op: "dial", Net: network, Err: err}
	}
	return nil
}

// Listen implements [Network].
func (g *Guard) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	if err := checkNetwork(network, "tcp"); err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return rawtcp.Listener{Listener: ln}, nil
}

// LookupNetIP implements [Network].
func (g *Guard) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if err := checkNetwork(network, "ip"); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, DialTimeout)
	defer cancel()
	addrs, err := g.policy.Resolver.LookupNetIP(ctx, network, host)
	for i, a := range addrs {
		addrs[i] = a.Unmap()
	}
	return addrs, err
}

// checkNetwork refuses networks of other protocols than those given, such as
// "unix" and "ip".
func checkNetwork(network string, protocols ...string) error {
	for _, p := range protocols {
		if network == p || network == p+"4" || network == p+"6" {
			return nil
		}
	}
	return fmt.Errorf("netguard: %w", net.UnknownNetworkError(network))
}
