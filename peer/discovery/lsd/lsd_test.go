package lsd

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/internal/bubble"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hub is a multicast group of a simulated network.
type hub struct {
	mu      sync.Mutex
	members []*hubConn
	log     []string // what was sent
}

type hubConn struct {
	net.PacketConn // nil: what it has is not used
	hub            *hub
	addr           *net.UDPAddr
	in             chan packet
	closing        sync.Once
	closed         chan struct{}
}

type packet struct {
	b    []byte
	from net.Addr
}

// join is a member with an address.
func (h *hub) join(addr string) func() ([]member, error) {
	return func() ([]member, error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		c := &hubConn{hub: h, addr: net.UDPAddrFromAddrPort(netip.MustParseAddrPort(addr)), in: make(chan packet, 1000), closed: make(chan struct{})}
		h.members = append(h.members, c)
		return []member{{c, group4}}, nil
	}
}

// sent is what was sent until now.
func (h *hub) sent() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.log)
}

func (c *hubConn) WriteTo(b []byte, to net.Addr) (int, error) {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	if to.String() != group4.String() {
		return 0, fmt.Errorf("sent to %s", to)
	}
	c.hub.log = append(c.hub.log, string(b))
	for _, m := range c.hub.members {
		m.in <- packet{slices.Clone(b), c.addr}
	}
	return len(b), nil
}

func (c *hubConn) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case p := <-c.in:
		return copy(b, p.b), p.from, nil
	case <-c.closed:
		return 0, nil, net.ErrClosed
	}
}

func (c *hubConn) Close() error {
	c.closing.Do(func() { close(c.closed) })
	return nil
}

// found gathers peers.
type found struct {
	mu    sync.Mutex
	peers []string
}

func (f *found) add(hash [20]byte, peer netip.AddrPort) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.peers = append(f.peers, fmt.Sprintf("%s of %d", peer, hash[0]))
}

func (f *found) all() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.peers, ", ")
}

// start joins a hub.
func start(t *testing.T, h *hub, addr string, port int) (*LSD, *found) {
	t.Helper()
	f := &found{}
	l, err := Start(Config{Port: func() int { return port }, Found: f.add, join: h.join(addr)})
	if err != nil {
		t.Fatal(err)
	}
	return l, f
}

// Who is there hears of a torrent at once, and each five minutes; nobody hears
// himself.
func TestAnnounce(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := &hub{}
		a, heardByA := start(t, h, "192.168.1.2:6771", 7001)
		b, heardByB := start(t, h, "192.168.1.3:6771", 7002)
		stranger, _ := start(t, h, "8.8.8.8:6771", 7003)
		a.Add([20]byte{1})
		synctest.Wait()
		if got := heardByB.all(); got != "192.168.1.2:7001 of 1" {
			t.Errorf("b found %q", got)
		}
		b.Add([20]byte{2})
		stranger.Add([20]byte{2})
		synctest.Wait()
		if got := heardByA.all(); got != "192.168.1.3:7002 of 2" {
			t.Errorf("a found %q", got)
		}
		before := len(h.sent())
		time.Sleep(announceInterval - time.Second)
		synctest.Wait()
		if n := len(h.sent()); n != before {
			t.Errorf("%d more messages within five minutes", n-before)
		}
		a.Remove([20]byte{1})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := heardByA.all(); got != "192.168.1.3:7002 of 2, 192.168.1.3:7002 of 2" {
			t.Errorf("after five minutes a found %q", got)
		}
		if got := heardByB.all(); got != "192.168.1.2:7001 of 1" {
			t.Errorf("after five minutes b found %q", got)
		}
		for _, l := range []*LSD{a, b, stranger} {
			l.Close()
		}
	})
}

// Many torrents go in few messages, one a second.
func TestPace(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := &hub{}
		l, _ := start(t, h, "192.168.1.2:6771", 7001)
		for i := range 3*maxHashes + 1 {
			l.Add([20]byte{byte(i), 1})
		}
		begun := time.Now()
		for range 5 {
			synctest.Wait()
			time.Sleep(sendInterval)
		}
		synctest.Wait()
		l.Close()
		sent := h.sent()
		if n := len(sent); n < 4 || n > 5 {
			t.Errorf("%d messages in %v", n, time.Since(begun))
		}
		hashes := 0
		for _, m := range sent {
			if len(m) > 1400 {
				t.Errorf("a message of %d bytes", len(m))
			}
			hashes += strings.Count(m, "Infohash: ")
		}
		if hashes != 3*maxHashes+1 {
			t.Errorf("%d torrents were announced", hashes)
		}
	})
}

// A torrent that is added after a message is announced a second later, not with the
// next round.
func TestAddedLater(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := &hub{}
		l, _ := start(t, h, "192.168.1.2:6771", 7001)
		defer l.Close()
		for i := range 3 {
			l.Add([20]byte{byte(i), 1})
			synctest.Wait()
		}
		time.Sleep(sendInterval)
		synctest.Wait()
		sent := h.sent()
		if len(sent) != 2 || strings.Count(sent[0], "Infohash: ") != 1 || strings.Count(sent[1], "Infohash: ") != 2 {
			t.Errorf("sent %q", sent)
		}
	})
}

// A flood is not handed on.
func TestFlood(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := &hub{}
		l, f := start(t, h, "192.168.1.2:6771", 7001)
		m := message{port: 80, hashes: [][20]byte{{9}}, cookie: "other"}
		for range 10 * messageBurst {
			l.members[0].conn.(*hubConn).in <- packet{m.append(nil, group4.String()), net.UDPAddrFromAddrPort(netip.MustParseAddrPort("10.0.0.1:6771"))}
		}
		synctest.Wait()
		l.Close()
		if n := strings.Count(f.all(), "10.0.0.1:80 of 9"); n != messageBurst {
			t.Errorf("%d of %d messages were read", n, 10*messageBurst)
		}
	})
}

// The example of BEP 14, and what is none.
func TestParse(t *testing.T) {
	const hash = "0123456789012345678901234567890123456789"
	const good = "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: " + hash + "\r\ncookie: name=value\r\n\r\n\r\n"
	if m, ok := parse([]byte(good)); !ok || m.port != 6881 || len(m.hashes) != 1 || fmt.Sprintf("%x", m.hashes[0]) != hash || m.cookie != "name=value" {
		t.Errorf("%+v, %v", m, ok)
	}
	for _, bad := range []string{
		"", "BT-SEARCH * HTTP/1.1\r\n\r\n",
		strings.Replace(good, "BT-SEARCH", "M-SEARCH", 1),
		strings.Replace(good, "6881", "0", 1),
		strings.Replace(good, "6881", "65536", 1),
		strings.Replace(good, hash, hash[1:], 1),
	} {
		if m, ok := parse([]byte(bad)); ok {
			t.Errorf("%q is %+v", bad, m)
		}
	}
}

func FuzzParse(f *testing.F) {
	m := message{port: 6881, hashes: [][20]byte{{1}, {2}}, cookie: "c"}
	f.Add(m.append(nil, group4.String()))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, ok := parse(b)
		if !ok {
			return
		}
		if m.port == 0 || len(m.hashes) == 0 || len(m.hashes) > maxHashes {
			t.Fatalf("%+v", m)
		}
		again, ok := parse(m.append(nil, group4.String()))
		if !ok || again.port != m.port || !slices.Equal(again.hashes, m.hashes) || again.cookie != m.cookie {
			t.Fatalf("%+v becomes %+v", m, again)
		}
	})
}

// The real groups, where the machine has an interface for them.
func TestGroups(t *testing.T) {
	members, err := joinGroups()
	for _, m := range members {
		m.conn.Close()
	}
	all, _ := net.Interfaces()
	able := slices.ContainsFunc(all, func(i net.Interface) bool {
		return i.Flags&net.FlagUp != 0 && i.Flags&net.FlagMulticast != 0
	})
	if able == (err != nil) {
		t.Errorf("interfaces for multicast: %v, but %v", able, err)
	}
}
