package fleet

import "time"

// A diskCache is a model of the order in which cache evicts (cache/order.go): spare chunks first, then
// S3-FIFO with each list by last use, in whole chunks.
type diskCache struct {
	room        int // chunks
	entries     map[int32]*entry
	spare       list // what another gateway keeps too
	trial, main list
	gone        map[int32]bool // evicted on trial, lately
	queue       []int32        // the oldest of gone first
}

// An entry is a chunk in a diskCache.
type entry struct {
	chunk        int32
	spare        bool
	main         bool
	lives        uint8         // evictions that its uses save it from
	reads        uint16        // since it came
	asked        time.Duration // when the last use that counted was
	older, newer *entry
}

const (
	trialShare = 10               // the trial list has one part of this many
	sameUse    = 10 * time.Minute // uses within it are one
	lives      = 3                // evictions that a use saves from
	maxUses    = 3
	maxPassed  = 1024
	minGhosts  = 1024
)

func newCache(size int64) *diskCache {
	c := &diskCache{room: int(size / chunk), entries: make(map[int32]*entry), gone: make(map[int32]bool)}
	c.spare.init()
	c.trial.init()
	c.main.init()
	return c
}

// use notes that a chunk is read, and returns its entry; nil if it is not here.
func (c *diskCache) use(now time.Duration, n int32) *entry {
	e := c.entries[n]
	if e == nil {
		return nil
	}
	e.reads++
	if now-e.asked >= sameUse {
		e.asked, e.lives = now, min(e.lives+lives, maxUses*lives)
	}
	c.move(e, false)
	return e
}

// move puts an entry at the new end of its list, or of that of spare ones.
func (c *diskCache) move(e *entry, spare bool) {
	c.listOf(e).remove(e)
	e.spare = spare
	c.listOf(e).add(e)
}

// add puts a chunk in, and returns those that had to go.
func (c *diskCache) add(now time.Duration, n int32, spare bool) (evicted []int32) {
	if e := c.entries[n]; e != nil {
		if !spare {
			c.move(e, false)
		}
		return nil
	}
	e := &entry{chunk: n, spare: spare, asked: now, reads: 1}
	if !spare {
		e.main = c.gone[n]
		delete(c.gone, n)
	}
	c.entries[n] = e
	c.listOf(e).add(e)
	for len(c.entries) > c.room {
		evicted = append(evicted, c.evict())
	}
	return evicted
}

func (c *diskCache) listOf(e *entry) *list {
	switch {
	case e.spare:
		return &c.spare
	case e.main:
		return &c.main
	}
	return &c.trial
}

// evict takes out the chunk that is to go next.
func (c *diskCache) evict() int32 {
	e := c.next()
	c.listOf(e).remove(e)
	delete(c.entries, e.chunk)
	if !e.main && !e.spare {
		c.remember(e.chunk)
	}
	return e.chunk
}

// next returns the entry to evict next.
func (c *diskCache) next() (least *entry) {
	if c.spare.n > 0 {
		return c.spare.root.newer
	}
	for range maxPassed {
		l := &c.main
		if c.main.n == 0 || c.trial.n > (c.trial.n+c.main.n)/trialShare {
			l = &c.trial
		}
		e := l.root.newer
		if e.lives == 0 {
			return e
		}
		l.remove(e)
		if e.lives--; !e.main {
			e.main, e.lives = true, 0
		}
		if least == nil || e.lives < least.lives {
			least = e
		}
		c.listOf(e).add(e)
	}
	return least
}

// remember notes a chunk that went on trial.
func (c *diskCache) remember(n int32) {
	c.gone[n] = true
	c.queue = append(c.queue, n)
	for len(c.queue) > max(len(c.entries), minGhosts) {
		delete(c.gone, c.queue[0])
		c.queue = c.queue[1:]
	}
}

// A list is a ring through root: root.newer is the oldest entry.
type list struct {
	root entry
	n    int
}

func (l *list) init() { l.root.newer, l.root.older = &l.root, &l.root }

func (l *list) add(e *entry) {
	e.newer, e.older = &l.root, l.root.older
	e.older.newer, e.newer.older = e, e
	l.n++
}

func (l *list) remove(e *entry) {
	e.older.newer, e.newer.older = e.newer, e.older
	l.n--
}
