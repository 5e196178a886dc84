package netguard

import (
	"context"
	"net"
	"sync"
)

// Limit is a Network of which at most n connections are open at a time: more dials wait for
// their turn, as long as their context allows. It bounds nothing else of it.
func Limit(network Network, n int) Network {
	return &limited{Network: network, places: make(chan struct{}, max(n, 1))}
}

type limited struct {
	Network
	places chan struct{} // holds one for each connection, and for each dial under way
}

// DialContext implements Network.
func (l *limited) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	conn, err := l.Network.DialContext(ctx, network, address)
	if err != nil {
		<-l.places
		return nil, err
	}
	return &limitedConn{Conn: conn, leave: sync.OnceFunc(func() { <-l.places })}, nil
}

type limitedConn struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (c *limitedConn) Close() error {
	err := c.Conn.Close()
	c.leave()
	return err
}
