package sched

import (
	"bytes"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A piece that failed its hash, and came from several peers, is fetched once
// more from all of them, each block from another peer than before: as quick as
// the first time, and then there are two opinions of each block. Of a block of
// which they differ, one of its two peers lied. If that is the same peer each
// time, the piece without what it sent is right (exposed), and is so before all
// of it came twice: the blocks of one suspect are asked for before the next's.
//
// Where several lied, what is known of each peer decides (suspicion.go): of each
// block the most credible opinion is kept, those of which none is credible are
// asked of yet another peer, and the hash says whether it was right. Where that
// finds nothing, all of it comes afresh, and only then is one peer asked for the
// whole piece alone (parole.go): that takes as long as that peer does. Where so many
// lied that all of this finds too few of them, it is given up (trial.go).

const (
	// maxTakes bounds how often a piece is put together from opinions; beyond it that
	// is done where a liar was found in the last copy.
	maxTakes = 6
	// renewedTakes is how many of them count where all of it was fetched again.
	renewedTakes = 2
	// credible is the most doubt of a block that is kept, half of it with each try.
	credible = 0.35
)

// seekOpinion has what is not credible of a failed piece fetched again, each block
// from somebody who has not sent it yet, if there are peers enough. Where a peer
// is known by now that lied, what others sent is believed.
func (c *Core) seekOpinion(now time.Duration, f *Flight, known bool) bool {
	switch {
	case len(f.Failed) == 0 || c.wary():
		return false
	case f.takes >= maxTakes && !known:
		return c.afresh(now, f)
	}
	f.takes++
	f.opinions = true
	switch {
	case known:
		f.keep(1)
	case f.takes == 1:
		f.turn = f.Failed[0].bySuspect(nil)
	default:
		for f.takes < maxTakes && f.sameAgain(f.mayDoubt()) {
			f.takes++
		}
		f.keep(f.mayDoubt())
	}
	if f.left == 0 && f.repeats() || c.opinionLost(now, f) {
		f.reset()
		return c.afresh(now, f)
	}
	if f.left == 0 {
		c.Review = append(c.Review, f)
	}
	return true
}

// afresh has all of a failed piece fetched again, each block from somebody who has not
// sent it yet. Some were believed of one peer alone, for all that is known of it, and
// nobody contradicted it. It is done once, and once more when a peer is found to have
// lied; it is not where a block would have nobody left to send it.
func (c *Core) afresh(now time.Duration, f *Flight) bool {
	if f.renewed {
		return false
	}
	f.renewed, f.opinions = true, true
	f.takes = min(f.takes, renewedTakes)
	if c.opinionLost(now, f) {
		f.opinions = false
		return false
	}
	return true
}

// opinionLost reports whether there may be a block that nobody is left to send:
// each opinion of it rules out one peer.
func (c *Core) opinionLost(now time.Duration, f *Flight) bool {
	most := 0
	for n := range f.Blocks {
		if f.Blocks[n].State == blockFree {
			most = max(most, f.opinionsOf(n))
		}
	}
	return f.free > 0 && c.holders(now, f.Piece, most+1) <= most
}

func (f *Flight) opinionsOf(n int) int {
	all := 0
	for _, x := range f.Failed {
		if l := x.from[n]; l != nil && !l.Gone {
			all++
		}
	}
	return all
}

// holders counts the peers that keep their time and have the piece, up to most.
func (c *Core) holders(now time.Duration, piece, most int) int {
	n := 0
	for _, l := range c.Links {
		if l.late == 0 && l.holds(now, piece) {
			if n++; n == most {
				break
			}
		}
	}
	return n
}

// avoids reports whether block n should come from somebody else than l.
func (f *Flight) avoids(l *Link, n int) bool {
	if !f.opinions {
		return false
	}
	for _, x := range f.Failed {
		if x.from[n] == l {
			return true
		}
	}
	return false
}

// keep takes over the opinions that are less in doubt than most, 1 being any of a
// peer that was not convicted.
func (f *Flight) keep(most float64) {
	for n := range f.Blocks {
		b := &f.Blocks[n]
		if b.State == BlockDone || b.Placing != nil {
			continue
		}
		if x := f.believed(n, most); x != nil {
			copy(f.Place(n), x.block(f, n))
			f.arrive(x.from[n], n)
			b.kept = true
		}
	}
}

// believed is the copy whose block n is least in doubt, and less than most.
func (f *Flight) believed(n int, most float64) *Failure {
	var best *Failure
	for i, x := range f.Failed {
		l := x.from[n]
		if l == nil || l.convicted {
			continue
		}
		doubt := l.suspicion()
		for _, y := range f.Failed[i+1:] {
			if o := y.from[n]; o != nil && o != l && !o.convicted && bytes.Equal(x.block(f, n), y.block(f, n)) {
				doubt *= o.suspicion()
			}
		}
		if doubt < most {
			best, most = x, doubt
		}
	}
	return best
}

// mayDoubt is the doubt below which a block is kept at the take that is under way.
func (f *Flight) mayDoubt() float64 { return credible / float64(int(1)<<(f.takes-2)) }

// sameAgain reports whether what is kept below a doubt is the copy that failed last.
func (f *Flight) sameAgain(most float64) bool {
	for n := range f.Blocks {
		x := f.believed(n, most)
		if x == nil || x.from[n] != f.last[n] {
			return false
		}
	}
	return true
}

// repeats reports whether the piece is put together as the last copy was.
func (f *Flight) repeats() bool {
	for n := range f.Blocks {
		if f.Blocks[n].from != f.last[n] {
			return false
		}
	}
	return true
}

// Reconsider puts a failed piece together from what others sent than those who are
// convicted by now. One that comes of one peer alone, since many lied, goes on.
func (c *Core) Reconsider(now time.Duration, f *Flight) {
	f.News = false
	if len(f.Failed) == 0 || c.wary() && f.parole != nil {
		c.rid(f)
		return
	}
	f.parole, f.opinions, f.renewed = nil, true, false
	f.doubted, f.suspects = true, nil // there is better evidence
	for n := range f.Blocks {
		b := &f.Blocks[n]
		if b.State == BlockDone && b.from.convicted {
			f.Blocks[n] = Block{Placing: b.Placing}
			f.left, f.free = f.left+1, f.free+1
			if alt := f.Alts[n]; alt != nil {
				alt.Release()
				delete(f.Alts, n)
			}
		}
	}
	f.cursor, f.Hashed, f.Verifier = 0, 0, nil
	f.keep(1)
	for _, l := range c.Links {
		for i := len(l.queue) - 1; i >= 0; i-- {
			if r := l.queue[i]; r.Flight == f && f.Blocks[r.Block].State == BlockDone {
				c.cancelQuiet(l, i)
			}
		}
	}
	switch {
	case f.left == 0:
		c.Review = append(c.Review, f)
	case c.wary():
		c.reparole(now, f)
	}
	c.freed()
	c.Kick = true
}

// bySuspect lists the blocks of a copy, those of one peer after those of another;
// first those of some.
func (x *Failure) bySuspect(first []*Link) []int {
	all := make([]int, 0, len(x.from))
	rest := slices.DeleteFunc(x.suspects(), func(l *Link) bool { return contains(first, l) })
	for _, l := range slices.Concat(first, rest) {
		for n := range x.from {
			if x.from[n] == l {
				all = append(all, n)
			}
		}
	}
	return all
}

// Exposed is the next one that must have lied if one alone did, of whose blocks
// there is another opinion by now; nil if there is none.
func (f *Flight) Exposed() *Link {
	if f.Dead || !f.opinions || len(f.Failed) != 1 || f.takes != 1 {
		return nil
	}
	for _, l := range f.suspects {
		if !contains(f.tried, l) && f.cameAgain(l) {
			return l
		}
	}
	return nil
}

// cameAgain reports whether all blocks that l sent of the first copy came again.
func (f *Flight) cameAgain(l *Link) bool {
	for n := range f.Blocks {
		if f.Failed[0].from[n] == l && f.Blocks[n].State != BlockDone {
			return false
		}
	}
	return true
}

// without lists the bytes of the piece, block by block, and who sent them: those
// of the first copy, and the second opinion of what l sent.
func (f *Flight) without(l *Link) ([][]byte, []*Link) {
	parts, from := make([][]byte, len(f.Blocks)), make([]*Link, len(f.Blocks))
	first := f.Failed[0]
	for n := range f.Blocks {
		if first.from[n] == l {
			parts[n], from[n] = f.Bytes(n), f.Blocks[n].from
		} else {
			parts[n], from[n] = first.block(f, n), first.from[n]
		}
	}
	return parts, from
}

// block is the bytes of block n in the copy.
func (x *Failure) block(f *Flight, n int) []byte {
	off := n * metainfo.BlockLen
	return x.Buf.Bytes()[off : off+f.BlockSize(n)]
}

// Reconcile makes a right piece of two copies that failed, or of what there is of
// the second, without what the one peer sent that must have lied; good hashes. It
// is called until exposed has nobody left. Only the goroutine that hashes the
// piece may call it; for good the lock may be let go, for what parts holds is
// constant.
func (c *Core) Reconcile(f *Flight, good func(parts [][]byte) bool) bool {
	l := f.Exposed()
	copies := f.Copies
	f.tried = append(f.tried, l)
	parts, from := f.without(l)
	if !good(parts) || f.Dead || f.Copies != copies {
		return false
	}
	c.cancelAll(f)
	c.settleOpinion(f, parts, from)
	return true
}

// settleOpinion makes the reconciled blocks the piece's; the copy that failed is
// kept for the blame.
func (c *Core) settleOpinion(f *Flight, parts [][]byte, from []*Link) {
	bad := &Failure{Buf: c.memory.Buffer(f.Size), from: make([]*Link, len(f.Blocks))}
	for n := range f.Blocks {
		// What has not arrived may be written to at this moment.
		if b := &f.Blocks[n]; b.State == BlockDone && !b.kept {
			bad.from[n] = b.from
			copy(bad.block(f, n), f.Bytes(n))
			if from[n] != b.from {
				c.spoil(f, n)
			}
		}
	}
	first := f.Failed[0]
	whole := c.memory.Buffer(f.Size)
	for n, p := range parts {
		copy(whole.Bytes()[n*metainfo.BlockLen:], p)
	}
	f.ReleaseAlts()
	f.Buf.Release()
	f.Buf = whole
	for n := range f.Blocks {
		f.Blocks[n] = Block{State: BlockDone, from: from[n], kept: from[n] == first.from[n]}
	}
	f.left, f.free = 0, 0
	c.accuse(f, bad)
	c.Stats.HashFailures++
}
