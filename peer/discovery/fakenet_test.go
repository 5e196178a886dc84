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
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/peer/contact"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeNet is a network in memory for tests in virtual time. Hosts are named by
// their address as it is dialled, or by their name with "/4" or "/6" behind it:
// "t.test:80/4".
type fakeNet struct {
	mu       sync.Mutex
	hosts    map[string]httpHost
	udp      map[string]udpHost // not changed while in use
	names    map[netip.Addr]string
	aliases  netip.Addr // where every name under alias.test leads
	opened   []string   // UDP sockets
	contacts []contactNote
	shared   *Announcer
}

// contactNote is one dial or datagram.
type contactNote struct {
	at time.Time
	to netip.AddrPort
}

// setHTTP makes h answer at address, or nobody where it is nil.
func (n *fakeNet) setHTTP(address string, h httpHost) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[address] = h
}

// announcer is the one of the test.
func (n *fakeNet) announcer() *Announcer {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.shared == nil {
		n.shared = NewAnnouncer(n, contact.NewGate())
	}
	return n.shared
}

// httpHost answers an announce, after delay.
type httpHost func(q url.Values) (delay time.Duration, status int, body string)

// udpHost answers a datagram by calling reply, now or later, or not at all.
type udpHost func(packet []byte, reply func([]byte))

// LookupNetIP gives each name an address of its own for each family that it has.
func (n *fakeNet) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	family := strings.TrimPrefix(network, "ip")
	if strings.HasSuffix(host, ".alias.test") && n.aliases.Is4() == (family == "4") {
		return []netip.Addr{n.aliases}, nil
	}
	known := false
	for key, h := range n.hosts {
		known = known || h != nil && strings.HasPrefix(key, host+":") && strings.HasSuffix(key, "/"+family)
	}
	for key := range n.udp {
		known = known || strings.HasPrefix(key, host+":") && strings.HasSuffix(key, "/"+family)
	}
	if !known {
		return nil, &net.DNSError{Err: "no such host", Name: host, Server: "192.168.77.1:53", IsNotFound: true}
	}
	name := host + "/" + family
	for a, known := range n.names {
		if known == name {
			return []netip.Addr{a}, nil
		}
	}
	if n.names == nil {
		n.names = make(map[netip.Addr]string)
	}
	i := len(n.names)
	a := netip.AddrFrom4([4]byte{20, 2, byte(i), 1})
	if family == "6" {
		a = netip.AddrFrom16([16]byte{0x2a, 0x01, 0, 0, byte(i), 15: 1})
	}
	n.names[a] = name
	return []netip.Addr{a}, nil
}

// key is how the host at an address is known. mu is held.
func (n *fakeNet) key(to netip.AddrPort) string {
	name, ok := n.names[to.Addr()]
	if !ok {
		return to.String()
	}
	host, family, _ := strings.Cut(name, "/")
	return fmt.Sprint(host, ":", to.Port(), "/", family)
}

func (n *fakeNet) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	to := netip.MustParseAddrPort(address) // names are looked up before
	n.mu.Lock()
	h := n.hosts[n.key(to)]
	n.contacts = append(n.contacts, contactNote{time.Now(), to})
	n.mu.Unlock()
	if h == nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	client, server := net.Pipe()
	go serveOne(server, h)
	return client, nil
}

func (*fakeNet) Listen(context.Context, string, string) (net.Listener, error) {
	return nil, errors.ErrUnsupported
}

func (n *fakeNet) ListenPacket(_ context.Context, network, address string) (net.PacketConn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.opened = append(n.opened, network+" "+address)
	return &packetConn{net: n, in: make(chan datagram, 2000), closed: make(chan struct{})}, nil
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

// packetConn is a UDP socket: datagrams are queued, never waited for.
type packetConn struct {
	net    *fakeNet
	in     chan datagram
	closed chan struct{}
	once   sync.Once
}

type datagram struct {
	b    []byte
	from netip.AddrPort
}

func (c *packetConn) WriteTo(p []byte, addr net.Addr) (int, error) {
	to := addr.(*net.UDPAddr).AddrPort()
	c.net.mu.Lock()
	h := c.net.udp[c.net.key(to)]
	c.net.contacts = append(c.net.contacts, contactNote{time.Now(), to})
	c.net.mu.Unlock()
	if h != nil {
		h(append([]byte(nil), p...), func(b []byte) { c.push(b, to) })
	}
	return len(p), nil
}

// push is a datagram from an address.
func (c *packetConn) push(b []byte, from netip.AddrPort) {
	select {
	case c.in <- datagram{b, from}:
	default:
	}
}

func (c *packetConn) ReadFrom(p []byte) (int, net.Addr, error) {
	select {
	case d := <-c.in:
		return copy(p, d.b), net.UDPAddrFromAddrPort(d.from), nil
	case <-c.closed:
		return 0, nil, net.ErrClosed
	}
}

func (c *packetConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

func (c *packetConn) LocalAddr() net.Addr              { return &net.UDPAddr{} }
func (c *packetConn) SetReadDeadline(time.Time) error  { return errors.ErrUnsupported }
func (c *packetConn) SetWriteDeadline(time.Time) error { return errors.ErrUnsupported }
func (c *packetConn) SetDeadline(time.Time) error      { return errors.ErrUnsupported }

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
		Announcer: net.announcer(),
		InfoHash:  [20]byte([]byte("\x00\x01 infohash_ /+&=\xff~.")),
		PeerID:    [20]byte([]byte("-BG0001-abcdefghijkl")),
		Port:      at(42069),
		Progress:  func() (int64, int64, int64) { return 1, 2, 3 },
		Found:     func(addrs []netip.AddrPort, _ []netip.Prefix) { d.add("found %v", addrs) },
		Tiers:     tiers,
		shuffle:   func(int, func(int, int)) {},
	}
}
