package discovery

import (
	"net/netip"
	"slices"
	"time"
)

// Demand says which clients need the peers of a torrent.
type Demand struct {
	// Clients are those that wait for it; the zero Prefix is the process itself.
	Clients []netip.Prefix
	// Idle is set when nobody waits and there is nothing to upload: nothing is
	// announced then.
	Idle bool
}

// SetDemand says who needs the torrent from now on. Until it is called nobody waits, and
// there is something to upload.
func (t *Trackers) SetDemand(d Demand) {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	for _, c := range t.demand.Clients {
		if slices.Contains(d.Clients, c) {
			continue
		}
		for _, tr := range t.known {
			if _, named := tr.by[c]; named {
				tr.by[c] = now
			}
		}
	}
	switch {
	case !d.Idle:
		t.idleAt = time.Time{}
	case !t.demand.Idle:
		t.idleAt = now
	}
	t.demand = d
	if t.looping {
		t.look()
	}
}

// Proved notes that a peer gave content. The trackers that named it are used from now
// on, whether or not their client waits.
func (t *Trackers) Proved(peer netip.AddrPort) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tr := range t.known {
		if slices.Contains(tr.given, peer) {
			tr.proved, tr.given = true, nil
		}
	}
}

// idle reports whether nothing is to be announced. Called with mu held.
func (t *Trackers) idle(now time.Time) bool {
	return !t.idleAt.IsZero() && now.Sub(t.idleAt) >= hintGrace
}

// payers are the clients on whose behalf a tracker is asked. Called with mu held.
func (t *Trackers) payers(tr *tracker) (clients []netip.Prefix) {
	if tr.own || tr.proved {
		return slices.Clone(t.demand.Clients)
	}
	for c := range tr.by {
		clients = append(clients, c)
	}
	return clients
}

// namers are the clients that named a tracker, none where it is the torrent's own or proved.
func (t *Trackers) namers(tr *tracker) (by []netip.Prefix) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if tr.own || tr.proved {
		return nil
	}
	for c := range tr.by {
		by = append(by, c)
	}
	return by
}

// expire forgets clients that named a tracker and have gone, ends announces that nobody
// waits for any more, and returns when to look again. Called with mu held.
func (t *Trackers) expire(now time.Time) (next time.Time) {
	next = now.Add(idle)
	for _, tr := range t.known {
		for c, last := range tr.by {
			switch at := last.Add(hintGrace); {
			case slices.Contains(t.demand.Clients, c):
			case at.After(now):
				next = earlier(next, at)
			default:
				delete(tr.by, c)
				t.cfg.Announcer.forget(c)
			}
		}
		if !t.usable(tr) || t.idle(now) {
			tr.cancel()
		}
	}
	if !t.idleAt.IsZero() && !t.idle(now) {
		next = earlier(next, t.idleAt.Add(hintGrace))
	}
	return next
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
