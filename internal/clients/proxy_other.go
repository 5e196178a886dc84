//go:build !linux

package clients

import "net"

// acknowledge has no equivalent here.
func acknowledge(*net.TCPConn) {}
