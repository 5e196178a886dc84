package clients

import (
	"net"
	"syscall"
)

// acknowledge tells the sender now that its bytes are here, not up to 40 ms
// later. The kernel forgets it, so it has to be said after each read.
func acknowledge(c *net.TCPConn) {
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
}
