package netguard

import (
	"context"
	"net"
	"sync"
	"syscall"
	"time"
)

// Throttle is a Network whose TCP connections together, accepted ones too, give at most so many
// bytes a second to read; 0 leaves the network as it is. A peer that is not read from soon sends no
// more: TCP holds it back. Datagrams are not counted: they are small, and would be lost.
func Throttle(network Network, bytesPerSecond int64) Network {
	if bytesPerSecond <= 0 {
		return network
	}
	return &throttled{Network: network, budget: newReadBudget(bytesPerSecond)}
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
	rate  float64 // bytes a second
	burst float64 // bytes
	chunk int     // the longest read

	mu   sync.Mutex
	left float64   // guarded by mu, as is at
	at   time.Time // when left was true
}

func newReadBudget(bytesPerSecond int64) *readBudget {
	rate := float64(bytesPerSecond)
	burst := max(rate/10, minThrottleRead)
	return &readBudget{rate: rate, burst: burst, chunk: int(min(burst, maxThrottleRead)), left: burst, at: time.Now()}
}

// overdrawn is how long to wait until a read is allowed; 0 or less: not at all.
func (b *readBudget) overdrawn() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill()
	return time.Duration(-b.left / b.rate * float64(time.Second))
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
	for wait := c.budget.overdrawn(); wait > 0; wait = c.budget.overdrawn() {
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-c.closed:
			timer.Stop()
			return 0, net.ErrClosed
		}
	}
	n, err := c.Conn.Read(p[:min(len(p), c.budget.chunk)])
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
