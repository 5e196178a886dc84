package netguard

import (
	"context"
	"net"
	"sync"
	"syscall"
	"time"
)

// A Throttle bounds what is read from all TCP connections of a network together, accepted ones too.
// A peer that is not read from soon sends no more: TCP holds it back. Datagrams are not counted: they
// are small, and would be lost. It is safe for concurrent use.
type Throttle struct{ budget *readBudget } // nil: it bounds nothing

// NewThrottle bounds reads to so many bytes a second; 0 bounds nothing, whatever is set later.
func NewThrottle(bytesPerSecond int64) *Throttle {
	if bytesPerSecond <= 0 {
		return &Throttle{}
	}
	b := &readBudget{at: time.Now()}
	b.set(float64(bytesPerSecond))
	b.left = b.burst
	return &Throttle{b}
}

// SetRate changes the bound; 0 keeps the one before.
func (t *Throttle) SetRate(bytesPerSecond int64) {
	if t.budget == nil || bytesPerSecond <= 0 {
		return
	}
	t.budget.mu.Lock()
	defer t.budget.mu.Unlock()
	t.budget.fill()
	t.budget.set(float64(bytesPerSecond))
}

// Network is n under the bound.
func (t *Throttle) Network(n Network) Network {
	if t.budget == nil {
		return n
	}
	return &throttled{n, t.budget}
}

type throttled struct {
	Network
	budget *readBudget
}

// DialContext implements Network.
func (t *throttled) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := t.Network.DialContext(ctx, network, address)
	if err != nil || checkNetwork(network, "tcp") != nil {
		return conn, err
	}
	return t.budget.wrap(conn), nil
}

// Listen implements Network.
func (t *throttled) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	ln, err := t.Network.Listen(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &throttledListener{ln, t.budget}, nil
}

type throttledListener struct {
	net.Listener
	budget *readBudget
}

// Accept implements net.Listener.
func (l *throttledListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.budget.wrap(conn), nil
}

// A readBudget is a token bucket that may be overdrawn: what a read brings is known after it, and a
// read that waits for its peer holds nothing back. Nobody reads while it is overdrawn. It is safe
// for concurrent use.
type readBudget struct {
	mu    sync.Mutex
	rate  float64   // bytes a second; guarded by mu, as is all that follows
	burst float64   // bytes
	left  float64   // bytes
	at    time.Time // when left was true
}

// set changes the rate. mu is held, or nobody else knows b.
func (b *readBudget) set(rate float64) {
	b.rate, b.burst = rate, max(rate/10, minThrottleRead)
}

// overdrawn is how long to wait until a read is allowed, 0 or less: not at all; and how many bytes
// one may then have.
func (b *readBudget) overdrawn() (wait time.Duration, most int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill()
	return time.Duration(-b.left / b.rate * float64(time.Second)), int(min(b.burst, maxThrottleRead))
}

func (b *readBudget) spend(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill()
	b.left -= float64(n)
}

// fill adds what time has brought. mu is held.
func (b *readBudget) fill() {
	now := time.Now()
	b.left = min(b.burst, b.left+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
}

func (b *readBudget) wrap(conn net.Conn) net.Conn {
	c := &throttledConn{Conn: conn, budget: b, closed: make(chan struct{})}
	c.end = sync.OnceFunc(func() { close(c.closed) })
	return c
}

type throttledConn struct {
	net.Conn
	budget *readBudget
	closed chan struct{}
	end    func()
}

// Read implements net.Conn.
func (c *throttledConn) Read(p []byte) (int, error) {
	wait, most := c.budget.overdrawn()
	for ; wait > 0; wait, most = c.budget.overdrawn() {
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-c.closed:
			timer.Stop()
			return 0, net.ErrClosed
		}
	}
	n, err := c.Conn.Read(p[:min(len(p), most)])
	c.budget.spend(n)
	return n, err
}

// Close implements net.Conn.
func (c *throttledConn) Close() error {
	c.end()
	return c.Conn.Close()
}

// SyscallConn gives the socket for its options.
func (c *throttledConn) SyscallConn() (syscall.RawConn, error) {
	if sc, ok := c.Conn.(syscall.Conn); ok {
		return sc.SyscallConn()
	}
	return nil, syscall.EOPNOTSUPP
}
