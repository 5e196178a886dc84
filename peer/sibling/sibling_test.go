package sibling

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

func secretOf(t *testing.T, s string) *Secret {
	t.Helper()
	x, err := NewSecret([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestNewSecret(t *testing.T) {
	for _, tt := range []struct {
		text string
		ok   bool
	}{
		{"", false}, {"fifteen bytes..", false}, {"   fifteen bytes..   \n", false}, {"sixteen bytes...", true},
		{strings.Repeat("x", MaxSecret), true}, {strings.Repeat("x", MaxSecret+1), false},
	} {
		if _, err := NewSecret([]byte(tt.text)); (err == nil) != tt.ok {
			t.Errorf("%d bytes: %v", len(tt.text), err)
		}
	}
	if secretOf(t, "a secret of the fleet").Channel() != secretOf(t, "\ta secret of the fleet\n").Channel() {
		t.Error("white space makes another secret")
	}
	if secretOf(t, "a secret of the fleet").Channel() == secretOf(t, "a secret of the fleeT").Channel() {
		t.Error("two secrets have the same channel")
	}
}

func TestParseSecrets(t *testing.T) {
	const one, two = "a secret of the fleet", "another one of the fleet"
	for _, tt := range []struct {
		text string
		want []string // nil: it is refused
	}{
		{one, []string{one}}, {"# of May\n\n  " + one + "\r\n" + two + "\n", []string{one, two}},
		{"", nil}, {"# nothing\n", nil}, {one + "\nshort\n", nil}, {strings.Repeat(one+"\n", MaxSecrets+1), nil}, {strings.Repeat("x", 100<<10), nil},
	} {
		got, err := ParseSecrets(strings.NewReader(tt.text))
		if (err == nil) != (tt.want != nil) {
			t.Errorf("%.40q: %v", tt.text, err)
			continue
		}
		for i, text := range tt.want {
			s := secretOf(t, text)
			if !got.Has(s) || got.Of(s.Channel()) == nil || got.Channels()[i] != s.Channel() || got.First().Equal(s) != (i == 0) {
				t.Errorf("%.40q: %q is not secret %d of it", tt.text, text, i)
			}
			x := &Exchange{InfoHash: [20]byte{1}}
			proof := s.Prove(x, Dialler)
			if by := got.Check(x, Dialler, proof[:]); by == nil || !by.Equal(s) || got.Check(x, Acceptor, proof[:]) != nil {
				t.Errorf("%.40q: a proof by %q is one by %v", tt.text, text, by)
			}
		}
		if err == nil && (got.Has(secretOf(t, "of somebody else's fleet")) || got.Of([20]byte{}) != nil) {
			t.Errorf("%.40q has another's secret", tt.text)
		}
	}
}

// A proof is right for one exchange, one role and one secret.
func TestProof(t *testing.T) {
	s := secretOf(t, "a secret of the fleet")
	of := func(change func(*Exchange)) *Exchange {
		x := &Exchange{InfoHash: [20]byte{1}, Dialler: Greeting{[20]byte{2}, []byte{3, 4}}, Acceptor: Greeting{[20]byte{5}, []byte{6}}}
		if change != nil {
			change(x)
		}
		return x
	}
	x := of(nil)
	for _, role := range []Role{Dialler, Acceptor} {
		proof := s.Prove(x, role)
		if !s.Check(of(nil), role, proof[:]) {
			t.Errorf("%c: its own proof is wrong", role)
		}
		if s.Check(x, role.Other(), proof[:]) {
			t.Errorf("%c: its proof, sent back, is right", role)
		}
		if secretOf(t, "a secret of another").Check(x, role, proof[:]) {
			t.Errorf("%c: another secret takes the proof", role)
		}
		if s.Check(x, role, proof[:31]) || s.Check(x, role, nil) || s.Check(x, role, append(proof[:], 0)) {
			t.Errorf("%c: a proof of another length is right", role)
		}
		for name, change := range map[string]func(*Exchange){
			"another infohash":        func(x *Exchange) { x.InfoHash[19]++ },
			"another dialler":         func(x *Exchange) { x.Dialler.PeerID[0]++ },
			"another acceptor":        func(x *Exchange) { x.Acceptor.PeerID[0]++ },
			"another nonce":           func(x *Exchange) { x.Acceptor.Said = []byte{7} },
			"what both said, swapped": func(x *Exchange) { x.Dialler, x.Acceptor = x.Acceptor, x.Dialler },
			"a byte that moved":       func(x *Exchange) { x.Dialler.Said, x.Acceptor.Said = []byte{3}, []byte{4, 6} },
		} {
			if s.Check(of(change), role, proof[:]) {
				t.Errorf("%c: the proof is right for %s", role, name)
			}
		}
	}
}

// A sealed message is taken once, in its order, from its sender.
func TestSeal(t *testing.T) {
	s := secretOf(t, "a secret of the fleet")
	x := &Exchange{InfoHash: [20]byte{1}}
	out, in := s.Seal(x, Dialler), s.Seal(x, Dialler)
	one := out.Close([]byte("one"))
	two := out.Close([]byte("two"))
	if m, ok := in.Open(one); !ok || string(m) != "one" {
		t.Fatalf("%q, %v", m, ok)
	}
	for name, tt := range map[string]struct {
		seal   *Seal
		sealed []byte
	}{
		"twice":           {in, one},
		"out of order":    {s.Seal(x, Dialler), two},
		"of the receiver": {s.Seal(x, Acceptor), one},
		"changed":         {s.Seal(x, Dialler), append([]byte("One"), one[3:]...)},
		"too short":       {s.Seal(x, Dialler), one[:sealLen-1]},
	} {
		if _, ok := tt.seal.Open(tt.sealed); ok {
			t.Errorf("a message was taken that came %s", name)
		}
	}
}

// Torrents are shared out about evenly, and only those of a node move that comes or goes.
func TestOrder(t *testing.T) {
	const torrents = 3000
	var nodes []Node
	for i := range 6 {
		nodes = append(nodes, Node{byte(i)})
	}
	owned := make(map[Node]int)
	moved := 0
	for i := range torrents {
		hash := [20]byte{byte(i), byte(i >> 8), 7}
		order := Order(hash, nodes)
		backwards := slices.Clone(nodes)
		slices.Reverse(backwards)
		if !slices.Equal(order, Order(hash, backwards)) {
			t.Fatal("the order depends on that of the nodes")
		}
		owned[order[0]]++
		switch before := Order(hash, nodes[:5]); {
		case before[0] == order[0]:
		case order[0] == nodes[5]:
			moved++
		default:
			t.Fatal("a torrent moved between two nodes that stayed")
		}
		if len(order) != len(nodes) {
			t.Fatalf("%d nodes of %d", len(order), len(nodes))
		}
	}
	for n, k := range owned {
		if k < torrents/6*85/100 || k > torrents/6*115/100 {
			t.Errorf("node %x owns %d torrents of %d", n[:1], k, torrents)
		}
	}
	t.Logf("%d of %d torrents moved to the sixth node", moved, torrents)
	if moved > torrents*(100/6+5)/100 {
		t.Errorf("%d of %d torrents moved", moved, torrents)
	}
	if len(Order([20]byte{}, nil)) != 0 {
		t.Error("somebody owns a torrent of a fleet without nodes")
	}
}

func TestMessages(t *testing.T) {
	hello := Hello{Nonce: NewNonce(), Node: Node{1, 2}, Port: 42069}
	if got, err := ParseHello(hello.Append(nil)); err != nil || got != hello {
		t.Errorf("%+v, %v", got, err)
	}
	proof := [ProofLen]byte{9}
	if got, err := ParseProof(AppendProof(nil, proof)); err != nil || !bytes.Equal(got, proof[:]) {
		t.Errorf("%x, %v", got, err)
	}
	for _, st := range []State{{}, {Draining: true}, {Warmth: true}, {Draining: true, Warmth: true}} {
		if got, err := ParseState(st.Append(nil)); err != nil || got != st {
			t.Errorf("%+v, %v", got, err)
		}
	}
	// A later version may say more, and an older one knows of draining alone.
	if got, err := ParseState([]byte{byte(KindState), 0xfc}); err != nil || got != (State{}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, ih := range []metainfo.InfoHash{metainfo.NewV1([20]byte{1}), metainfo.NewV2([32]byte{2})} {
		for _, h := range []Hints{{}, {Trackers: []string{"http://a/announce"}, Peers: []string{"192.0.2.1:1", "b:2"}, Torrents: []string{"http://c/"}}} {
			for _, standIn := range []bool{false, true} {
				want := Seek{InfoHash: ih, Hints: h, StandIn: standIn}
				if got, err := ParseSeek(want.Append(nil)); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, %v", got, err)
				}
			}
		}
	}
}

// Hints are bounded where they are collected, where they are sent and where they are read.
func TestHintsAreBounded(t *testing.T) {
	var h Hints
	for i := range 100 {
		h.Add(Hints{Trackers: []string{fmt.Sprint(i)}, Peers: []string{fmt.Sprint(i)}, WebSeeds: []string{strings.Repeat("x", maxHint+1)}})
	}
	if len(h.Trackers) != MaxTrackers || len(h.Peers) != MaxPeers || len(h.WebSeeds) != 0 {
		t.Errorf("%d trackers, %d peers, %d web seeds", len(h.Trackers), len(h.Peers), len(h.WebSeeds))
	}
	if h.Add(Hints{Trackers: []string{"0"}}) {
		t.Error("what is known is new")
	}
	var large Hints
	for i := range 200 {
		text := fmt.Sprint(i) + strings.Repeat("x", maxHint-3)
		large.Add(Hints{Trackers: []string{text}, Peers: []string{text}, WebSeeds: []string{text}, Torrents: []string{text}})
	}
	b := (&Seek{InfoHash: metainfo.NewV1([20]byte{1}), Hints: large}).Append(nil)
	if len(b) > MaxFrame-sealLen {
		t.Errorf("a message of %d bytes", len(b))
	}
	if _, err := ParseSeek(b); err != nil {
		t.Error(err)
	}
}

func FuzzMessages(f *testing.F) {
	f.Add((&Hello{Port: 1}).Append(nil))
	f.Add(AppendProof(nil, [ProofLen]byte{}))
	f.Add(State{Draining: true}.Append(nil))
	f.Add((&Seek{InfoHash: metainfo.NewV1([20]byte{1}), Hints: Hints{Trackers: []string{"http://a/"}, Peers: []string{"b:1"}}}).Append(nil))
	f.Add((&Seek{InfoHash: metainfo.NewV2([32]byte{1}), StandIn: true}).Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := ParseHello(b); err == nil && !bytes.Equal(h.Append(nil), b) {
			t.Error("a Hello is written otherwise than it was read")
		}
		if s, err := ParseSeek(b); err == nil && !bytes.Equal(s.Append(nil), b) {
			t.Error("a Seek is written otherwise than it was read")
		}
		_, _ = ParseProof(b)
		_, _ = ParseState(b)
	})
}

func TestParseName(t *testing.T) {
	for _, tt := range []struct {
		in string
		ok bool
	}{
		{"btgw.svc:42069", true}, {"192.0.2.1:1", true}, {"[2001:db8::1]:42069", true}, {"_btgw._tcp.example.org", true},
		{"btgw.svc", false}, {"btgw.svc:0", false}, {":42069", false}, {"btgw.svc:65536", false}, {"_btgw", false}, {"_btgw.example.org", false}, {"", false},
	} {
		if _, err := ParseName(tt.in); (err == nil) != tt.ok {
			t.Errorf("%q: %v", tt.in, err)
		}
	}
}

// A table resolves names.
type table struct {
	hosts map[string][]netip.Addr
	srv   []*net.SRV
}

func (x table) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if a := x.hosts[host]; a != nil {
		return a, nil
	}
	return nil, errors.New("no such host")
}

func (x table) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if service != "" || proto != "" || x.srv == nil {
		return "", nil, errors.New("no such service")
	}
	return name, x.srv, nil
}

func TestLookup(t *testing.T) {
	one, two := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::ffff:10.0.0.2")
	r := table{hosts: map[string][]netip.Addr{"a": {one, two}, "b": {two}}, srv: []*net.SRV{{Target: "b.", Port: 7}, {Target: "gone.", Port: 8}, {Target: "a.", Port: 9}}}
	for _, tt := range []struct{ name, want string }{
		{"a:42069", "[10.0.0.1:42069 10.0.0.2:42069] <nil>"},
		{"10.9.9.9:5", "[10.9.9.9:5] <nil>"},
		{"c:1", "[] no such host"},
		{"_btgw._tcp.x", "[10.0.0.2:7 10.0.0.1:9 10.0.0.2:9] <nil>"},
	} {
		n, err := ParseName(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		all, err := n.Lookup(context.Background(), r)
		if got := fmt.Sprint(all, err); got != tt.want {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
	many := make([]netip.Addr, 1000)
	for i := range many {
		many[i] = one
	}
	n, _ := ParseName("m:1")
	if all, _ := n.Lookup(context.Background(), table{hosts: map[string][]netip.Addr{"m": many}}); len(all) != MaxSiblings {
		t.Errorf("%d addresses", len(all))
	}
}
