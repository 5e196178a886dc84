package netguard

import (
	"context"
	"net"
	"runtime"
)

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
