package discovery

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeNet is a network in memory for tests in virtual time. Hosts are named by
// their address as it is dialled, with "/4" or "/6" behind it where one family
// is asked for: "t.test:80/4".
type fakeNet struct {
	mu    sync.Mutex
	hosts map[string]httpHost
	udp   map[string]udpHost // not changed while in use
}

// setHTTP makes h answer at address, or nobody where it is nil.
func (n *fakeNet) setHTTP(address string, h httpHost) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[address] = h
}

// httpHost answers an announce, after delay.
type httpHost func(q url.Values) (delay time.Duration, status int, body string)

// udpHost answers a datagram by calling reply, now or later, or not at all.
type udpHost func(packet []byte, reply func([]byte))

func (n *fakeNet) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if family := strings.TrimLeft(network, "tcpud"); family != "" {
		address += "/" + family
	}
	if h, ok := n.udp[address]; ok && strings.HasPrefix(network, "udp") {
		return newDatagramConn(address, h), nil
	}
	n.mu.Lock()
	h := n.hosts[address]
	n.mu.Unlock()
	if h == nil || !strings.HasPrefix(network, "tcp") {
		host, _, _ := strings.Cut(address, ":")
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: host, Server: "192.168.77.1:53", IsNotFound: true}}
	}
	client, server := net.Pipe()
	go serveOne(server, h)
	return client, nil
}

func (*fakeNet) Listen(context.Context, string, string) (net.Listener, error) {
	return nil, errors.ErrUnsupported
}

func (*fakeNet) ListenPacket(context.Context, string, string) (net.PacketConn, error) {
	return nil, errors.ErrUnsupported
}

func (*fakeNet) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, errors.ErrUnsupported
}

func serveOne(conn net.Conn, h httpHost) {
	defer conn.Close()
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	if strings.HasPrefix(req.URL.Path, "/scrape") { // the hosts announce alone
		io.WriteString(conn, "HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n")
		return
	}
	delay, status, body := h(req.URL.Query())
	gone := make(chan struct{})
	go func() {
		io.Copy(io.Discard, conn)
		close(gone)
	}()
	select {
	case <-time.After(delay):
		fmt.Fprintf(conn, "HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
		<-gone
	case <-gone:
	}
}

// datagramConn is a connected UDP socket: datagrams are queued, never waited
// for.
type datagramConn struct {
	remote   netip.AddrPort
	host     udpHost
	in       chan []byte
	closed   chan struct{}
	once     sync.Once
	deadline time.Time
}

func newDatagramConn(address string, h udpHost) *datagramConn {
	hostPort, family, _ := strings.Cut(address, "/")
	remote, err := netip.ParseAddrPort(hostPort)
	if err != nil { // a name
		remote = netip.MustParseAddrPort(map[string]string{"4": "192.0.2.1:9", "6": "[2001:db8::1]:9"}[family])
	}
	return &datagramConn{remote: remote, host: h, in: make(chan []byte, 2000), closed: make(chan struct{})}
}

func (c *datagramConn) Write(p []byte) (int, error) {
	c.host(append([]byte(nil), p...), func(b []byte) {
		select {
		case c.in <- b:
		default:
		}
	})
	return len(p), nil
}

func (c *datagramConn) Read(p []byte) (int, error) {
	timer := time.NewTimer(time.Until(c.deadline))
	defer timer.Stop()
	select {
	case b := <-c.in:
		return copy(p, b), nil
	case <-timer.C:
		return 0, os.ErrDeadlineExceeded
	case <-c.closed:
		return 0, net.ErrClosed
	}
}

func (c *datagramConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

func (c *datagramConn) LocalAddr() net.Addr  { return &net.UDPAddr{} }
func (c *datagramConn) RemoteAddr() net.Addr { return net.UDPAddrFromAddrPort(c.remote) }
func (c *datagramConn) SetReadDeadline(t time.Time) error {
	c.deadline = t
	return nil
}
func (c *datagramConn) SetWriteDeadline(time.Time) error { return nil }
func (c *datagramConn) SetDeadline(t time.Time) error    { return c.SetReadDeadline(t) }

// diary notes what happens when, from the start of the test.
type diary struct {
	mu    sync.Mutex
	start time.Time
	lines []string
}

func newDiary() *diary { return &diary{start: time.Now()} }

func (d *diary) add(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprint(time.Since(d.start))+" "+fmt.Sprintf(format, args...))
}

// take gives what was noted since the last take.
func (d *diary) take() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := strings.Join(d.lines, "\n")
	d.lines = nil
	return s
}

func (d *diary) want(t *testing.T, lines ...string) {
	t.Helper()
	if got, want := d.take(), strings.Join(lines, "\n"); got != want {
		t.Errorf("happened:\n%s\nwant:\n%s", got, want)
	}
}

// wantAnyOrder is want for what happens in parallel.
func (d *diary) wantAnyOrder(t *testing.T, lines ...string) {
	t.Helper()
	d.mu.Lock()
	slices.Sort(d.lines)
	d.mu.Unlock()
	slices.Sort(lines)
	d.want(t, lines...)
}

// tracker is an HTTP host that answers after delay and notes each announce.
func (d *diary) tracker(name string, delay time.Duration, body string) httpHost {
	return func(q url.Values) (time.Duration, int, string) {
		d.add("%s %s", name, strings.TrimSpace("announce "+q.Get("event")))
		return delay, http.StatusOK, body
	}
}

// Answers of fake trackers.
const (
	nobody   = "d8:intervali1800e5:peers0:e"
	onePeer  = "d8:intervali1800e5:peers6:\x01\x02\x03\x04\x1a\xe1e"
	onePeer2 = "d8:intervali1800e5:peers6:\x05\x06\x07\x08\x1a\xe1e"
)

// testConfig is a Config over net whose Found is noted in d.
// at is a port that stays.
func at(port int) func() int { return func() int { return port } }

func testConfig(net *fakeNet, d *diary, tiers ...[]string) Config {
	return Config{
		Network:  net,
		InfoHash: [20]byte([]byte("\x00\x01 infohash_ /+&=\xff~.")),
		PeerID:   [20]byte([]byte("-BG0001-abcdefghijkl")),
		Port:     at(42069),
		Progress: func() (int64, int64, int64) { return 1, 2, 3 },
		Found:    func(addrs []netip.AddrPort) { d.add("found %v", addrs) },
		Tiers:    tiers,
		shuffle:  func(int, func(int, int)) {},
	}
}
