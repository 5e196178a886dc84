package contact

import (
	"net/netip"
	"slices"
	"time"
)

// wait puts w into the queue of the key that holds it up. Where there are too many, the
// client with the most gives up what it queued last. mu is held.
func (g *Gate) wait(w *waiter) error {
	if g.waiting >= maxWaiting && !g.makeRoom(w) {
		g.stats.Crowded++
		return ErrCrowded
	}
	g.waiting++
	g.byClient[w.client]++
	g.stats.Waited++
	g.enqueue(w)
	g.next(w.at)
	return nil
}

// behind reports whether others wait for one of w's keys, so that w has to do so too. mu is
// held.
func (g *Gate) behind(w *waiter) bool {
	for _, k := range append(slices.Clip(w.rated), w.opened...) {
		if g.queues[k] != nil {
			w.at = k
			return true
		}
	}
	return false
}

// makeRoom has a contact give up that waits for the client with the most of them, unless
// that is w's own. mu is held.
func (g *Gate) makeRoom(w *waiter) bool {
	var most netip.Prefix
	n := 0
	for c, k := range g.byClient {
		if k > n {
			most, n = c, k
		}
	}
	if n <= g.byClient[w.client]+1 {
		return false
	}
	var last *waiter
	for _, q := range g.queues {
		for _, x := range q.waiters {
			if x.client == most && (last == nil || x.order > last.order) {
				last = x
			}
		}
	}
	g.remove(last)
	g.stats.Crowded++
	last.done <- ErrCrowded
	return true
}

// enqueue puts w into the queue of w.at. mu is held.
func (g *Gate) enqueue(w *waiter) {
	q := g.queues[w.at]
	if q == nil {
		q = &queue{clients: make(map[netip.Prefix]uint64), hashes: make(map[[20]byte]uint64)}
		g.queues[w.at] = q
	}
	q.waiters = append(q.waiters, w)
	g.arm(w.at, q)
}

// dequeue takes w out of its queue, which ends with its last. mu is held.
func (g *Gate) dequeue(w *waiter) {
	q := g.queues[w.at]
	q.waiters = slices.DeleteFunc(q.waiters, func(x *waiter) bool { return x == w })
	if len(q.waiters) == 0 {
		if q.timer != nil {
			q.timer.Stop()
		}
		delete(g.queues, w.at)
	}
}

// remove is dequeue for one that waits no longer. mu is held.
func (g *Gate) remove(w *waiter) {
	g.dequeue(w)
	g.waiting--
	if g.byClient[w.client]--; g.byClient[w.client] <= 0 {
		delete(g.byClient, w.client)
	}
}

// arm has the queue of k looked at when k allows a contact again. mu is held.
func (g *Gate) arm(k Key, q *queue) {
	if q.timer != nil {
		return
	}
	wait, _ := g.limiter.Wait(time.Now(), k)
	if wait == 0 {
		return // it is full: what leaves it looks
	}
	q.timer = time.AfterFunc(wait, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.queues[k] != q {
			return
		}
		q.timer = nil
		g.next(k)
	})
}

// next lets through what waits for k, the first first, as long as k allows it. Those that
// another key holds up wait for that one from now on. mu is held.
func (g *Gate) next(k Key) {
	full := false // k has as many exchanges under way as it may have
	for {
		q := g.queues[k]
		if q == nil {
			return
		}
		w := q.first(full)
		if w == nil {
			return
		}
		settled, err := g.try(w)
		at := w.at
		switch {
		case settled:
			w.at = k
			g.remove(w)
			if err == nil {
				g.had(q, w)
			}
			w.done <- err
		case at == k && w.full:
			full = true
		case at == k:
			g.arm(k, q)
			return
		default:
			w.at = k
			g.dequeue(w)
			w.at = at
			g.enqueue(w)
		}
	}
}

// had notes whose turn it was. mu is held.
func (g *Gate) had(q *queue, w *waiter) {
	g.turn++
	q.clients[w.client], q.hashes[w.ask.Torrent] = g.turn, g.turn
	if len(q.clients)+len(q.hashes) > 4*maxWaiting { // of those that came and went
		clear(q.clients)
		clear(q.hashes)
	}
}

// first is the waiter whose turn is next, of those that open no exchange where full; nil if
// there is none.
func (q *queue) first(full bool) *waiter {
	var best *waiter
	for _, w := range q.waiters {
		if full && w.ask.Open {
			continue
		}
		if best == nil || q.before(w, best) {
			best = w
		}
	}
	return best
}

// before reports whether a goes before b: what has begun first, then what a reader waits
// for, then by whose client and whose torrent had a turn the longest ago.
func (q *queue) before(a, b *waiter) bool {
	switch ca, cb := q.clients[a.client], q.clients[b.client]; {
	case a.ask.Begun != b.ask.Begun:
		return a.ask.Begun
	case a.ask.Reader != b.ask.Reader:
		return a.ask.Reader
	case ca != cb:
		return ca < cb
	}
	if ha, hb := q.hashes[a.ask.Torrent], q.hashes[b.ask.Torrent]; ha != hb {
		return ha < hb
	}
	return a.order < b.order
}
