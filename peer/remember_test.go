package peer

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/btgw/btgw/peer/book"
)

// Peers that gave us content are reached again after a restart, with nobody to
// ask for them.
func TestGoodPeersAreRememberedOverRestarts(t *testing.T) {
	t.Parallel()
	tor, data := content(t, 1<<20, 256<<10)
	a := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	swarm(t, a, tor, seed(tor.Info, data))
	file := filepath.Join(t.TempDir(), "peers")
	for run := range 2 {
		b := newTestHost(t, HostConfig{Network: loopback{}, PeersFile: file})
		down := leech(nil)
		s := swarm(t, b, tor, down)
		if run == 0 {
			s.AddPeers(book.SourceUser, loopbackAddr(a))
		}
		s.SetWanted(true)
		down.wait(t, time.Minute)
		if !bytes.Equal(down.data, data) {
			t.Fatal("other bytes came than were sent")
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		if err := b.Close(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
	}
	b := newTestHost(t, HostConfig{Network: loopback{}, PeersFile: file})
	b.ForgetPeers(tor.Info.ID().Wire())
	if st := swarm(t, b, tor, leech(nil)).Stats(); st.Known != 0 {
		t.Errorf("%d addresses of a torrent that was to be forgotten", st.Known)
	}
}
