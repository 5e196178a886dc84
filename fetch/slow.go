package fetch

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// slowness is what holds a slow peer back from what readers will wait for: what
// is in its socket is out of reach when they do. It is asked for a far block only
// where it will have it when the reader comes, or sooner than the others could
// have everything up to there.
type slowness struct {
	others float64 // bytes/s of those that are at work; 0: the peer is not slow
	before int64   // bytes wanted up to the want that was passed last
}

// slowTimes is how many times faster than a slow peer the fastest is.
const slowTimes = 8

func (c *core) slowness(now time.Duration, l *link) slowness {
	fastest, sum := 0.0, 0.0
	for _, o := range c.links {
		if o != l && o.rate > 0 && o.late == 0 && o.open() {
			fastest = max(fastest, o.rate)
			sum += o.rate
		}
	}
	if l.blockTime(now).Seconds()*fastest < slowTimes*metainfo.BlockLen {
		return slowness{}
	}
	return slowness{others: sum}
}

// pass counts a want; f is its flight, if there is one.
func (s *slowness) pass(c *core, w *want, f *flight) {
	if f != nil {
		s.before += int64(f.left) * metainfo.BlockLen
	} else {
		s.before += int64(c.info.PieceSize(w.piece))
	}
}

// most is how many blocks of a want the peer may be asked for.
func (s *slowness) most(now time.Duration, l *link, w *want) int {
	if s.others == 0 {
		return math.MaxInt
	}
	until := max(w.deadline-now, time.Duration(2*float64(s.before)/s.others*float64(time.Second)))
	return int((until - l.eta(now, len(l.queue))) / l.blockTime(now))
}

// rescue asks l too for up to n blocks that a reader waits for and that would take
// their peers much longer, the longest first: what no cancel catches any more, of
// peers that are not late by their own measure. What is not known of l's rate is
// no reason to, nor is a pause of a peer that is as fast.
func (c *core) rescue(now time.Duration, l *link, n int) int {
	if l.late > 0 || l.rate == 0 || n <= 0 {
		return 0
	}
	mine := l.eta(now, len(l.queue)+1)
	all := c.drowning[:0]
	for _, v := range c.links {
		if v == l || len(v.queue) == 0 || v.blockTime(now) < rescueSlower*l.blockTime(now) ||
			v.eta(now, len(v.queue)) < rescueTimes*mine+rescueGain {
			continue
		}
		for i, r := range v.queue {
			if eta := v.eta(now, i+1); eta >= rescueTimes*mine+rescueGain && c.mayHedge(now, l, r) {
				all = append(all, drowning{r, eta})
			}
		}
	}
	slices.SortFunc(all, func(a, b drowning) int { return cmp.Compare(b.eta, a.eta) })
	rescued := 0
	for _, d := range all {
		if rescued == n || d.eta < rescueTimes*l.eta(now, len(l.queue)+1)+rescueGain || !c.mayDouble(now, d.r.f) {
			break
		}
		c.request(now, l, d.r.f, d.r.n)
		c.stats.hedged++
		rescued++
	}
	clear(all)
	c.drowning = all[:0]
	return rescued
}

// A drowning block is one that l could bring much sooner.
type drowning struct {
	r   request
	eta time.Duration // of the peer that was asked
}

// mayHedge reports whether l can be asked as well for a block that a reader waits
// for.
func (c *core) mayHedge(now time.Duration, l *link, r request) bool {
	b := &r.f.blocks[r.n]
	return r.f.urgent && b.state == blockAsked && b.askers[1] == nil && r.f.parole == nil &&
		!r.f.avoids(l, r.n) && l.find(r.f, r.n) < 0 && l.holds(now, r.f.piece)
}

const (
	// rescueTimes and rescueGain are how much sooner a block has to come by another
	// peer to be asked of it as well.
	rescueTimes = 2
	rescueGain  = 20 * time.Millisecond
	// rescueSlower is how many times slower a peer is whose blocks are taken for
	// drowning.
	rescueSlower = 4
)
