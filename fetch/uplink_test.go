package fetch

import (
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// Peers take of us all that our uplink carries, and have what a reader wants: what
// we ask of them goes by the same connections, and waits for a block on each.
func TestUploadsDoNotSlowAReader(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const piece, pieces, peers, uplink, ahead, every = 256 << 10, 128, 4, 512 << 10, 8 << 10, 3
		s := newSim(t, simnet.Ideal, simRTT, piece, pieces*piece)
		// What the kernel takes ahead of a connection that is slow to write to.
		s.net = simnet.New(simnet.Config{RTT: simRTT, SendBuffer: ahead})
		s.gate = s.node(simnet.HostConfig{Up: uplink})
		s.keep(s.gate, 0, pieces/2, false)
		var rest []int
		for i := pieces / 2; i < pieces; i++ {
			rest = append(rest, i)
		}
		for range peers {
			s.part(simRate, rest, simnet.Behaviour{Leech: 16})
		}
		s.read(s.open(pieces/2*piece, piece), pieces/2*piece, piece)
		var uploaded int64
		for i := range 10 {
			time.Sleep(every * time.Second)
			st, _ := s.gate.session.Status(s.hash())
			if sent := st.Uploaded - uploaded; i > 0 && sent < every*uplink*9/10 {
				t.Errorf("%d bytes uploaded in %d s: the uplink is not full", sent, every)
			}
			uploaded = st.Uploaded
			start := time.Now()
			c := s.open(int64(pieces/2+6*(i+1))*piece, piece)
			floor := simRTT + transfer(piece, peers*simRate)
			atMost(t, "seek", s.first(c, start), floor, transfer(peers*(metainfo.BlockLen+ahead), uplink)+epsilon(simRate))
			c.Close()
		}
	})
}
