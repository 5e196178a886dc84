package peer

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/book"
)

// vanished are addresses that do not answer, in as many networks.
func vanished(w *world, n, from int) (addrs []netip.AddrPort) {
	for i := range n {
		k := from + i
		h := w.net.Host(simnet.HostConfig{Addrs: []netip.Addr{netip.AddrFrom4([4]byte{60 + byte(k>>16), byte(k >> 8), byte(k), 1})}})
		h.Vanish()
		addrs = append(addrs, h.AddrPort(6881))
	}
	return addrs
}

// While a client has torrents searched whose peers never answer, as many as it likes, what
// another client reads is dialled at once, wide, and as fast as without it. When it leaves,
// nothing is dialled for it any more.
func TestSilentPeersTakeNoDialsOfOthers(t *testing.T) {
	const rtt = 20 * time.Millisecond
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{MaxConns: 200}, func(w *world) {
		var seeders []netip.AddrPort
		for i := range 4 {
			there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig(netip.AddrFrom4([4]byte{11, byte(i), 1, 1}).String())), Listen: ":6881"})
			defer closeHost(there)
			swarm(t, there, tor, seed(tor.Info, data))
			seeders = append(seeders, netip.AddrPortFrom(netip.AddrFrom4([4]byte{11, byte(i), 1, 1}), 6881))
		}
		dead := vanished(w, 60*20, 0)
		var junk []*Swarm
		for i := range 20 {
			other, _ := content(t, 1<<20+i+1, 16<<10)
			s := swarm(t, w.host, other, leech(nil))
			s.AddClient(clientN(1))
			s.AddPeers(book.SourceUser, dead[60*i:60*i+60]...)
			s.SetWanted(true)
			junk = append(junk, s)
			time.Sleep(200 * time.Millisecond)
		}
		if n := w.host.Stats().Conns; n < 150 {
			t.Fatalf("only %d attempts under way", n)
		}
		down := leech(tor.Info)
		s := swarm(t, w.host, tor, down)
		s.AddClient(clientN(2))
		s.AddPeers(book.SourceTracker, append(vanished(w, 40, 5000), seeders...)...)
		begun := time.Now()
		s.SetWanted(true)
		synctest.Wait()
		if n := s.Stats().Dialing; n != 44 {
			t.Errorf("%d dials at once, want all 44", n)
		}
		down.wait(t, time.Minute)
		if took := time.Since(begun); took > 20*rtt {
			t.Errorf("a cold read took %v", took)
		}
		for _, j := range junk {
			j.RemoveClient(clientN(1))
			j.SetWanted(false)
		}
		synctest.Wait()
		for i, j := range junk {
			if n := j.Stats().Dialing; n != 0 {
				t.Errorf("torrent %d dials %d peers for nobody", i, n)
			}
		}
		st := w.host.Stats()
		if st.Pushed.Share == 0 || st.Conns > 50 {
			t.Errorf("%+v", st)
		}
		s.SetWanted(false)
	})
}
