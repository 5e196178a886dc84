package rawtcp

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
)

// maxCall bounds one read or write, in bytes: some 100 us.
const maxCall = 256 << 10

// Conn is a TCP connection. What is not read or written, ReadFrom among it, is net's.
type Conn struct {
	*net.TCPConn
	raw     syscall.RawConn
	in, out transfer
	pages   pageSend // guarded by out.mu
}

// A transfer is the call under way in one direction.
type transfer struct {
	mu sync.Mutex
	// Guarded by mu.
	p     []byte
	head  []byte // goes before p
	n     int
	errno syscall.Errno
	call  func(fd uintptr) bool // made once, for a closure a call would be garbage
}

// New wraps a TCP connection.
func New(tcp *net.TCPConn) *Conn {
	raw, err := tcp.SyscallConn()
	if err != nil {
		raw = closed{err} // it has no descriptor
	}
	c := &Conn{TCPConn: tcp, raw: raw}
	c.in.call, c.out.call, c.pages.call = c.in.read, c.out.write, c.pages.send
	return c
}

// Wrap wraps a TCP connection, and returns any other as it is.
func Wrap(nc net.Conn) net.Conn {
	if tcp, ok := nc.(*net.TCPConn); ok {
		return New(tcp)
	}
	return nc
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := c.in.run(p, c.raw.Read)
	if n == 0 && err == nil {
		return 0, io.EOF
	}
	return n, c.failure("read", err)
}

// Write implements net.Conn.
func (c *Conn) Write(p []byte) (int, error) {
	n, err := c.out.run(p, c.raw.Write)
	return n, c.failure("write", err)
}

// WriteBoth writes head and then p, by one call as long as there is room for all. It returns how many bytes
// of both went out.
func (c *Conn) WriteBoth(head, p []byte) (int, error) {
	n, err := c.out.runBoth(head, p, c.raw.Write)
	return n, c.failure("write", err)
}

// failure is an error of the system as net has it.
func (c *Conn) failure(op string, err error) error {
	errno, ok := err.(syscall.Errno)
	if !ok {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: os.NewSyscallError(op, errno)}
}

// run makes the call whenever the poller says that it is worth it, until it is done
// with p.
func (t *transfer) run(p []byte, poll func(func(uintptr) bool) error) (int, error) {
	return t.runBoth(nil, p, poll)
}

// runBoth is run with bytes that go before p.
func (t *transfer) runBoth(head, p []byte, poll func(func(uintptr) bool) error) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.head, t.p, t.n, t.errno = head, p, 0, 0
	err := poll(t.call)
	t.head, t.p = nil, nil
	if err == nil && t.errno != 0 {
		err = t.errno
	}
	return t.n, err
}

// read reads once; false if nothing is there.
func (t *transfer) read(fd uintptr) bool {
	n, errno := once(sysRead, fd, t.p)
	if errno == syscall.EAGAIN {
		return false
	}
	t.n, t.errno = n, errno
	return true
}

// write writes all; false if there is no room for the rest.
func (t *transfer) write(fd uintptr) bool {
	for len(t.head)+len(t.p) > 0 {
		n, errno := t.writeOnce(fd)
		if errno == syscall.EAGAIN {
			return false
		}
		if t.errno = errno; errno != 0 {
			return true
		}
		t.n += n
		first := min(n, len(t.head))
		t.head, t.p = t.head[first:], t.p[n-first:]
	}
	return true
}

// writeOnce makes one call.
func (t *transfer) writeOnce(fd uintptr) (int, syscall.Errno) {
	switch {
	case len(t.head) == 0:
		return once(sysWrite, fd, t.p)
	case len(t.p) == 0:
		return once(sysWrite, fd, t.head)
	}
	p := t.p[:min(len(t.p), maxCall)]
	for {
		if n, errno := sysWriteBoth(fd, t.head, p); errno != syscall.EINTR {
			return n, errno
		}
	}
}

// once makes one call, which a signal does not interrupt.
func once(call sysCall, fd uintptr, p []byte) (int, syscall.Errno) {
	p = p[:min(len(p), maxCall)]
	for {
		if n, errno := call(fd, p); errno != syscall.EINTR {
			return n, errno
		}
	}
}

// A sysCall is read(2) or write(2).
type sysCall func(fd uintptr, p []byte) (int, syscall.Errno)

// closed is a connection that has no descriptor, and why.
type closed struct{ err error }

func (c closed) Control(func(uintptr)) error    { return c.err }
func (c closed) Read(func(uintptr) bool) error  { return c.err }
func (c closed) Write(func(uintptr) bool) error { return c.err }
