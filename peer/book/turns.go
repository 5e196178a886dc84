package book

import (
	"math"
	"net/netip"
	"slices"
)

// Turns says whose address is next. The clients that named addresses and wait take turns with
// each other and with the torrent's own addresses: the one with the fewest places is next. What
// clients named that have gone comes last. A nil Turns knows no clients: the best address of all
// is next. It is not safe for concurrent use.
type Turns struct {
	waits func(netip.Prefix) bool
	taken map[netip.Prefix]int // places; the zero Prefix is the torrent itself
}

// NewTurns returns Turns in which nobody has a place. waits reports whether a client waits.
func NewTurns(waits func(netip.Prefix) bool) *Turns {
	return &Turns{waits: waits, taken: make(map[netip.Prefix]int)}
}

// Take counts a place of an entry: an attempt, or a connection that brought nothing yet.
func (t *Turns) Take(e *Entry) {
	if t == nil {
		return
	}
	if e.own {
		t.taken[netip.Prefix{}]++
	}
	for _, c := range e.by {
		t.taken[c]++
	}
}

// Has returns the number of places that the namers of an entry have, or the torrent itself: of
// several, that of the one with the fewest. For clients that have gone it is more than anybody has.
func (t *Turns) Has(e *Entry) int {
	if t == nil {
		return 0
	}
	n := math.MaxInt
	if e.own {
		n = t.taken[netip.Prefix{}]
	}
	for _, c := range e.by {
		if t.waits(c) {
			n = min(n, t.taken[c])
		}
	}
	return n
}

// Waits reports whether the entry is the torrent's own, or one of its namers waits.
func (t *Turns) Waits(e *Entry) bool { return t.Has(e) < math.MaxInt }

// Named reports whether clients named addresses that the torrent does not know otherwise, so
// that they have to take turns.
func (b *Book) Named() bool { return b.named > 0 }

// tag notes who named an entry: clients, or nobody, when it is the torrent's own. It is fresh
// when it was not known before.
func (b *Book) tag(e *Entry, fresh bool, source Source, by []netip.Prefix) {
	before := len(e.by) > 0 && !e.own
	if own := len(by) == 0 || slices.Contains(by, netip.Prefix{}); own {
		if !e.own && !fresh {
			e.Source = source // what a client said of it is no source of ours
		}
		e.own = true
		e.Source = min(e.Source, source)
	} else {
		if !e.own {
			e.Source = min(e.Source, source)
		}
		for _, c := range by {
			if slices.Contains(e.by, c) {
				continue
			}
			if len(e.by) == maxNamers {
				b.leaves(e.by[0])
				e.by = slices.Delete(e.by, 0, 1)
			}
			e.by = append(e.by, c)
			b.namers[c]++
		}
	}
	b.count(before, len(e.by) > 0 && !e.own)
}

// count keeps the number of entries that clients alone named.
func (b *Book) count(before, now bool) {
	if before {
		b.named--
	}
	if now {
		b.named++
	}
}

// untag takes an entry off the counts.
func (b *Book) untag(e *Entry) {
	b.count(len(e.by) > 0 && !e.own, false)
	for _, c := range e.by {
		b.leaves(c)
	}
}

func (b *Book) leaves(client netip.Prefix) {
	if b.namers[client]--; b.namers[client] == 0 {
		delete(b.namers, client)
	}
}

// A claim is what an address that is to be known has, where others have to make way for it.
type claim struct {
	source Source
	by     []netip.Prefix
	mine   int // entries of those who claim: of the one with the fewest
}

// claim is that of an address which clients named.
func (b *Book) claim(source Source, by []netip.Prefix) *claim {
	c := &claim{source: source, by: by, mine: math.MaxInt}
	for _, client := range by {
		c.mine = min(c.mine, b.namers[client])
	}
	return c
}

// beats reports whether an entry makes way: it failed, or its source is less trusted. A client
// pushes out its own, what clients named that have more, and, while it has less than half of the
// book, the torrent's own.
func (b *Book) beats(c *claim, e *Entry) bool {
	if e.State != Idle || e.failures == 0 && e.Source <= c.source && c.source != SourceUser {
		return false
	}
	if len(c.by) == 0 {
		return true
	}
	if e.own {
		return 2*c.mine < len(b.order)
	}
	return slices.ContainsFunc(e.by, func(client netip.Prefix) bool {
		return b.namers[client] > c.mine || slices.Contains(c.by, client)
	})
}
