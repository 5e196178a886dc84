package dht

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/btgw/btgw/peer/netguard"
)

// silentNetwork is a network whose sockets receive what a test gives them, and
// send nothing.
type silentNetwork struct{ netguard.Network }

func (silentNetwork) ListenPacket(context.Context, string, string) (net.PacketConn, error) {
	return &silentConn{in: make(chan datagram), interrupt: make(chan struct{})}, nil
}

func (silentNetwork) DialContext(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("nobody is there")
}

type datagram struct {
	b    []byte
	from net.Addr
}

type silentConn struct {
	net.PacketConn // nil: what it has is not used
	in             chan datagram

	mu        sync.Mutex
	interrupt chan struct{} // closed when the read deadline has passed
}

func (c *silentConn) ReadFrom(b []byte) (int, net.Addr, error) {
	c.mu.Lock()
	interrupt := c.interrupt
	c.mu.Unlock()
	select {
	case d := <-c.in:
		return copy(b, d.b), d.from, nil
	case <-interrupt:
		return 0, nil, os.ErrDeadlineExceeded
	}
}

func (c *silentConn) WriteTo(b []byte, _ net.Addr) (int, error) { return len(b), nil }
func (c *silentConn) LocalAddr() net.Addr                       { return &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
func (c *silentConn) Close() error                              { return nil }

// SetReadDeadline knows none, and one that has passed.
func (c *silentConn) SetReadDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.IsZero() {
		c.interrupt = make(chan struct{})
	} else {
		close(c.interrupt)
	}
	return nil
}
