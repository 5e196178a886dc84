package fetch

import (
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// One of four peers lies in all that it sends. Its beginning of the piece is another one than
// that of the others, which is known within a block's time. The least that it takes is then the
// time in which the three others send the quarter that was the liar's.
func TestFirstByteBesideALiar(t *testing.T) {
	for liar := range 4 {
		t.Run(fmt.Sprintf("number %d", liar), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const rtt, piece, size = 50 * ms, 1 << 20, 16 << 20
				s := newSim(t, simnet.Ideal, rtt, piece, size)
				s.net = simnet.New(simnet.Config{RTT: rtt, SendBuffer: 500 << 10}) // libtorrent's send_buffer_watermark
				s.gate = s.node(simnet.HostConfig{})
				for i := range 4 {
					b := simnet.Libtorrent()
					if i == liar {
						b.Lie = simnet.Lie4KiB
					}
					s.script(simRate, b)
				}
				start := time.Now()
				c := s.openStart(size)
				defer c.Close()
				honest := 3*rtt + transfer(piece, 4*simRate)
				least := honest + transfer(piece/4, 3*simRate)
				first := s.first(c, start)
				t.Logf("%.2f of an honest swarm's", first.Seconds()/honest.Seconds())
				atMost(t, "first byte", first, least, epsilon(simRate))
				if first > honest*13/10 {
					t.Errorf("first byte after %v, %v without the liar", first, honest)
				}
				s.read(c, 0, size)
				st, _ := s.gate.session.Status(s.hash())
				if st.Swarm.Banned != 1 || st.HashFailures > 3 {
					t.Errorf("%d banned after %d pieces", st.Swarm.Banned, st.HashFailures)
				}
			})
		})
	}
}
