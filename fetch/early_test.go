package fetch

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// openStart opens the start of the torrent by infohash alone, as a reader whose
// range begins there does.
func (s *sim) openStart(n int64) Content {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	h := s.hints()
	h.Start = true
	info, err := s.gate.session.Info(ctx, s.hash(), h)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := s.gate.session.Open(context.Background(), s.hash(), h, &info.Files[0], 0, n)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// A reader of the start waits for the metadata and the first piece at once,
// where the peers answer REJECT to what does not exist.
func TestStartComesWithTheMetadata(t *testing.T) {
	for _, peers := range []int{1, 4, 8} {
		for _, piece := range []int64{32 << 10, 256 << 10, 1 << 20} {
			t.Run(fmt.Sprintf("%d peers, %d KiB", peers, piece>>10), func(t *testing.T) {
				bubble.Test(t, func(t *testing.T) {
					s := newSim(t, simnet.Ideal, simRTT, piece, 4<<20)
					for range peers {
						s.script(simRate, simnet.Libtorrent())
					}
					start := time.Now()
					c := s.openStart(4 << 20)
					defer c.Close()
					// What does not exist is asked for too, and rejected.
					floor := 3*simRTT + max(transfer(float64(piece), float64(peers)*simRate), epsilon(simRate))
					atMost(t, "first byte", s.first(c, start), floor, 2*epsilon(simRate))
					s.read(c, 0, 4<<20)
					st, _ := s.gate.session.Status(s.hash())
					if st.Wasted > 4<<20/20 {
						t.Errorf("%d bytes in vain", st.Wasted)
					}
					for i, x := range s.scripts {
						if st := x.Stats(); st.Offences > 0 || st.Open != 1 {
							t.Errorf("seed %d took offence: %+v", i, st)
						}
					}
				})
			})
		}
	}
}

// Clients that close on what does not exist are asked for block 0 alone.
func TestStartFromPeersThatClose(t *testing.T) {
	for name, b := range map[string]simnet.Behaviour{
		"anacrolix": simnet.Anacrolix(), "rqbit": simnet.Rqbit(), "aria2": simnet.Aria2(),
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, simRTT, 32<<10, 1<<20)
				for range 3 {
					s.script(simRate, b)
				}
				c := s.openStart(1 << 20)
				defer c.Close()
				s.read(c, 0, 1<<20)
				early := 0
				for i, x := range s.scripts {
					if st := x.Stats(); st.Offences > 0 {
						t.Errorf("seed %d took offence: %+v", i, st)
					}
					for _, r := range x.Requests() {
						if r.Piece == 0 && r.Begin == 0 {
							early++
						}
					}
				}
				if early != 1 {
					t.Errorf("block 0 was asked for %d times", early)
				}
			})
		})
	}
}

// Nothing stays of what was asked for early when its reader has left.
func TestStartThatNobodyReads(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 4<<20, 16<<20)
		s.script(50_000, simnet.Libtorrent())
		h := s.hints()
		h.Start = true
		if _, err := s.gate.session.Info(t.Context(), s.hash(), h); err != nil {
			t.Fatal(err)
		}
		time.Sleep(startTime + 3*time.Second) // what was on its way arrives
		before, _ := s.gate.session.Status(s.hash())
		time.Sleep(time.Minute)
		after, _ := s.gate.session.Status(s.hash())
		if after.Downloaded != before.Downloaded || before.Downloaded == 0 {
			t.Errorf("%d bytes came, then %d more for nobody", before.Downloaded, after.Downloaded-before.Downloaded)
		}
	})
}
