package fleet

import "time"

// A diskCache is a model of the order in which cache evicts (cache/order.go): S3-FIFO with each
// list by last use, in whole chunks.
type diskCache struct {
	room        int // chunks
	entries     map[int32]*entry
	trial, main list
	gone        map[int32]bool // evicted on trial, lately
	queue       []int32        // the oldest of gone first
}

// An entry is a chunk in a diskCache.
type entry struct {
	chunk        int32
	main         bool
	uses         uint8
	reads        uint16        // since it came
	asked        time.Duration // when the last use that counted was
	older, newer *entry
}

const (
	trialShare = 10               // the trial list has one part of this many
	sameUse    = 10 * time.Minute // uses within it are one
	maxUses    = 3
	minGhosts  = 1024
)

func newCache(size int64) *diskCache {
	c := &diskCache{room: int(size / chunk), entries: make(map[int32]*entry), gone: make(map[int32]bool)}
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
		e.asked, e.uses = now, min(e.uses+1, maxUses)
	}
	l := c.listOf(e)
	l.remove(e)
	l.add(e)
	return e
}

// add puts a chunk in, and returns those that had to go.
func (c *diskCache) add(now time.Duration, n int32) (evicted []int32) {
	if c.entries[n] != nil {
		return nil
	}
	e := &entry{chunk: n, main: c.gone[n], asked: now, reads: 1}
	delete(c.gone, n)
	c.entries[n] = e
	c.listOf(e).add(e)
	for len(c.entries) > c.room {
		evicted = append(evicted, c.evict())
	}
	return evicted
}

func (c *diskCache) listOf(e *entry) *list {
	if e.main {
		return &c.main
	}
	return &c.trial
}

// evict takes out the chunk that is to go next.
func (c *diskCache) evict() int32 {
	for {
		l := &c.main
		if c.main.n == 0 || c.trial.n > (c.trial.n+c.main.n)/trialShare {
			l = &c.trial
		}
		e := l.root.newer
		l.remove(e)
		if e.uses > 0 {
			if e.uses--; !e.main {
				e.main, e.uses = true, 0
			}
			c.listOf(e).add(e)
			continue
		}
		delete(c.entries, e.chunk)
		if !e.main {
			c.remember(e.chunk)
		}
		return e.chunk
	}
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
