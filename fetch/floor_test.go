package fetch

import (
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/wire"
)

// eachFloor asserts that f, which returns the time to the first byte less its
// fixed round trips, takes what its swarm needs to send the piece, and a block
// more: over an ideal pipe, and with the slow start of TCP, where the peers are
// not done at exactly the same time.
func eachFloor(t *testing.T, largest int64, f func(t *testing.T, mode simnet.Mode, peers int, piece int64) time.Duration) {
	modes := map[string]simnet.Mode{"ideal": simnet.Ideal, "slow start": simnet.SlowStart}
	for name, mode := range modes {
		for _, peers := range []int{1, 4, 8, 32} {
			for _, piece := range []int64{256 << 10, 1 << 20, 4 << 20, 16 << 20} {
				if piece > largest || mode == simnet.SlowStart && piece > 4<<20 {
					continue // a slow start is over long before the end of that
				}
				if raced && piece > 1<<20 {
					continue
				}
				t.Run(fmt.Sprintf("%s, %d peers, %d KiB", name, peers, piece>>10), func(t *testing.T) {
					t.Parallel()
					bubble.Test(t, func(t *testing.T) {
						slack := epsilon(simRate) + transfer(peer.CheckLen, simRate) // peers check each other
						if mode == simnet.SlowStart {
							slack += epsilon(simRate)
						}
						atMost(t, "first byte", f(t, mode, peers, piece), floorOf(mode, peers, piece), slack)
					})
				})
			}
		}
	}
}

// floorOf is how long the peers need to send a piece, each a fair part of it, at
// simRate. A cold connection begins with initialWindow and doubles it each round
// trip until the pipe is full.
func floorOf(mode simnet.Mode, peers int, piece int64) time.Duration {
	part := float64(piece) / float64(peers) * (wire.PieceHeaderLen + metainfo.BlockLen) / metainfo.BlockLen
	if mode == simnet.Ideal {
		return transfer(part, simRate)
	}
	part = max(part, metainfo.BlockLen) // a peer sends whole blocks
	took := time.Duration(0)
	for w := initialWindow; w < part && transfer(w, simRate) < simRTT; w *= 2 {
		part -= w
		took += simRTT
	}
	return took + transfer(part, simRate)
}

const initialWindow = 14_600.0 // bytes

func (s *sim) seeding(peers int) {
	for range peers {
		s.script(simRate, simnet.Libtorrent())
	}
}

func TestFloorByInfohashAlone(t *testing.T) {
	eachFloor(t, 4<<20, func(t *testing.T, mode simnet.Mode, peers int, piece int64) time.Duration {
		s := newSim(t, mode, simRTT, piece, int(3*piece))
		s.seeding(peers)
		start := time.Now()
		c := s.open(piece, 2*piece)
		defer c.Close()
		return s.first(c, start) - 4*simRTT
	})
}

func TestFloorMetadataKnown(t *testing.T) {
	eachFloor(t, 16<<20, func(t *testing.T, mode simnet.Mode, peers int, piece int64) time.Duration {
		s := newSim(t, mode, simRTT, piece, int(3*piece))
		s.seeding(peers)
		s.know()
		start := time.Now()
		c := s.open(piece, 2*piece)
		defer c.Close()
		return s.first(c, start) - 3*simRTT
	})
}

func TestFloorOfASeek(t *testing.T) {
	eachFloor(t, 4<<20, func(t *testing.T, mode simnet.Mode, peers int, piece int64) time.Duration {
		s := newSim(t, mode, simRTT, piece, int(4*piece))
		s.seeding(peers)
		c := s.open(0, 2*piece)
		s.first(c, time.Now())
		c.Close()
		time.Sleep(5 * time.Second) // connected, unchoked, and nothing under way
		start := time.Now()
		c = s.open(3*piece, piece)
		defer c.Close()
		return s.first(c, start) - simRTT
	})
}
