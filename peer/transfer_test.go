package peer

import (
	"bytes"
	"testing"
	"time"

	"github.com/btgw/btgw/peer/book"
)

func TestTransferOverLoopback(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		metadata bool // known to the leecher from the start
	}{{"metadata known", true}, {"by infohash alone", false}} {
		t.Run(tt.name, func(t *testing.T) {
			tor, data := content(t, 3<<20+12345, 256<<10)
			a := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
			b := newTestHost(t, HostConfig{Network: loopback{}})
			up := seed(tor.Info, data)
			swarm(t, a, tor, up)
			down := leech(nil)
			if tt.metadata {
				down = leech(tor.Info)
			}
			s := swarm(t, b, tor, down)
			s.AddPeers(book.SourceUser, loopbackAddr(a))
			s.SetWanted(true)
			down.wait(t, time.Minute)
			if !bytes.Equal(down.data, data) {
				t.Fatal("other bytes came than were sent")
			}
			if st := s.Stats(); st.Downloaded != int64(len(data)) || st.Connected != 1 || st.Seeds != 1 {
				t.Errorf("stats: %+v", st)
			}
		})
	}
}
