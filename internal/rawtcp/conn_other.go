//go:build !linux

package rawtcp

import "net"

// Conn is a TCP connection as net has it.
type Conn struct{ *net.TCPConn }

// New wraps a TCP connection.
func New(tcp *net.TCPConn) *Conn { return &Conn{tcp} }

// Wrap returns what it is given.
func Wrap(nc net.Conn) net.Conn { return nc }
