//go:build !linux

package rawtcp

import (
	"net"
	"os"
)

// Conn is a TCP connection as net has it.
type Conn struct{ *net.TCPConn }

// New wraps a TCP connection.
func New(tcp *net.TCPConn) *Conn { return &Conn{tcp} }

// Wrap returns what it is given.
func Wrap(nc net.Conn) net.Conn { return nc }

// WriteBoth writes head and then p, by one call as long as there is room for all. It returns how many bytes
// of both went out.
func (c *Conn) WriteBoth(head, p []byte) (int, error) {
	n, err := (&net.Buffers{head, p}).WriteTo(c.TCPConn)
	return int(n), err
}

// WritePages writes nothing: the caller has to write in another way.
func (c *Conn) WritePages([]byte, *os.File, int64, int64, func() bool) (int64, error) { return 0, nil }
