package cache

import (
	"hash/maphash"
	"math"
	"time"
)

// An order decides which runs on disk are evicted first. It is S3-FIFO (Yang et al.,
// SOSP 2023), with each list in the order of last use. A run that is used once leaves
// soon, and one that is asked for again and again stays. A use saves a run for longer the dearer it
// is to fetch again, as in GreedyDual (Young, SODA 1991).
//
// A new run is on trial, in a small list. It moves to the main list if it was used
// again before its eviction is due, or if it comes back soon after it. Uses within
// sameUse of each other are one: a player asks many times for a piece.
//
// A spare run is in a list of its own, which goes before the others, the longest unused first. It
// comes on trial once it is read here.
//
// A leased run is in no list, and neither is one of a pinned torrent, nor one that holds no
// piece. The caller of each method holds Store.mu.
type order struct {
	spare, trial, main recency
	age                func() time.Duration // of the Store
	gone               ghosts               // runs that were evicted on trial
}

// maxUses is the largest number of uses of a run that count.
const maxUses = 3

// lives is from how many evictions a use saves a run. With numbers further apart misses cost
// hardly less, and there are more of them (TestOrderWeighsMisses).
var lives = [...]uint8{Ordinary: 3, Cheap: 1, Dear: 9}

func (o *order) init(age func() time.Duration) {
	o.age = age
	o.spare.init()
	o.spare.root.spare = true
	o.trial.init()
	o.main.init()
	o.main.root.main = true
	o.gone.init()
}

// listOf returns the list that a run is in, or would be.
func (o *order) listOf(r *run) *recency {
	switch {
	case r.spare:
		return &o.spare
	case r.main:
		return &o.main
	}
	return &o.trial
}

// clock returns the Store's age, in seconds.
func (o *order) clock() uint32 { return uint32(o.age() / time.Second) }

// admit decides in which list a run begins of which a piece was just written.
func (o *order) admit(r *run, spare bool) {
	r.lives, r.asked = 0, o.clock()
	r.spare, r.main = spare, !spare && o.gone.take(r)
}

// claim takes in that a run has what is read here: it is spare no more.
func (o *order) claim(r *run) {
	if !r.spare {
		return
	}
	listed := r.newer != nil
	o.remove(r)
	if r.spare, r.main = false, o.gone.take(r); listed {
		o.add(r)
	}
}

// before is a time, in seconds, from which no use after the Store began is within
// sameUse.
const before = math.MaxUint32 - uint32(sameUse/time.Second) + 1

// recover puts a run that an earlier process left at the new end. Its next use counts.
func (o *order) recover(r *run) {
	r.asked = before // modulo 1<<32, as in use
	o.add(r)
}

// charge notes that a run takes n more bytes of disk.
func (o *order) charge(r *run, n int64) {
	if r.newer != nil {
		o.listOf(r).bytes += n
	}
	r.charged += n
}

// use counts a use of a run.
func (o *order) use(r *run) {
	now := o.clock()
	if now-r.asked >= uint32(sameUse/time.Second) {
		n := lives[r.c.missCost]
		r.asked, r.lives = now, min(r.lives+n, maxUses*n)
	}
}

// touch uses a run that is in a list.
func (o *order) touch(r *run) {
	o.use(r)
	if r.newer != nil {
		o.remove(r)
		o.add(r)
	}
}

// add puts a run that is in no list at the new end of its own. A pinned one stays in none.
func (o *order) add(r *run) {
	if r.c.pinned {
		return
	}
	l := o.listOf(r)
	l.insert(r, &l.root)
}

// insert puts a run that is in no list next to one that is, and is newer.
func (o *order) insert(r, newer *run) {
	r.spare, r.main = newer.spare, newer.main
	o.listOf(r).insert(r, newer)
}

// remove takes a run out of its list, if it is in one.
func (o *order) remove(r *run) {
	if r.newer != nil {
		o.listOf(r).remove(r)
	}
}

// next returns the run to evict next, or nil: a spare one if there is any. It passes over others that
// have lives left, but not over more than maxPassed: then it takes the one with the fewest of them.
func (o *order) next() (least *run) {
	if r := o.spare.oldest(); r != nil {
		return r
	}
	for range maxPassed {
		l := &o.main
		if o.main.bytes == 0 || o.trial.bytes > (o.trial.bytes+o.main.bytes)/trialShare {
			l = &o.trial
		}
		r := l.oldest()
		if r == nil || r.lives == 0 {
			return r
		}
		o.remove(r)
		if r.lives--; !r.main {
			r.main, r.lives = true, 0
		}
		if least == nil || r.lives < least.lives {
			least = r
		}
		o.add(r)
	}
	return least
}

// evict takes out the run that next returned.
func (o *order) evict(r *run) {
	o.remove(r)
	if !r.main && !r.spare {
		o.gone.add(r, o.trial.len+o.main.len)
	}
}

// all yields the runs in the lists, in the order of eviction.
func (o *order) all(yield func(*run) bool) {
	for _, l := range []*recency{&o.spare, &o.trial, &o.main} {
		for r := l.root.newer; r != &l.root; r = r.newer {
			if !yield(r) {
				return
			}
		}
	}
}

// A recency is a ring of runs through root, by their last use. The older neighbour of
// root is the newest run.
type recency struct {
	root  run
	len   int
	bytes int64 // of the runs
}

func (l *recency) init() { l.root.newer, l.root.older = &l.root, &l.root }

// insert puts a run before one that is in the list, or root.
func (l *recency) insert(r, newer *run) {
	r.newer, r.older = newer, newer.older
	r.older.newer, newer.older = r, r
	l.len++
	l.bytes += r.charged
}

func (l *recency) remove(r *run) {
	r.newer.older, r.older.newer = r.older, r.newer
	r.newer, r.older = nil, nil
	l.len--
	l.bytes -= r.charged
}

// oldest returns the run whose last use is the longest ago, or nil.
func (l *recency) oldest() *run {
	if l.len == 0 {
		return nil
	}
	return l.root.newer
}

// Ghosts are runs that were evicted lately, by a hash of their torrent and index: as
// many as there are runs. Two with one hash do no harm.
type ghosts struct {
	seed  maphash.Seed
	known map[uint64]bool
	queue []uint64 // the oldest first; some are known no more
}

func (g *ghosts) init() { g.seed, g.known = maphash.MakeSeed(), make(map[uint64]bool) }

func (g *ghosts) key(r *run) uint64 {
	return maphash.Comparable(g.seed, struct {
		hash  string
		index int
	}{r.c.geo.hash, int(r.index)})
}

// add notes a run, and forgets the oldest beyond limit.
func (g *ghosts) add(r *run, limit int) {
	k := g.key(r)
	g.known[k] = true
	g.queue = append(g.queue, k)
	for over := len(g.queue) - max(limit, minGhosts); over > 0; over-- {
		delete(g.known, g.queue[0])
		g.queue = g.queue[1:]
	}
}

// take reports whether a run is noted, and forgets it.
func (g *ghosts) take(r *run) bool {
	k := g.key(r)
	known := g.known[k]
	delete(g.known, k)
	return known
}
