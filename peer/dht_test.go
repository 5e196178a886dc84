package peer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/metainfo/bencode"
	"github.com/btgw/btgw/peer/discovery/dht"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/wire"
)

// withNode gives a host a DHT node that others may ask, which knows nobody.
func withNode(t *testing.T, h *Host) {
	t.Helper()
	d, err := dht.Start(dht.Config{Network: h.cfg.Network, Listen: "127.0.0.1:0", Forwarded: func() bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
	h.dht = d // the host closes it
	awaitFor(t, "the node answers", d.Answers)
}

func awaitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: that %s", what)
		}
	}
}

// Peers tell each other where their nodes are (BEP 5), and a node that is told of is asked
// whether it is there.
func TestPort(t *testing.T) {
	t.Parallel()
	tor, data := content(t, 100_000, 16<<10)
	h := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	withNode(t, h)
	swarm(t, h, tor, seed(tor.Info, data))
	nc, err := net.Dial("tcp", loopbackAddr(h).String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if err := nc.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	hello := wire.NewHandshake(tor.Info.ID().Wire(), fakeID)
	hello.OfferDHT()
	peer := &fake{t: t, nc: nc, r: bufio.NewReader(nc), hash: hello.InfoHash, id: hello.PeerID, bits: hello.Reserved}
	peer.write(peer.handshake())
	if ours := peer.readHandshake(); !ours.DHT() {
		t.Error("the handshake offers no node")
	}
	if port := wire.ParsePort(peer.expect(wire.Port)); int(port) != h.dht.Port() {
		t.Errorf("our node is at %d, the peer is told %d", h.dht.Port(), port)
	}
	node := newFakeNode(t)
	peer.write(wire.AppendPort(nil, uint16(node.conn.LocalAddr().(*net.UDPAddr).Port)))
	awaitFor(t, "the peer's node is asked", node.pinged)
}

// fakeNode is a node of the DHT that knows peers of every torrent.
type fakeNode struct {
	conn   net.PacketConn
	values []netip.AddrPort

	mu    sync.Mutex
	asked map[string]map[string]bool // by method, the infohashes
}

func newFakeNode(t *testing.T, values ...netip.AddrPort) *fakeNode {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &fakeNode{conn: conn, values: values, asked: map[string]map[string]bool{}}
	var done sync.WaitGroup
	done.Go(n.run)
	t.Cleanup(func() {
		conn.Close()
		done.Wait()
	})
	return n
}

func (n *fakeNode) run() {
	b := make([]byte, 4096)
	for {
		k, from, err := n.conn.ReadFrom(b)
		if err != nil {
			return
		}
		q, err := bencode.Parse(b[:k])
		if err != nil || q.Get("y").Text() != "q" {
			continue
		}
		method, hash := q.Get("q").Text(), q.Get("a").Get("info_hash").Text()
		n.mu.Lock()
		if n.asked[method] == nil {
			n.asked[method] = map[string]bool{}
		}
		n.asked[method][hash] = true
		n.mu.Unlock()
		n.conn.WriteTo(n.answer(q.Get("t").Text(), method), from)
	}
}

func (n *fakeNode) answer(transaction, method string) []byte {
	r := []byte("d1:rd2:id20:01234567890123456789")
	if method == "get_peers" {
		r = append(r, "5:token1:t6:valuesl"...)
		for _, v := range n.values {
			r = bencode.AppendString(r, binary.BigEndian.AppendUint16(v.Addr().AsSlice(), v.Port()))
		}
		r = append(r, 'e')
	}
	r = append(r, "e1:t"...)
	r = bencode.AppendString(r, transaction)
	return append(r, "1:y1:re"...)
}

// has reports whether the node was asked for a torrent, or told of one.
func (n *fakeNode) has(method string, hash metainfo.InfoHash) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	wire := hash.Wire()
	return n.asked[method][string(wire[:])]
}

// pinged reports whether the node was asked whether it is there.
func (n *fakeNode) pinged() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.asked["ping"]) > 0
}

// dhtHost is a host whose DHT begins with one node.
func dhtHost(t *testing.T, network netguard.Network, n *fakeNode) *Host {
	t.Helper()
	return newTestHost(t, HostConfig{
		Network: network, Listen: "127.0.0.1:0", DHT: &DHTConfig{Bootstrap: []string{n.conn.LocalAddr().String()}},
	})
}

// A torrent that is known by its hash is looked for in the DHT, and announced
// there once its metadata says that it is not private.
func TestAnnouncedInDHT(t *testing.T) {
	t.Parallel()
	tor, data := content(t, 100_000, 16<<10)
	a := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	swarm(t, a, tor, seed(tor.Info, data))
	node := newFakeNode(t, loopbackAddr(a))
	b := dhtHost(t, loopback{}, node)
	down := leech(nil)
	s := swarm(t, b, tor, down)
	s.SetWanted(true)
	down.wait(t, time.Minute)
	if !bytes.Equal(down.data, data) {
		t.Fatal("other bytes came than were sent")
	}
	awaitFor(t, "it is announced", func() bool { return node.has("announce_peer", tor.Info.ID()) })
}

// Private torrents are no business of the DHT (BEP 27), from the moment on that
// they are known to be.
func TestPrivateAndDHT(t *testing.T) {
	t.Parallel()
	private, data := content(t, 100_000, 16<<10, func(o *metainfo.MakeOptions) { o.Private = true })
	public, _ := content(t, 200_000, 16<<10)
	node := newFakeNode(t)
	h := dhtHost(t, loopback{}, node)
	swarm(t, h, private, seed(private.Info, data)).SetWanted(true)
	swarm(t, h, public, leech(public.Info)).SetWanted(true)
	awaitFor(t, "the public one is announced", func() bool { return node.has("announce_peer", public.Info.ID()) })
	if node.has("get_peers", private.Info.ID()) {
		t.Error("a private torrent was looked for")
	}
	byHash, _ := content(t, 300_000, 16<<10, func(o *metainfo.MakeOptions) { o.Private = true })
	s := swarm(t, h, byHash, leech(nil))
	awaitFor(t, "it is looked for", func() bool { return node.has("get_peers", byHash.Info.ID()) })
	s.SetInfo(byHash.Info)
	s.mu.Lock()
	searches := len(s.searches)
	s.mu.Unlock()
	if searches != 0 || node.has("announce_peer", byHash.Info.ID()) {
		t.Errorf("%d searches of a private torrent", searches)
	}
}

// guardedTCP lets packets of the DHT through on loopback, and dials by the
// strict policy.
type guardedTCP struct {
	loopback
	guard *netguard.Guard
}

func (n guardedTCP) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if strings.HasPrefix(network, "udp") {
		return n.loopback.DialContext(ctx, network, address)
	}
	return n.guard.DialContext(ctx, network, address)
}

// Peers that the DHT names are not dialled where the policy forbids it (SECURITY
// T1).
func TestForbiddenPeersOfDHT(t *testing.T) {
	t.Parallel()
	victim, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer victim.Close()
	values := []netip.AddrPort{netip.MustParseAddrPort(victim.Addr().String())}
	for _, a := range []string{"10.1.2.3:80", "169.254.169.254:80", "192.168.1.1:80", "100.64.1.1:80", "[::1]:80", "[fd00::1]:80", "[::ffff:127.0.0.1]:80"} {
		values = append(values, netip.MustParseAddrPort(a))
	}
	node := newFakeNode(t, values...)
	guard := netguard.New(netguard.Policy{})
	h := dhtHost(t, guardedTCP{guard: guard}, node)
	tor, _ := content(t, 100_000, 16<<10)
	s := swarm(t, h, tor, leech(nil))
	s.SetWanted(true)
	awaitFor(t, "the guard refuses them all", func() bool { return guard.Refused() >= int64(len(values)) })
	awaitFor(t, "none is tried again", func() bool { st := s.Stats(); return st.Known == 0 && st.Dialing == 0 })
	if err := victim.(*net.TCPListener).SetDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if c, err := victim.Accept(); err == nil {
		c.Close()
		t.Error("a connection came")
	}
}
