package netguard

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"sync"
)

// DefaultNameServers are asked through a proxy where no others are named: those of Cloudflare and Quad9.
var DefaultNameServers = []string{"1.1.1.1:53", "9.9.9.9:53"}

// newResolver is the system's resolver, whose sockets close when nobody waits for the answer
// any more. Go's own goes on reading until its time is over, which with a name server that is
// silent is a socket or two for 5 s a name. Where the system's library looks names up, that
// has no sockets of ours.
func newResolver() *net.Resolver {
	if runtime.GOOS != "linux" {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		nc, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { nc.Close() })
		}
		return nc, err
	}}
}

// boundResolver asks name servers, the system's where none are given, by packets that leave at g's Bind. A
// name server on this machine is not asked for the system: it would ask others, by any way.
func (g *Guard) boundResolver(servers []string) *net.Resolver {
	var once sync.Once
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		asked := servers
		if len(asked) == 0 {
			asked = []string{address}
		}
		return firstOf(asked, func(server netip.AddrPort) (net.Conn, error) {
			if server.Addr().IsLoopback() && len(servers) == 0 && g.policy.Bind != nil {
				err := fmt.Errorf("the system's name server, %s, may ask others past --bind", server)
				once.Do(func() { g.warn("names are not looked up: name a server by --dns", err) })
				return nil, err
			}
			nc, err := g.policy.Bind.dial(ctx, network, server)
			if err == nil {
				context.AfterFunc(ctx, func() { nc.Close() })
			}
			return nc, err
		})
	}}
}

// proxiedResolver asks name servers over TCP through the proxy.
func (g *Guard) proxiedResolver(servers []string) *net.Resolver {
	if len(servers) == 0 {
		servers = DefaultNameServers
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return firstOf(servers, func(server netip.AddrPort) (net.Conn, error) {
			nc, err := g.throughProxy(ctx, server)
			if err == nil {
				context.AfterFunc(ctx, func() { nc.Close() })
			}
			return nc, err
		})
	}}
}

// firstOf connects to the first of the servers that can be reached.
func firstOf(servers []string, dial func(netip.AddrPort) (net.Conn, error)) (nc net.Conn, err error) {
	for _, text := range servers {
		server, bad := netip.ParseAddrPort(text)
		if bad != nil {
			return nil, bad
		}
		if nc, err = dial(server); err == nil {
			return nc, nil
		}
	}
	return nil, err
}

func (g *Guard) warn(what string, err error) {
	if g.policy.Log != nil {
		g.policy.Log.Warn(what, "error", err)
	}
}
