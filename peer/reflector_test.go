package peer

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/contact"
)

// A counter is a network that notes each dial of, and each datagram to, one /24.
type counter struct {
	*simnet.Host
	target netip.Prefix

	mu    sync.Mutex
	times []time.Time
	kinds map[string]int
}

func (c *counter) note(kind string, to netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.target.Contains(to) {
		c.times = append(c.times, time.Now())
		c.kinds[kind]++
	}
}

func (c *counter) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	ap := netip.MustParseAddrPort(address) // names are looked up before
	kind := "peer"
	if ap.Port() == 80 {
		kind = "HTTP"
	}
	c.note(kind, ap.Addr())
	return c.Host.DialContext(ctx, network, address)
}

func (c *counter) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	pc, err := c.Host.ListenPacket(ctx, network, address)
	return countedConn{pc, c}, err
}

type countedConn struct {
	net.PacketConn
	c *counter
}

func (p countedConn) WriteTo(b []byte, to net.Addr) (int, error) {
	p.c.note("UDP", to.(*net.UDPAddr).AddrPort().Addr())
	return p.PacketConn.WriteTo(b, to)
}

// A host and its /24 see five contacts a second of all kinds together: peers that URLs name
// by address and by name, trackers over HTTP and UDP, and what is dialled because a tracker
// of the attacker's names it. Seconds after the clients have left they see nothing.
func TestReflector(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		world := simnet.New(simnet.Config{RTT: 50 * time.Millisecond})
		victim := netip.MustParseAddr("99.9.9.9")
		world.Host(simnet.HostConfig{Addrs: []netip.Addr{victim}, Name: "victim.test"})
		c := &counter{Host: world.Host(simnet.HostConfig{}), target: netip.PrefixFrom(victim, 24).Masked(), kinds: make(map[string]int)}
		h := newTestHost(t, HostConfig{Network: c})
		accomplice := world.Host(hostConfig("50.5.5.5"))
		tracker, err := accomplice.ListenPacket(t.Context(), "udp4", ":80")
		if err != nil {
			t.Fatal(err)
		}
		var serving sync.WaitGroup
		serving.Go(func() { answerWith(tracker, victim) })
		var swarms []*Swarm
		for i := range 40 {
			client := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 1, 1, byte(i % 8)}), 32)
			s, err := h.NewSwarm(SwarmConfig{
				Hashes: []metainfo.InfoHash{metainfo.NewV1([20]byte{byte(i + 1)})}, Demand: leech(nil), Supply: leech(nil),
			})
			if err != nil {
				t.Fatal(err)
			}
			swarms = append(swarms, s)
			s.AddClient(client)
			var tiers [][]string
			var peers []netip.AddrPort
			for n := range 16 {
				tiers = append(tiers, []string{fmt.Sprintf("http://victim.test/%d/%d", i, n)}, []string{fmt.Sprintf("udp://99.9.9.%d:%d", n, 1000+i)})
				peers = append(peers, netip.AddrPortFrom(victim, uint16(2000+n)))
			}
			tiers[0] = []string{"udp://50.5.5.5:80"}
			s.AddTrackers(tiers, client)
			s.AddPeers(book.SourceUser, peers...)
			s.AddHostPorts(book.SourceUser, "victim.test:3000", "victim.test:3001")
			s.SetWanted(true)
		}
		time.Sleep(3 * time.Minute)
		for i, s := range swarms {
			s.RemoveClient(netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 1, 1, byte(i % 8)}), 32))
			s.SetWanted(false)
		}
		time.Sleep(5 * time.Second)
		c.mu.Lock()
		times, kinds := c.times, fmt.Sprint(c.kinds)
		c.mu.Unlock()
		for i := contact.PerTarget; i < len(times); i++ {
			if d := times[i].Sub(times[i-contact.PerTarget]); d < time.Second {
				t.Fatalf("%d contacts within %v", contact.PerTarget+1, d)
			}
		}
		if c.kinds["peer"] == 0 || c.kinds["HTTP"] == 0 || c.kinds["UDP"] == 0 {
			t.Errorf("contacts by kind: %s", kinds)
		}
		t.Logf("%d contacts in three minutes: %s", len(times), kinds)
		time.Sleep(time.Hour)
		c.mu.Lock()
		if n := len(c.times) - len(times); n > 0 {
			t.Errorf("%d contacts after the clients have left: %v, before it was %s", n, c.kinds, kinds)
		}
		c.mu.Unlock()
		closeHost(h)
		tracker.Close()
		serving.Wait()
	})
}

// answerWith answers announces (BEP 15) by 100 ports of an address.
func answerWith(pc net.PacketConn, victim netip.Addr) {
	b := make([]byte, 2048)
	for {
		n, from, err := pc.ReadFrom(b)
		if err != nil {
			return
		}
		if n < 16 {
			continue
		}
		reply := append([]byte(nil), b[8:16]...)
		if binary.BigEndian.Uint32(reply) == 0 {
			reply = append(reply, 1, 2, 3, 4, 5, 6, 7, 8)
		} else {
			reply = append(binary.BigEndian.AppendUint32(reply, 60), make([]byte, 8)...)
			for i := range 100 {
				reply = binary.BigEndian.AppendUint16(append(reply, victim.AsSlice()...), uint16(4000+i))
			}
		}
		_, _ = pc.WriteTo(reply, from)
	}
}
