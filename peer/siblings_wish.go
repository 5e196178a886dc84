package peer

import (
	"math"
	"time"

	"github.com/btgw/btgw/peer/wire"
)

// What readers need next: a sibling is asked for no more blocks than its near round trip needs, which says too
// little to the one that fetches from far away.

// Wish tells a sibling that fetches what we ask for what our readers need next, in place of what it was told
// before. It never blocks. One that is an older gateway is told nothing.
func (c *Conn) Wish(wishes []Wish) {
	e := c.ext.Load()
	if !c.leads() || !c.kin.pulls.Load() || !c.kin.heeds.Load() || e == nil || e.Sibling == 0 {
		return
	}
	said := make([]wire.Wish, 0, MaxWishes)
	for _, w := range wishes[:min(len(wishes), MaxWishes)] {
		in := min(max(w.In, 0)/time.Millisecond, math.MaxUint32)
		said = append(said, wire.Wish{First: uint32(w.First), Count: uint32(w.Count), In: uint32(in)})
	}
	c.wmu.Lock()
	c.out = wire.AppendSibling(c.out, e.Sibling, wire.SiblingMessage{Pulls: c.kin.told, Warm: c.kin.toldWarm, Heeds: true, Wishing: true, Wishes: said})
	c.queued()
}

// receiveWishes hands on what the readers of a sibling need next, while we fetch what it asks for. dmu is held.
func (c *Conn) receiveWishes(said []wire.Wish) error {
	if c.info == nil || !c.swarm.weFetch() {
		return nil
	}
	wishes := make([]Wish, len(said))
	for i, w := range said {
		if n := uint64(c.info.NumPieces()); w.Count == 0 || uint64(w.First)+uint64(w.Count) > n {
			return violation("a wish for %d pieces from %d on of %d", w.Count, w.First, n)
		}
		wishes[i] = Wish{First: int(w.First), Count: int(w.Count), In: time.Duration(w.In) * time.Millisecond}
	}
	c.kin.wishes = len(wishes) > 0
	c.events = append(c.events, Event{Kind: Wished, Wishes: wishes})
	return nil
}

// endWishes has nothing more begun of what a sibling wishes once another gateway fetches. dmu is held.
func (c *Conn) endWishes() {
	if c.kin.wishes && !c.swarm.weFetch() {
		c.kin.wishes = false
		c.events = append(c.events, Event{Kind: Unheeded})
	}
}
