package peer

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/contact"
)

// vacant reports whether nothing of a quota of n is taken by the networks of these tests.
func vacant(q *book.Quota, n int) bool {
	for _, addr := range []netip.Addr{netip.AddrFrom4([4]byte{99, 9, 9, 1}), netip.AddrFrom4([4]byte{11, 1, 1, 1})} {
		for range max(n/book.SubnetShare, DefaultMaxPerAddress) {
			if q.Full(addr) {
				return false
			}
			q.Take(addr)
		}
		if !q.Full(addr) {
			return false
		}
	}
	return true
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
		{"a torrent", HostConfig{MaxSwarmConns: 40}, func(int) *metainfo.Torrent { return tor }, 40 / book.SubnetShare},
		{"the process", HostConfig{MaxConns: 40}, func(n int) *metainfo.Torrent { return []*metainfo.Torrent{tor, other}[n%2] }, 40 / book.SubnetShare},
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
				s.AddPeers(book.SourceTracker, append(addrs, netip.MustParseAddrPort("11.1.1.1:6881"))...)
				begun := time.Now()
				s.SetWanted(true)
				synctest.Wait()
				if st := s.Stats(); st.Dialing != min(DefaultMaxSwarmConns/book.SubnetShare, contact.PerTarget)+1 {
					t.Errorf("%+v", st)
				}
				<-down.done
				if took := time.Since(begun); took > 6*rtt {
					t.Errorf("took %v", took)
				}
				time.Sleep(time.Minute)
				want := 1
				if alive {
					want += DefaultMaxSwarmConns / book.SubnetShare
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
				if !vacant(s.places, DefaultMaxSwarmConns) || !vacant(w.host.places, DefaultMaxConns) {
					t.Error("places are taken with no connection left")
				}
			})
		})
	}
}
