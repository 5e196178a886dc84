package cache

import (
	"hash/maphash"
	"math"
	"time"
)

// An order decides which pieces on disk are evicted first. It is S3-FIFO (Yang et al.,
// SOSP 2023), with each list in the order of last use. A piece that is used once leaves
// soon, and one that is asked for again and again stays.
//
// A new piece is on trial, in a small list. It moves to the main list if it was used
// again before its eviction is due, or if it comes back soon after it. Uses within
// sameUse of each other are one: a player asks many times for a piece.
//
// A leased piece is in no list, and neither is one of a pinned torrent. The caller of each method holds Store.mu.
type order struct {
	trial, main recency
	now         func() time.Time
	begun       time.Time
	gone        ghosts // pieces that were evicted on trial
}

// maxUses is the largest number of uses of a piece that count. Each use saves the piece
// from one eviction.
const maxUses = 3

func (o *order) init(now func() time.Time) {
	o.now, o.begun = now, now()
	o.trial.init()
	o.main.init()
	o.main.root.main = true
	o.gone.init()
}

// listOf returns the list that a piece is in, or would be.
func (o *order) listOf(p *piece) *recency {
	if p.main {
		return &o.main
	}
	return &o.trial
}

// clock returns the Store's age, in seconds.
func (o *order) clock() uint32 { return uint32(o.now().Sub(o.begun) / time.Second) }

// admit decides in which list a piece begins that was just written.
func (o *order) admit(p *piece) {
	p.main, p.uses, p.asked = o.gone.take(p), 0, o.clock()
}

// before is a time, in seconds, from which no use after the Store began is within
// sameUse.
const before = math.MaxUint32 - uint32(sameUse/time.Second) + 1

// recover puts a piece of an earlier run at the new end. Its next use counts.
func (o *order) recover(p *piece) {
	p.asked = before // modulo 1<<32, as in use
	o.add(p)
}

// use counts a use of a piece.
func (o *order) use(p *piece) {
	now := o.clock()
	if now-p.asked >= uint32(sameUse/time.Second) {
		p.asked, p.uses = now, min(p.uses+1, maxUses)
	}
}

// touch uses a piece that is in a list.
func (o *order) touch(p *piece) {
	o.use(p)
	if p.newer != nil {
		o.remove(p)
		o.add(p)
	}
}

// add puts a piece that is in no list at the new end of its own. A pinned one stays in none.
func (o *order) add(p *piece) {
	if p.c.pinned {
		return
	}
	l := o.listOf(p)
	l.insert(p, &l.root)
}

// insert puts a piece that is in no list next to one that is, and is newer.
func (o *order) insert(p, newer *piece) {
	p.main = newer.main
	o.listOf(p).insert(p, newer)
}

// remove takes a piece out of its list, if it is in one.
func (o *order) remove(p *piece) {
	if p.newer != nil {
		o.listOf(p).remove(p)
	}
}

// next returns the piece to evict next, or nil. It passes over pieces that have uses
// left.
func (o *order) next() *piece {
	for {
		l := &o.main
		if o.main.bytes == 0 || o.trial.bytes > (o.trial.bytes+o.main.bytes)/trialShare {
			l = &o.trial
		}
		p := l.oldest()
		if p == nil || p.uses == 0 {
			return p
		}
		o.remove(p)
		if p.uses--; !p.main {
			p.main, p.uses = true, 0
		}
		o.add(p)
	}
}

// evict takes out the piece that next returned.
func (o *order) evict(p *piece) {
	o.remove(p)
	if !p.main {
		o.gone.add(p, o.trial.len+o.main.len)
	}
}

// all yields the pieces in the lists, in the order of eviction.
func (o *order) all(yield func(*piece) bool) {
	for _, l := range []*recency{&o.trial, &o.main} {
		for p := l.root.newer; p != &l.root; p = p.newer {
			if !yield(p) {
				return
			}
		}
	}
}

// A recency is a ring of pieces through root, by their last use. The older neighbour of
// root is the newest piece.
type recency struct {
	root  piece
	len   int
	bytes int64 // of the pieces
}

func (l *recency) init() { l.root.newer, l.root.older = &l.root, &l.root }

// insert puts a piece before one that is in the list, or root.
func (l *recency) insert(p, newer *piece) {
	p.newer, p.older = newer, newer.older
	p.older.newer, newer.older = p, p
	l.len++
	l.bytes += int64(p.size)
}

func (l *recency) remove(p *piece) {
	p.newer.older, p.older.newer = p.older, p.newer
	p.newer, p.older = nil, nil
	l.len--
	l.bytes -= int64(p.size)
}

// oldest returns the piece whose last use is the longest ago, or nil.
func (l *recency) oldest() *piece {
	if l.len == 0 {
		return nil
	}
	return l.root.newer
}

// Ghosts are pieces that were evicted lately, by a hash of their torrent and index: as
// many as there are pieces. Two with one hash do no harm.
type ghosts struct {
	seed  maphash.Seed
	known map[uint64]bool
	queue []uint64 // the oldest first; some are known no more
}

func (g *ghosts) init() { g.seed, g.known = maphash.MakeSeed(), make(map[uint64]bool) }

func (g *ghosts) key(p *piece) uint64 {
	return maphash.Comparable(g.seed, struct {
		hash  string
		index int
	}{p.c.geo.hash, p.index})
}

// add notes a piece, and forgets the oldest beyond limit.
func (g *ghosts) add(p *piece, limit int) {
	k := g.key(p)
	g.known[k] = true
	g.queue = append(g.queue, k)
	for over := len(g.queue) - max(limit, minGhosts); over > 0; over-- {
		delete(g.known, g.queue[0])
		g.queue = g.queue[1:]
	}
}

// take reports whether a piece is noted, and forgets it.
func (g *ghosts) take(p *piece) bool {
	k := g.key(p)
	known := g.known[k]
	delete(g.known, k)
	return known
}
