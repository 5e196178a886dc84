package peer

import (
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/contact"
)

func TestNetworks(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.255", true},
		{"192.0.2.1", "::ffff:192.0.2.7", true},
		{"192.0.2.1", "192.0.3.1", false},
		{"2001:db8:1::1", "2001:db8:1:ffff::1", true},
		{"2001:db8:1::1", "2001:db8:2::1", false},
		{"192.0.2.1", "2001:db8::1", false},
	} {
		a, b := network(netip.MustParseAddr(tt.a)), network(netip.MustParseAddr(tt.b))
		if !a.IsValid() || !b.IsValid() || (a == b) != tt.same {
			t.Errorf("%s is of %v, %s of %v", tt.a, a, tt.b, b)
		}
	}
	p := newPlaces(0, 1)
	for _, a := range []string{"127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "fd00::1", "fe80::1", "169.254.1.1", "::ffff:127.0.0.1"} {
		addr := netip.MustParseAddr(a)
		for range 1000 {
			p.take(addr)
		}
		if p.full(addr) {
			t.Errorf("%s has a limit", a)
		}
		p.leave(addr)
	}
	if a := netip.MustParseAddr("192.0.2.1"); p.full(a) {
		t.Error("full without any")
	} else if p.take(a); !p.full(netip.MustParseAddr("192.0.2.2")) || p.full(netip.MustParseAddr("192.0.3.1")) {
		t.Error("not full with one of one, or full for another network")
	} else if p.leave(a); p.full(a) || len(p.taken) != 0 {
		t.Errorf("%v left", p.taken)
	}
}

// neighbour is the n-th host of one /24, from 1.
func (w *world) neighbour(n int) *simnet.Host {
	return w.net.Host(simnet.HostConfig{Addrs: []netip.Addr{netip.AddrFrom4([4]byte{99, 9, 9, byte(n)})}})
}

// One network that connects to us leaves room for the others, in a torrent and in
// the process.
func TestNetworksOfAcceptedConnections(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	other, _ := content(t, 1<<20, 16<<10)
	for _, tt := range []struct {
		name string
		cfg  HostConfig
		of   func(n int) *metainfo.Torrent // that the n-th peer asks for
		most int
	}{
		{"a torrent", HostConfig{MaxSwarmConns: 40}, func(int) *metainfo.Torrent { return tor }, 40 / networkShare},
		{"the process", HostConfig{MaxConns: 40}, func(n int) *metainfo.Torrent { return []*metainfo.Torrent{tor, other}[n%2] }, 40 / networkShare},
		{"what one address may have", HostConfig{MaxSwarmConns: 10}, func(int) *metainfo.Torrent { return tor }, DefaultMaxPerAddress},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, 0, tt.cfg, func(w *world) {
				s := swarm(t, w.host, tor, leech(tor.Info))
				s2 := swarm(t, w.host, other, leech(other.Info))
				fakes := make([]*fake, tt.most+3)
				for i := range fakes {
					fakes[i] = w.callFrom(w.neighbour(i+1), tt.of(i)).named(i)
					_, _ = fakes[i].nc.Write(fakes[i].handshake())
					if got, want := fakes[i].open(), i < tt.most; got != want {
						t.Errorf("connection %d open: %v", i, got)
					}
				}
				if st := w.host.Stats(); st.NoRoom != 3 {
					t.Errorf("%+v", st)
				}
				far := w.call(tor).named(90)
				far.greet()
				if !far.open() {
					t.Error("no room for another network")
				}
				fakes[0].nc.Close()
				synctest.Wait()
				f := w.callFrom(w.neighbour(91), tor).named(91)
				f.greet()
				if !f.open() {
					t.Error("the place of one that left is not free")
				}
				if n := s.Stats().Connected + s2.Stats().Connected; n != tt.most+1 {
					t.Errorf("%d connections", n)
				}
			})
		})
	}
}

// A tracker that names a network of dead addresses, all before the live one of
// another network, does not hold that up; nor does one whose peers all answer.
func TestNetworksOfDials(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, data := content(t, 1<<20, 256<<10)
	for name, alive := range map[string]bool{"dead": false, "alive": true} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, rtt, HostConfig{}, func(w *world) {
				there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1")), Listen: ":6881"})
				swarm(t, there, tor, seed(tor.Info, data))
				var addrs []netip.AddrPort
				var sybils []*Host
				for i := range 60 {
					addrs = append(addrs, netip.AddrPortFrom(netip.AddrFrom4([4]byte{99, 9, 9, byte(i + 1)}), 6881))
					if alive {
						h := newTestHost(t, HostConfig{Network: w.neighbour(i + 1), Listen: ":6881"})
						swarm(t, h, tor, leech(tor.Info))
						sybils = append(sybils, h)
					}
				}
				down := leech(tor.Info)
				s := swarm(t, w.host, tor, down)
				s.AddPeers(SourceTracker, append(addrs, netip.MustParseAddrPort("11.1.1.1:6881"))...)
				begun := time.Now()
				s.SetWanted(true)
				synctest.Wait()
				if st := s.Stats(); st.Dialing != min(DefaultMaxSwarmConns/networkShare, contact.PerTarget)+1 {
					t.Errorf("%+v", st)
				}
				<-down.done
				if took := time.Since(begun); took > 6*rtt {
					t.Errorf("took %v", took)
				}
				time.Sleep(time.Minute)
				want := 1
				if alive {
					want += DefaultMaxSwarmConns / networkShare
				}
				if st := s.Stats(); st.Connected != want {
					t.Errorf("%d connections, want %d", st.Connected, want)
				}
				for _, h := range append(sybils, there) {
					closeHost(h)
				}
				synctest.Wait()
				s.SetWanted(false)
				time.Sleep(time.Minute)
				synctest.Wait()
				s.mu.Lock()
				defer s.mu.Unlock()
				if len(s.places.taken) != 0 || len(w.host.places.taken) != 0 {
					t.Errorf("%v and %v are taken with no connection left", s.places.taken, w.host.places.taken)
				}
			})
		})
	}
}

// The book keeps its share of one network's addresses: one more of it takes the
// place of one that failed, or was less trusted, and of no other network's.
func TestNetworksOfTheBook(t *testing.T) {
	b := newBook(new(atomic.Int64))
	near := func(n int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{99, 9, 9, 9}), uint16(n+1))
	}
	far := netip.MustParseAddrPort("12.0.0.1:1")
	failed := b.add(epoch, SourceDHT, far)
	failed.failures = 5
	for i := range 2 * maxKnown {
		b.add(epoch, SourcePEX, near(i))
	}
	const most = maxKnown / networkShare
	if len(b.order) != most+1 || b.byAddr[near(most-1)] == nil || b.byAddr[near(most)] != nil {
		t.Fatalf("%d addresses, or not the first", len(b.order))
	}
	b.byAddr[near(7)].failures = 1
	if b.add(epoch, SourcePEX, near(most)) == nil || b.byAddr[near(7)] != nil {
		t.Error("one that failed keeps its place")
	}
	if b.add(epoch, SourceTracker, near(most+1)) == nil || b.add(epoch, SourceDHT, near(most+2)) != nil {
		t.Error("trust does not decide")
	}
	if len(b.order) != most+1 || b.byAddr[far] != failed {
		t.Errorf("%d addresses, or another network's went", len(b.order))
	}
	for i := range maxKnown {
		b.add(epoch, SourceTracker, addrN(i+1)) // private: no limit of its own
	}
	if len(b.order) != maxKnown {
		t.Errorf("%d addresses", len(b.order))
	}
}
