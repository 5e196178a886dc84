package simnet

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

var (
	errReset   = os.NewSyscallError("read", syscall.ECONNRESET)
	errPipe    = os.NewSyscallError("write", syscall.EPIPE)
	errRefused = os.NewSyscallError("connect", syscall.ECONNREFUSED)
	errTimeout = os.NewSyscallError("connect", syscall.ETIMEDOUT)
	errInUse   = os.NewSyscallError("bind", syscall.EADDRINUSE)
	errNoAddr  = os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
	errNoRoute = os.NewSyscallError("connect", syscall.ENETUNREACH)
)

// Conn is one end of a simulated TCP connection. It does what *net.TCPConn
// does: data that arrived before a reset can still be read, a Close with unread
// data resets, any other lets what was written arrive, then ends.
//
// Read and Write may run at once, each in one goroutine at a time, with Close
// and the deadlines from anywhere.
type Conn struct {
	net           *Network
	host          *Host
	id            uint64
	peer          *Conn
	in, out       *flow
	local, remote *net.TCPAddr

	readable, writable    *sync.Cond
	readLimit, writeLimit deadline
	closed, linger        bool
	err                   error // why the connection is of no use any more
}

// newPair makes both ends of a connection.
func newPair(client, server *Host, local, remote *net.TCPAddr) (c, s *Conn) {
	n := client.net
	mk := func(h *Host, local, remote *net.TCPAddr) *Conn {
		n.connID++
		c := &Conn{net: n, host: h, id: n.connID, local: local, remote: remote}
		c.readable, c.writable = sync.NewCond(&n.mu), sync.NewCond(&n.mu)
		c.readLimit = deadline{net: n, cond: c.readable}
		c.writeLimit = deadline{net: n, cond: c.writable}
		h.conns[c.id] = c
		return c
	}
	c, s = mk(client, local, remote), mk(server, remote, local)
	c.peer, s.peer = s, c
	c.out, s.out = newFlow(n, c, s), newFlow(n, s, c)
	c.in, s.in = s.out, c.out
	return c, s
}

func (c *Conn) opError(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// Read waits for data, the end (io.EOF), a failure or the read deadline.
func (c *Conn) Read(p []byte) (int, error) {
	c.net.lock()
	defer c.net.unlock()
	for {
		switch {
		case c.closed:
			return 0, c.opError("read", net.ErrClosed)
		case c.readLimit.passed():
			return 0, c.opError("read", os.ErrDeadlineExceeded)
		case len(p) == 0:
			return 0, nil
		case c.in.readyBytes > 0:
			return c.in.get(p), nil
		case c.err != nil:
			return 0, c.opError("read", c.err)
		case c.in.ended:
			return 0, io.EOF
		}
		c.net.wait(c.readable)
	}
}

// Write waits until the send buffer has taken all of p, for a failure or for
// the write deadline.
func (c *Conn) Write(p []byte) (int, error) { return c.write(p, false) }

// give is Write of bytes that nobody changes any more: they are not copied.
func (c *Conn) give(p []byte) error {
	_, err := c.write(p, true)
	return err
}

func (c *Conn) write(p []byte, given bool) (int, error) {
	c.net.lock()
	defer c.net.unlock()
	done := 0
	for {
		switch {
		case c.closed:
			return done, c.opError("write", net.ErrClosed)
		case c.err != nil:
			return done, c.opError("write", c.err)
		case c.out.fin:
			return done, c.opError("write", errPipe)
		case c.writeLimit.passed():
			return done, c.opError("write", os.ErrDeadlineExceeded)
		}
		for done < len(p) {
			n := c.out.put(p[done:], given)
			if n == 0 {
				break
			}
			done += n
			c.out.kick()
		}
		if done == len(p) {
			return done, nil
		}
		c.net.wait(c.writable)
	}
}

// wait waits on a condition of the network's lock and is up to date afterwards.
func (n *Network) wait(c *sync.Cond) {
	n.arm()
	c.Wait()
	n.catchUp()
}

// CloseWrite sends the end after what was written; reading goes on.
func (c *Conn) CloseWrite() error {
	c.net.lock()
	defer c.net.unlock()
	switch {
	case c.closed:
		return c.opError("close", net.ErrClosed)
	case c.err != nil:
		return c.opError("close", c.err)
	}
	c.out.fin = true
	c.out.kick()
	return nil
}

// SetLinger with 0 makes Close reset the connection; other values restore the
// default.
func (c *Conn) SetLinger(sec int) error {
	c.net.lock()
	defer c.net.unlock()
	c.linger = sec == 0
	return nil
}

// Close ends the connection and unblocks whoever reads or writes.
func (c *Conn) Close() error {
	c.net.lock()
	defer c.net.unlock()
	if c.closed {
		return c.opError("close", net.ErrClosed)
	}
	c.shut()
	return nil
}

// shut is Close under the lock.
func (c *Conn) shut() {
	c.closed = true
	switch {
	case c.err != nil:
	case c.linger || c.in.readyBytes > 0:
		c.reset()
	default:
		c.out.fin = true
		c.out.kick()
	}
	c.in.ready, c.in.readyBytes = ring[[]byte]{}, 0
	c.readable.Broadcast()
	c.writable.Broadcast()
	c.host.settle(c)
}

// reset gives the connection up and tells the other end.
func (c *Conn) reset() {
	if c.err != nil {
		return
	}
	c.out.segment(resetSegment, nil).launch(c.net.now, c.net.now)
	c.fail(errReset)
}

// fail ends the connection at this end alone.
func (c *Conn) fail(err error) {
	if c.err != nil {
		return
	}
	c.err = err
	c.out.drop()
	c.readable.Broadcast()
	c.writable.Broadcast()
	c.host.settle(c)
}

// LocalAddr is the *net.TCPAddr of this end.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr is the *net.TCPAddr of the other end.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline sets both deadlines; the zero time removes them.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline lets blocked and later reads fail with
// os.ErrDeadlineExceeded from t on.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.setDeadline(&c.readLimit, t) }

// SetWriteDeadline lets blocked and later writes fail with
// os.ErrDeadlineExceeded from t on.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(&c.writeLimit, t) }

func (c *Conn) setDeadline(d *deadline, t time.Time) error {
	c.net.lock()
	defer c.net.unlock()
	if c.closed {
		return c.opError("set", net.ErrClosed)
	}
	d.set(t)
	return nil
}

// deadline wakes those who wait on a condition when its time comes. At most
// one event a deadline is planned, however often it moves later.
type deadline struct {
	net     *Network
	cond    *sync.Cond
	at      int64
	on      bool
	planned int64 // when the next event comes; 0 if none is planned
}

func (d *deadline) passed() bool { return d.on && d.net.now >= d.at }

func (d *deadline) set(t time.Time) {
	d.on = !t.IsZero()
	if !d.on {
		return
	}
	d.at = d.net.since(t)
	if d.passed() {
		d.cond.Broadcast()
		return
	}
	d.plan()
}

func (d *deadline) plan() {
	if d.planned > d.net.now && d.planned <= d.at {
		return
	}
	d.planned = d.at
	d.net.plan(d.at, d)
}

// fire wakes the waiting if the deadline is still that one.
func (d *deadline) fire() {
	if d.planned <= d.net.now {
		d.planned = 0
	}
	if !d.on {
		return
	}
	if d.passed() {
		d.cond.Broadcast()
		return
	}
	d.plan()
}
