package sched

import (
	"math"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// slowness is what holds a slow peer back from what readers will wait for: what
// is in its socket is out of reach when they do. It is asked for a far block only
// where it will have it when the reader comes, or sooner than the others could
// have everything up to there. When a reader comes is not known of one that has
// just begun: a player fills its buffer at once.
type slowness struct {
	others float64 // bytes/s of those that are at work; 0: the peer is not slow
	before int64   // bytes wanted up to the want that was passed last
}

// slowTimes is how many times faster than a slow peer the fastest is.
const slowTimes = 8

func (c *Core) slowness(now time.Duration, l *Link) slowness {
	if l.sibling {
		return slowness{} // the others are not asked for what it has
	}
	fastest, sum := 0.0, 0.0
	for _, o := range c.Links {
		if o != l && o.Rate > 0 && o.late == 0 && o.Open() {
			fastest = max(fastest, o.Rate)
			sum += o.Rate
		}
	}
	if l.blockTime(now).Seconds()*fastest < slowTimes*metainfo.BlockLen {
		return slowness{}
	}
	return slowness{others: sum}
}

// pass counts a want; f is its flight, if there is one.
func (s *slowness) pass(c *Core, w *want, f *Flight) {
	if f != nil {
		s.before += int64(f.left) * metainfo.BlockLen
	} else {
		s.before += int64(c.Info.PieceSize(w.piece))
	}
}

// most is how many blocks of a want the peer may be asked for.
func (s *slowness) most(now time.Duration, l *Link, w *want) int {
	if s.others == 0 {
		return math.MaxInt
	}
	until := time.Duration(2 * float64(s.before) / s.others * float64(time.Second))
	if !w.early {
		until = max(until, w.deadline-now)
	}
	return int((until - l.eta(now, len(l.queue))) / l.blockTime(now))
}
