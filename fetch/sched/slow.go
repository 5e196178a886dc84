package sched

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
// have everything up to there. When a reader comes is not known of one that has
// just begun: a player fills its buffer at once.
type slowness struct {
	others float64 // bytes/s of those that are at work; 0: the peer is not slow
	before int64   // bytes wanted up to the want that was passed last
}

// slowTimes is how many times faster than a slow peer the fastest is.
const slowTimes = 8

func (c *Core) slowness(now time.Duration, l *Link) slowness {
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

// rescue asks l too for up to n blocks that a reader waits for and that would take
// their peers much longer, the longest first. These are blocks of peers that are not
// late by their own measure: what no cancel catches any more, and what they passed
// over. Where two peers were asked for a block, l takes the place of the slower one.
// An unknown rate of l is no reason to ask it. The silence of a peer that is as fast
// is none either, unless a reader has waited for quietWait, and that is longer than
// the peer's pauses or l pauses less: a habit of pauses keeps nothing from peers that
// have none.
func (c *Core) rescue(now time.Duration, l *Link, n int) int {
	if l.late > 0 || l.Rate == 0 || n <= 0 {
		return 0
	}
	all := c.drowning[:0]
	for _, v := range c.Links {
		if v != l && len(v.queue) > 0 {
			all = c.drown(now, l, v, all)
		}
	}
	slices.SortFunc(all, func(a, b drowning) int { return cmp.Compare(b.eta, a.eta) })
	rescued := 0
	for _, d := range all {
		if rescued == n {
			break
		}
		if d.eta < d.times*l.eta(now, len(l.queue)+1)+rescueGain || !c.double(now, d.r.Flight, d.quiet) {
			continue
		}
		if d.r.Flight.Blocks[d.r.Block].askers[1] != nil {
			c.cancel(d.v, d.v.Find(d.r.Flight, d.r.Block))
		}
		c.request(now, l, d.r.Flight, d.r.Block)
		c.Stats.Hedged++
		rescued++
	}
	clear(all)
	c.drowning = all[:0]
	return rescued
}

// drown adds to all what l may rescue of v's queue.
func (c *Core) drown(now time.Duration, l, v *Link, all []drowning) []drowning {
	mine, times := l.eta(now, len(l.queue)+1), time.Duration(rescueTimes)
	if v.Rate == 0 {
		times = 1 // what it is believed to be is a guess
	}
	limit := times*mine + rescueGain
	slow := (v.late > 0 || v.blockTime(now) >= rescueSlower*l.blockTime(now)) && v.eta(now, len(v.queue)) >= limit
	quiet := v.silent(now)
	held := quiet && (now-v.arrived > v.pause || l.pause < v.pause/2)
	for i, r := range v.queue {
		passed := v.passed(now, r)
		if !passed && !slow && !held {
			if r.at >= v.newest {
				break // nor is any behind it
			}
			continue
		}
		eta := v.eta(now, i+1)
		if passed {
			eta = max(eta, now-r.at) // it may take as long again
		}
		d := drowning{v: v, r: r, eta: eta, times: times, quiet: quiet, held: !passed && !slow}
		switch {
		case held && !passed && c.waited(now, r.Flight.Piece) >= quietWait:
			d.times = 1
			if !v.heard() {
				d.times = 0 // nothing is expected of it
			}
		case d.held:
			continue
		}
		if least := d.times*mine + rescueGain; eta >= least && c.mayRescue(now, l, &d, least) {
			all = append(all, d)
		}
	}
	return all
}

// A drowning block is one that l could bring much sooner than the peer that was
// asked.
type drowning struct {
	v     *Link
	r     Request
	eta   time.Duration
	each  time.Duration // what a block takes who would have it then
	times time.Duration // how many times sooner it has to be
	quiet bool          // v sends nothing
	held  bool          // and that is all that is the matter with it
}

// mayRescue reports whether l can be asked as well for a block that a reader waits
// for. If another was asked too, that one is as slow, and the first slower; if all that
// is the matter is that the first sends nothing, nor does the other.
func (c *Core) mayRescue(now time.Duration, l *Link, d *drowning, limit time.Duration) bool {
	r := d.r
	b := &r.Flight.Blocks[r.Block]
	if !r.Flight.urgent || b.State != blockAsked || r.Flight.parole != nil || r.Flight.avoids(l, r.Block) || l.Find(r.Flight, r.Block) >= 0 || !l.holds(now, r.Flight.Piece) {
		return false
	}
	if b.askers[1] == nil {
		return true
	}
	o := b.askers[0]
	if o == d.v {
		o = b.askers[1]
	}
	i := o.Find(r.Flight, r.Block)
	if i < 0 || b.Placing == d.v || d.held && !o.silent(now) {
		return false
	}
	theirs := o.eta(now, i+1)
	return theirs >= limit && (theirs < d.eta || theirs == d.eta && o.id < d.v.id)
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
