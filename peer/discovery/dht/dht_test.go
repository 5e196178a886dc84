package dht

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/peer/netguard"
)

// awaitTime is how long something may take that should happen at once.
const awaitTime = 20 * time.Second

// testHash is of a torrent.
var testHash = [20]byte([]byte(hash20))

// await waits for something to become true.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(awaitTime); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: that %s", what)
		}
	}
}

// startNode starts a DHT on loopback.
func startNode(t *testing.T, cfg Config) *DHT {
	t.Helper()
	if cfg.Network == nil {
		cfg.Network = netguard.New(netguard.Policy{AllowPrivate: true})
	}
	if cfg.Listen == "" {
		cfg.Listen = "127.0.0.1:0"
	}
	d, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// addr is where a DHT's node is.
func (d *DHT) addr() string { return d.nodes[0].conn.LocalAddr().String() }

// startNodes starts that many nodes, of which each knows the first, and waits
// until all of them answer.
func startNodes(t *testing.T, n int) []*DHT {
	t.Helper()
	forwarded := func() bool { return true }
	all := []*DHT{startNode(t, Config{Forwarded: forwarded})}
	all[0].learn()
	for len(all) < n {
		d := startNode(t, Config{Forwarded: forwarded, Bootstrap: []string{all[0].addr()}})
		d.learn()
		all = append(all, d)
	}
	for _, d := range all {
		await(t, "a node answers", func() bool { return d.Stats().Answers })
		first := netip.MustParseAddrPort(all[0].addr())
		if d != all[0] {
			d.AddNode(first)
			await(t, "a node knows the first", func() bool { return d.Stats().Nodes > 0 })
			all[0].AddNode(netip.MustParseAddrPort(d.addr()))
		}
	}
	await(t, "the first knows all", func() bool { return all[0].Stats().Nodes == n-1 })
	return all
}

// found gathers the peers of a search.
type found struct {
	mu    sync.Mutex
	peers map[netip.AddrPort]bool
}

func (f *found) add(addrs []netip.AddrPort) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.peers == nil {
		f.peers = map[netip.AddrPort]bool{}
	}
	for _, a := range addrs {
		f.peers[a] = true
	}
}

func (f *found) has(addr string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.peers[netip.MustParseAddrPort(addr)]
}

// search looks for testHash, and announces a port unless it is 0.
func search(t *testing.T, d *DHT, port int) (*Search, *found) {
	t.Helper()
	f := &found{}
	s := d.Search(SearchConfig{InfoHash: testHash, Port: func() int { return port }, Found: f.add})
	t.Cleanup(s.Close)
	return s, f
}

// Who announces is found by others.
func TestSearch(t *testing.T) {
	all := startNodes(t, 6)
	search(t, all[1], 7001)
	await(t, "a node keeps the announce", func() bool {
		for _, d := range all {
			if len(d.nodes[0].store.GetPeers(testHash)) > 0 {
				return true
			}
		}
		return false
	})
	s, f := search(t, all[4], 0)
	await(t, "a search finds who announced", func() bool { s.Hurry(); return f.has("127.0.0.1:7001") })
}

// A query that ends the process of whoever gives it to the library as it is.
func TestHostileQuery(t *testing.T) {
	d := startNodes(t, 1)[0]
	conn, err := net.Dial("udp", d.addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, q := range []string{"d1:q13:announce_peer1:t2:aa1:y1:qe", "d1:q3:put1:t2:aa1:y1:qe", "d1:q9:get_peers1:t2:aa1:y1:qe", "d", "de", "d1:y"} {
		if _, err := conn.Write([]byte(q)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.Write([]byte("d1:ad2:id20:" + id20 + "e1:q4:ping1:t2:zz1:y1:qe")); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(awaitTime)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1500)
	n, err := conn.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := parseMessage(b[:n]); err != nil || m.kind != 'r' || string(m.transaction) != "zz" || m.seenAs == nil {
		t.Errorf("answer to a ping: %q, %v", b[:n], err)
	}
}

// Nodes with forbidden addresses are not asked, whoever names them (SECURITY T1).
func TestForbiddenNodes(t *testing.T) {
	private, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer private.Close()
	strict := netguard.New(netguard.Policy{})
	d := startNode(t, Config{Network: strict, Bootstrap: []string{private.LocalAddr().String()}})
	d.AddNode(netip.MustParseAddrPort(private.LocalAddr().String()))
	s, _ := search(t, d, 7001)
	await(t, "the guard refuses what was tried", func() bool { return strict.Refused() > 2 })
	s.Close()
	if err := private.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, from, err := private.ReadFrom(make([]byte, 1500)); err == nil {
		t.Errorf("%d bytes came from %s", n, from)
	}
}

// The nodes of one run are those that the next begins with.
func TestState(t *testing.T) {
	others := startNodes(t, 3)
	file := filepath.Join(t.TempDir(), "nodes")
	d := startNode(t, Config{StateFile: file, Bootstrap: []string{others[0].addr()}})
	await(t, "nodes are known", func() bool { return d.Stats().Nodes >= 2 })
	id := d.nodes[0].id
	d.Close()
	again := startNode(t, Config{StateFile: file})
	if again.nodes[0].id != id {
		t.Errorf("the id changed from %x to %x", id, again.nodes[0].id)
	}
	if n := len(again.nodes[0].server.Nodes()); n < 2 {
		t.Errorf("%d nodes are left", n)
	}
}

// A file that is none is no reason not to start.
func TestDamagedState(t *testing.T) {
	for _, content := range []string{"", "garbage", "d3:id420:" + id20, "d3:id45:short6:nodes430:" + id20 + "1234\x00\x00abcde", "i5e"} {
		file := filepath.Join(t.TempDir(), "nodes")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		d := startNode(t, Config{StateFile: file})
		if n := len(d.nodes[0].server.Nodes()); n != 0 {
			t.Errorf("%q has %d nodes", content, n)
		}
		d.Close()
	}
}

func FuzzState(f *testing.F) {
	f.Add([]byte("d3:id420:" + id20 + "6:nodes426:" + id20 + "\x01\x02\x03\x04\x1a\xe1e"))
	f.Add([]byte("d3:id620:" + id20 + "6:nodes60:e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		saved, err := parseState(b)
		if err != nil {
			return
		}
		for family, s := range saved {
			if len(s.nodes) > maxSaved {
				t.Errorf("%d nodes of IPv%s", len(s.nodes), family)
			}
			for _, ni := range s.nodes {
				if a := ni.Addr.ToNodeAddrPort(); !a.IsValid() || a.Port() == 0 || ni.ID == [20]byte{} {
					t.Errorf("node %v", ni)
				}
			}
		}
	})
}

// Our own address makes the id, and makes us answer (BEP 42, BEP 43).
func TestExternal(t *testing.T) {
	d := startNode(t, Config{})
	n := d.nodes[0]
	before := n.id
	for i := range votesNeeded {
		if st := d.Stats(); st.Answers {
			t.Fatalf("after %d votes: %+v", i, st)
		}
		from := netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 9, 9, byte(i)}), 6881)
		n.heard(from, &message{kind: 'r', seenAs: []byte{21, 75, 31, 124, 1, 1}})
	}
	await(t, "the id is made of the address", func() bool {
		n.mu.Lock()
		defer n.mu.Unlock()
		return n.id != before
	})
	n.mu.Lock()
	id := n.id
	n.mu.Unlock()
	if !secure(id, "21.75.31.124") || d.Answers() {
		t.Errorf("id %x, answers %v: nobody reaches us behind that address", id, d.Answers())
	}
	for i := range maxVotes {
		from := netip.AddrPortFrom(netip.AddrFrom4([4]byte{8, 8, 8, byte(i)}), 6881)
		n.heard(from, &message{kind: 'r', seenAs: []byte{127, 0, 0, 1, 1, 1}})
	}
	await(t, "a node with an address of this machine answers", func() bool { return d.Stats().Answers })
}
