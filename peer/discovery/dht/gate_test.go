package dht

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/anacrolix/dht/v2/krpc"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer/contact"
)

const (
	pingPacket   = "d1:ad2:id20:" + id20 + "e1:q4:ping1:t2:aa1:y1:qe"
	answerPacket = "d1:rd2:id20:" + id20 + "e1:t2:aa1:y1:re"
)

// An address is answered so often, and all together so often; a flood of one
// address leaves the others their part.
func TestQueryRates(t *testing.T) {
	now := time.Now()
	f := newFilter()
	admitted := func(addr string, n int) (k int) {
		for range n {
			if f.admit(now, []byte(pingPacket), netip.MustParseAddrPort(addr)) != nil {
				k++
			}
		}
		return k
	}
	if n := admitted("9.9.9.9:6881", 1000); n != queryBurst {
		t.Errorf("%d queries of one address at once", n)
	}
	if n := admitted("9.9.9.9:6882", 1000); n != 0 {
		t.Errorf("%d queries from another port of it", n)
	}
	if n := admitted("9.9.9.8:6881", 1); n != 1 {
		t.Error("a flood of one address silences another")
	}
	total := queryBurst + 1
	for i := range 200 {
		total += admitted(fmt.Sprintf("10.0.0.%d:6881", i), 10)
	}
	if total != queriesInAll {
		t.Errorf("%d queries at once in all", total)
	}
	now = now.Add(time.Second)
	if n := admitted("9.9.9.9:6881", 1000); n != queriesPerAddress {
		t.Errorf("%d queries of one address a second later", n)
	}
}

// Only who was asked may answer.
func TestAnswersOfStrangers(t *testing.T) {
	f := newFilter()
	asked, stranger := netip.MustParseAddrPort("9.9.9.9:6881"), netip.MustParseAddrPort("9.9.9.9:6882")
	f.asked(asked)
	if f.admit(time.Now(), []byte(answerPacket), asked) == nil {
		t.Error("an answer is not read")
	}
	if f.admit(time.Now(), []byte(answerPacket), stranger) != nil {
		t.Error("the answer of a stranger is read")
	}
}

// What strangers announce is bounded, and ends.
func TestStoreBounds(t *testing.T) {
	s := newStore()
	hash := func(i int) (h [20]byte) {
		h[0], h[1] = byte(i>>8), byte(i)
		return h
	}
	for i := range 3 * maxTorrents {
		s.AddPeer(hash(i), krpc.NodeAddr{IP: net.IPv4(9, 9, 9, 9), Port: 80})
	}
	if n := s.torrents.Len(); n != maxTorrents {
		t.Errorf("%d torrents are kept", n)
	}
	for i := range 3 * maxAnnounced {
		s.AddPeer(testHash, krpc.NodeAddr{IP: net.IPv4(9, 9, 9, byte(i)), Port: 1000 + i})
	}
	s.AddPeer(testHash, krpc.NodeAddr{IP: net.IPv4(9, 9, 9, 9), Port: 0})
	s.AddPeer(testHash, krpc.NodeAddr{IP: []byte{1, 2, 3}, Port: 80})
	got := s.GetPeers(testHash)
	if len(got) != maxReturned || got[0].Port != 1000+3*maxAnnounced-1 {
		t.Errorf("%d peers are returned, %v first", len(got), got[0])
	}
	for _, peers := range s.torrents.Values() {
		for _, addr := range peers.Keys() {
			peers.Add(addr, time.Now().Add(-announcedLife-time.Second))
		}
	}
	if got := s.GetPeers(testHash); len(got) != 0 {
		t.Errorf("%d peers are returned that announced long ago", len(got))
	}
}

// Fuzzed packets go the whole way: to our node, and through the library.
func FuzzGate(f *testing.F) {
	for _, packet := range []string{pingPacket, answerPacket, "d1:q13:announce_peer1:t2:aa1:y1:qe", "d1:q3:put1:t2:aa1:y1:qe",
		"d1:ad2:id20:" + id20 + "6:target20:" + hash20 + "e1:q3:get1:t2:aa1:y1:qe",
		"d1:ad2:id20:" + id20 + "1:k32:" + hash20 + "abcdefghijkl3:seqi4e3:sig64:" + hash20 + hash20 + hash20 + "abcd5:token1:t1:vi1ee1:q3:put1:t2:aa1:y1:qe", "d1:eli201e1:xe1:t2:aa1:y1:ee"} {
		f.Add([]byte(packet))
	}
	d, err := Start(Config{Network: silentNetwork{}, Listen: "127.0.0.1:0", Forwarded: func() bool { return true }})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(d.Close)
	n := d.nodes[0]
	n.look(true)
	conn := n.conn.(*silentConn)
	from := net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:6881"))
	n.filter.asked(from.AddrPort())
	f.Fuzz(func(t *testing.T, packet []byte) {
		conn.in <- datagram{packet, from}
		conn.in <- datagram{nil, from} // the one before was read when this is
	})
}

// sentTo counts what goes to a network.
type sentTo struct {
	net.PacketConn
	times []time.Time
}

func (c *sentTo) WriteTo(b []byte, _ net.Addr) (int, error) {
	c.times = append(c.times, time.Now())
	return len(b), nil
}

// Queries to one network, whatever nodes others say are there, are as few as contacts of any
// kind; answers are not counted.
func TestQueriesToOneNetworkAreFew(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		c := &sentTo{}
		g := newGate(c, newFilter(), contact.NewGate(), nil)
		for i := range 1000 {
			to := net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 9, 9, byte(i)}), uint16(1+i)))
			if n, err := g.WriteTo([]byte(pingPacket), to); n != len(pingPacket) || err != nil {
				t.Fatal(n, err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		if n := len(c.times); n < 8*contact.PerTarget/2 {
			t.Errorf("%d queries in 10 s", n)
		}
		for i := contact.PerTarget; i < len(c.times); i++ {
			if c.times[i].Sub(c.times[i-contact.PerTarget]) < time.Second {
				t.Fatalf("%d queries within a second", contact.PerTarget+1)
			}
		}
		before := len(c.times)
		for range 100 {
			_, _ = g.WriteTo([]byte(answerPacket), net.UDPAddrFromAddrPort(netip.MustParseAddrPort("9.9.9.9:1")))
		}
		if n := len(c.times) - before; n != 100 {
			t.Errorf("%d answers of 100", n)
		}
	})
}
