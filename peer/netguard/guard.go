package netguard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"github.com/btgw/btgw/internal/rawtcp"
)

// Policy says what a [Guard] lets through. The zero Policy is the strict one.
type Policy struct {
	// AllowPrivate opens loopback, private and link-local addresses, for tests
	// and for swarms on a LAN. Unspecified, multicast, broadcast, reserved and
	// translated addresses, cloud metadata services and port 0 stay refused.
	AllowPrivate bool
	// Resolver looks names up; nil means the system's. With NameServers or Proxy it is not used.
	Resolver *net.Resolver
	// Bind ties sockets to one way out; nil leaves that to the system.
	Bind *Bind
	// Proxy takes everything; nil: there is none. Listen does not work with one.
	Proxy *Proxy
	// NameServers, host:port with an address for host, are asked in place of the system's. Empty, with a
	// Proxy: DefaultNameServers.
	NameServers []string
	// Log hears that names cannot be looked up for Bind; nil: nobody.
	Log *slog.Logger
}

// Guard is the real [Network]: sockets of the operating system, each
// destination checked. It is safe for concurrent use.
type Guard struct {
	policy  Policy
	tables  *ssrf.Guardian // of addresses alone; ports and networks are ours to check
	dialer  net.Dialer
	outside *net.Resolver // of the proxy's own name
	refused atomic.Int64
	noRelay atomic.Pointer[time.Time] // when a proxy last said that it passes no datagrams on; nil: never
}

var _ Network = (*Guard)(nil)

// New returns a Guard that enforces p.
func New(p Policy) *Guard {
	g := &Guard{policy: p, tables: ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork())}
	switch {
	case p.Proxy != nil:
		g.outside = g.boundResolver(nil)
		g.policy.Resolver = g.proxiedResolver(p.NameServers)
	case p.Bind != nil || len(p.NameServers) > 0:
		g.policy.Resolver = g.boundResolver(p.NameServers)
	case p.Resolver == nil:
		g.policy.Resolver = newResolver()
	}
	g.dialer = net.Dialer{Timeout: DialTimeout, Resolver: g.policy.Resolver, Control: g.control}
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
	if g.policy.Bind != nil || g.policy.Proxy != nil {
		return g.dialEach(ctx, network, address)
	}
	nc, err := g.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return rawtcp.Wrap(nc), nil
}

// dialEach looks a name up, and tries its addresses one after another, IPv4 first.
func (g *Guard) dialEach(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, DialTimeout)
	defer cancel()
	protocol, family := strings.TrimRight(network, "46"), strings.TrimLeft(network, "tcpud")
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	number, err := net.LookupPort(protocol, port)
	if err != nil {
		return nil, err
	}
	addrs, err := g.LookupNetIP(ctx, "ip"+family, host)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return a.BitLen() - b.BitLen() })
	err = &net.AddrError{Err: "no address", Addr: host}
	for i, addr := range addrs[:min(len(addrs), maxAddrs)] {
		within, cancel := context.WithTimeout(ctx, DialTimeout/time.Duration(min(len(addrs), maxAddrs)-i+1))
		if i == len(addrs)-1 {
			within = ctx
		}
		var nc net.Conn
		nc, err = g.dialOne(within, protocol, netip.AddrPortFrom(addr, uint16(number)))
		cancel()
		if err == nil || ctx.Err() != nil {
			return nc, err
		}
	}
	return nil, err
}

// dialOne connects to one address, the way that everything goes.
func (g *Guard) dialOne(ctx context.Context, protocol string, to netip.AddrPort) (net.Conn, error) {
	if err := g.Check(to); err != nil {
		return nil, &net.OpError{Op: "dial", Net: protocol, Addr: net.TCPAddrFromAddrPort(to), Err: err}
	}
	if g.policy.Proxy == nil {
		nc, err := g.policy.Bind.dial(ctx, protocol, to)
		if err != nil {
			return nil, err
		}
		return rawtcp.Wrap(nc), nil
	}
	if protocol != "tcp" {
		return nil, net.UnknownNetworkError(protocol)
	}
	return g.throughProxy(ctx, to)
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
	if g.policy.Proxy != nil {
		return nil, errNoListen
	}
	network, address, err := g.policy.Bind.local(network, address)
	if err != nil {
		return nil, err
	}
	ln, err := g.policy.Bind.listenConfig().Listen(ctx, network, address)
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

// errNoListen says that nobody connects to us through a proxy.
var errNoListen = errors.New("netguard: a proxy takes no connections for us")

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
