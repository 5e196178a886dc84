package peer

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A quickAcker makes the kernel acknowledge at once. Clients without
// TCP_NODELAY hold back the last segment of a burst until the one before it is
// acknowledged, which the kernel may put off for 40 ms.
type quickAcker struct {
	raw syscall.RawConn // nil: not a TCP socket
	set func(fd uintptr)
}

func (q *quickAcker) init(nc net.Conn) {
	tcp, ok := nc.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	q.raw = raw
	q.set = func(fd uintptr) {
		// Failure costs time and nothing else.
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	}
}

// ack acknowledges what was received. The option does not last: it is for after
// each read.
func (q *quickAcker) ack() {
	if q.raw != nil {
		_ = q.raw.Control(q.set)
	}
}

// boundUnsent limits the bytes that the kernel takes ahead of those that it has sent to
// n. Our requests to a peer wait behind the blocks that we send it, and an uplink may
// need seconds for a whole socket buffer.
func boundUnsent(nc net.Conn, n int) {
	tcp, ok := nc.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		// Failure costs time and nothing else.
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, n)
	})
}

// kernelRTT is the round trip as the kernel measured it; 0 if it is not known.
func kernelRTT(nc net.Conn) (rtt time.Duration) {
	tcp, ok := nc.(syscall.Conn)
	if !ok {
		return 0
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) {
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			rtt = time.Duration(info.Rtt) * time.Microsecond
		}
	})
	return rtt
}
