package peer

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
)

// hostPorts writes addresses as hints are written.
func hostPorts(addrs []netip.AddrPort) (texts []string) {
	for _, a := range addrs {
		texts = append(texts, a.String())
	}
	return texts
}

// seeder is a host of its own that has a torrent.
func (w *world) seeder(tor *metainfo.Torrent, data []byte, addr string) (*Host, string) {
	h := newTestHost(w.t, HostConfig{Network: w.net.Host(hostConfig(addr)), Listen: ":6881"})
	swarm(w.t, h, tor, seed(tor.Info, data))
	return h, addr + ":6881"
}

// One client brings peers that never answer into a torrent, 60 a second. The only good peer of
// another client, or of a tracker, is dialled as soon as an attempt may be pushed out, and not
// after all of them.
func TestClientsOfOneTorrentTakeTurns(t *testing.T) {
	const rtt = 20 * time.Millisecond
	tor, data := content(t, 1<<20, 256<<10)
	for _, c := range []struct {
		name string
		add  func(s *Swarm, good string)
	}{
		{"another client", func(s *Swarm, good string) { s.AddHints(clientN(2), good) }},
		{"a tracker", func(s *Swarm, good string) { s.AddHostPorts(book.SourceTracker, good) }},
		{"the first client named it too", func(s *Swarm, good string) {
			s.AddHints(clientN(2), good)
			s.AddHints(clientN(1), good)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, rtt, HostConfig{}, func(w *world) {
				there, good := w.seeder(tor, data, "11.1.1.1")
				defer closeHost(there)
				down := leech(tor.Info)
				s := swarm(t, w.host, tor, down)
				s.AddClient(clientN(1))
				s.SetWanted(true)
				brought := 0
				bring := func() {
					s.AddHints(clientN(1), hostPorts(vanished(w, 60, brought))...)
					brought += 60
				}
				for range 5 {
					bring()
					time.Sleep(time.Second)
				}
				bring()
				s.AddClient(clientN(2))
				c.add(s, good)
				begun := time.Now()
				down.wait(t, time.Minute)
				if took := time.Since(begun); took > silentFailed+20*rtt {
					t.Errorf("a read took %v", took)
				}
				s.SetWanted(false)
			})
		})
	}
}

// Peers of a client that shake hands and give nothing keep another client's peer out no longer
// than those that anybody has.
func TestIdlePeersOfAClientMakeWay(t *testing.T) {
	const rtt = 20 * time.Millisecond
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{MaxSwarmConns: 4}, func(w *world) {
		there, good := w.seeder(tor, data, "11.1.1.1")
		defer closeHost(there)
		for i := range 4 {
			h := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig(netip.AddrFrom4([4]byte{12, byte(i), 1, 1}).String())), Listen: ":6881"})
			defer closeHost(h)
			swarm(t, h, tor, leech(tor.Info)) // which has nothing
		}
		down := leech(tor.Info)
		s := swarm(t, w.host, tor, down)
		s.AddClient(clientN(1))
		s.AddHints(clientN(1), "12.0.1.1:6881", "12.1.1.1:6881", "12.2.1.1:6881", "12.3.1.1:6881")
		s.SetWanted(true)
		time.Sleep(time.Second)
		if n := s.Stats().Connected; n != 4 {
			t.Fatalf("%d connected", n)
		}
		s.AddClient(clientN(2))
		s.AddHints(clientN(2), good)
		begun := time.Now()
		down.wait(t, time.Minute)
		if took := time.Since(begun); took > silentGrace+time.Second {
			t.Errorf("a read took %v", took)
		}
		s.SetWanted(false)
	})
}

// What a client that has gone brought is dialled last.
func TestAddressesOfClientsThatHaveGone(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 20*time.Millisecond, HostConfig{MaxSwarmConns: 10}, func(w *world) {
		there, good := w.seeder(tor, data, "11.1.1.1")
		defer closeHost(there)
		down := leech(tor.Info)
		s := swarm(t, w.host, tor, down)
		s.AddClient(clientN(1))
		s.AddHints(clientN(1), hostPorts(vanished(w, 60, 0))...)
		s.RemoveClient(clientN(1))
		s.AddClient(clientN(2))
		s.AddHints(clientN(2), append(hostPorts(vanished(w, 9, 100)), good)...)
		begun := time.Now()
		s.SetWanted(true)
		synctest.Wait()
		if n := s.Stats().Dialing; n != 10 {
			t.Errorf("%d dials", n)
		}
		down.wait(t, time.Minute)
		if took := time.Since(begun); took > time.Second {
			t.Errorf("a read took %v", took)
		}
		s.SetWanted(false)
	})
}
