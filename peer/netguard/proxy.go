package netguard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"syscall"

	"github.com/btgw/btgw/internal/rawtcp"
	"github.com/btgw/btgw/peer/netguard/socks5"
)

// A Proxy is a SOCKS 5 proxy through which everything goes. Names are looked up through it too. Nobody
// connects to us by it.
type Proxy struct {
	address string // host:port
	user    socks5.User
}

// ParseProxy reads socks5://[user:password@]host[:port]; socks5h is the same. The port is 1080 if there
// is none. The error does not quote the URL, which may have a password.
func ParseProxy(text string) (*Proxy, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "socks5" && u.Scheme != "socks5h" ||
		u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("it is not of the form socks5://user:password@host:1080")
	}
	p := &Proxy{address: net.JoinHostPort(u.Hostname(), cmpPort(u.Port()))}
	p.user.Name = u.User.Username()
	p.user.Password, _ = u.User.Password()
	if len(p.user.Name) > socks5.MaxUser || len(p.user.Password) > socks5.MaxUser {
		return nil, fmt.Errorf("a user or a password of more than %d bytes", socks5.MaxUser)
	}
	return p, nil
}

func cmpPort(port string) string {
	if port == "" {
		return "1080" // RFC 1928 section 3
	}
	return port
}

// String is its address.
func (p *Proxy) String() string { return p.address }

// A ProxyError says that the proxy itself could not be reached or does not let us in. That is no fault of
// the host behind it: errors.Is has it as ENETUNREACH.
type ProxyError struct{ Err error }

// Error implements error.
func (e *ProxyError) Error() string { return "the proxy: " + e.Err.Error() }

// Unwrap gives what happened.
func (e *ProxyError) Unwrap() error { return e.Err }

// Is implements the interface of errors.Is.
func (e *ProxyError) Is(target error) bool { return target == syscall.ENETUNREACH }

// reach connects to the proxy. It is the operator's, so no address is refused.
func (g *Guard) reach(ctx context.Context) (net.Conn, error) {
	host, port, err := net.SplitHostPort(g.policy.Proxy.address)
	if err != nil {
		return nil, &ProxyError{err}
	}
	addrs := []netip.Addr{}
	if addr, err := netip.ParseAddr(host); err == nil {
		addrs = append(addrs, addr)
	} else if addrs, err = g.outside.LookupNetIP(ctx, "ip", host); err != nil {
		return nil, &ProxyError{err}
	}
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		return nil, &ProxyError{err}
	}
	for _, addr := range addrs[:min(len(addrs), maxAddrs)] {
		var nc net.Conn
		if nc, err = g.policy.Bind.dial(ctx, "tcp", netip.AddrPortFrom(addr.Unmap(), uint16(number))); err == nil {
			return nc, nil
		}
	}
	return nil, &ProxyError{err}
}

// throughProxy connects to one address through the proxy.
func (g *Guard) throughProxy(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, DialTimeout)
	defer cancel()
	nc, err := g.reach(ctx)
	if err != nil {
		return nil, err
	}
	if err := socks5.Connect(ctx, nc, g.policy.Proxy.user, to); err != nil {
		nc.Close()
		if errors.Is(err, socks5.ErrUser) {
			return nil, &ProxyError{err}
		}
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: err}
	}
	return &proxied{rawtcp.Wrap(nc), net.TCPAddrFromAddrPort(to)}, nil
}

// proxied is a connection through the proxy, whose other end is the host behind it.
type proxied struct {
	net.Conn
	remote net.Addr
}

// RemoteAddr implements net.Conn.
func (c *proxied) RemoteAddr() net.Addr { return c.remote }

// SyscallConn gives the socket for its options.
func (c *proxied) SyscallConn() (syscall.RawConn, error) {
	if sc, ok := c.Conn.(syscall.Conn); ok {
		return sc.SyscallConn()
	}
	return nil, syscall.EOPNOTSUPP
}
