package peer

import (
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// What is fetched because siblings ask for it, and what they fetch because we ask.

// weFetch reports whether we fetch what siblings ask for: while we lead, and as the owner also for those that do
// not know of the one that is warm. What they ask us for we ask that one for.
func (s *Swarm) weFetch() bool {
	f := s.host.fleet
	return s.cfg.Pull != nil && !f.draining.Load() && (s.kin.ours(f.cfg.Node) || s.kin.owner.Load())
}

// tellPulls tells a proved sibling whether we fetch what it asks for, and whether we are warm, where it does not
// know.
func (c *Conn) tellPulls() {
	e, k := c.ext.Load(), c.kin
	c.wmu.Lock()
	pulls, warm := c.swarm.weFetch(), c.swarm.kin.warm.Load()
	if (pulls != k.told || warm != k.toldWarm) && e != nil && e.Sibling != 0 {
		k.told, k.toldWarm = pulls, warm
		c.out = wire.AppendSibling(c.out, e.Sibling, wire.SiblingMessage{Pulls: pulls, Warm: warm, Heeds: true})
	}
	c.queued()
}

// takePulls has Demand take the peer for a seed while it leads, and fetches what we ask for.
// dmu is held.
func (c *Conn) takePulls() {
	k := c.kin
	pulled := k.pulls.Load() && c.leads()
	if pulled == k.pulled {
		return
	}
	k.pulled = pulled
	if c.info == nil {
		return // join says it
	}
	if pulled {
		c.events = c.fetches(c.events)
		return
	}
	c.events = append(c.events, Event{Kind: HasField, Field: c.said.pieces.Clone()})
}

// fetches says that the peer fetches what we ask for, and whether it knows of wishes.
func (c *Conn) fetches(events []Event) []Event {
	events = append(events, Event{Kind: HasAll})
	if c.kin.heeds.Load() {
		events = append(events, Event{Kind: Fetches})
	}
	return events
}

// covered reports whether what the peer says of its pieces makes no difference: it fetches
// all that we ask for. dmu is held.
func (c *Conn) covered(kind EventKind) bool {
	if c.kin == nil || !c.kin.pulled {
		return false
	}
	switch kind {
	case Has, HasField, HasAll, HasNone, LostPiece:
		return true
	}
	return false
}

// A parked piece is one that a sibling asked for and that is being fetched for it.
type parkedPiece struct {
	blocks []metainfo.Block
	came   bool
	stop   func() // ends the demand for it; the writer's alone
}

// park puts a block that a sibling asked for aside until its piece is here, and reports
// whether it did. It is the writer's alone.
func (w *writer) park(b metainfo.Block) bool {
	c := w.c
	if !c.sibling() {
		return false
	}
	c.wmu.Lock()
	p := c.parked[b.Piece]
	if p == nil && !c.kin.told || p != nil && p.came {
		c.wmu.Unlock()
		return false
	}
	if p != nil {
		p.blocks = append(p.blocks, b)
		c.parkedBlocks++
		c.wmu.Unlock()
		return true
	}
	if c.parked == nil {
		c.parked = make(map[uint32]*parkedPiece)
	}
	p = &parkedPiece{blocks: []metainfo.Block{b}}
	c.parked[b.Piece] = p
	c.parkedBlocks++
	c.wmu.Unlock()
	p.stop = c.swarm.cfg.Pull(int(b.Piece), c.kin.heeds.Load(), func() { c.pieceCame(p) })
	return true
}

// pieceCame has what was asked for of a piece answered.
func (c *Conn) pieceCame(p *parkedPiece) {
	c.wmu.Lock()
	if !p.came {
		p.came = true
		for _, b := range p.blocks {
			c.uploads.push(b)
		}
		c.parkedBlocks -= len(p.blocks)
		p.blocks = nil
	}
	c.wmu.Unlock()
	c.wakeWriter()
}

// unpark takes a block back that a sibling had asked for. wmu is held.
func (c *Conn) unpark(b metainfo.Block) bool {
	p := c.parked[b.Piece]
	if p == nil {
		return false
	}
	for i, x := range p.blocks {
		if x == b {
			p.blocks = append(p.blocks[:i], p.blocks[i+1:]...)
			c.parkedBlocks--
			c.wakeWriter()
			return true
		}
	}
	return false
}

// settleParked ends the demand for pieces of which nothing is asked for any more; all is
// set at the connection's end. It is the writer's alone.
func (w *writer) settleParked(all bool) {
	c := w.c
	if c.kin == nil {
		return
	}
	var stops []func()
	c.wmu.Lock()
	for piece, p := range c.parked {
		if p.stop == nil || !all && (len(p.blocks) > 0 || c.uploads.holds(piece)) {
			continue
		}
		stops = append(stops, p.stop)
		delete(c.parked, piece)
	}
	c.wmu.Unlock()
	for _, stop := range stops {
		stop()
	}
}

// holds reports whether a block of a piece is asked for.
func (u *uploads) holds(piece uint32) bool {
	for _, b := range u.queue[u.head:] {
		if b.Piece == piece {
			return true
		}
	}
	return false
}

// sayProgress tells a sibling, from time to time, that what it waits for is on its way. It
// returns when to look again; 0: never. wmu is held.
func (w *writer) sayProgress(now time.Time) time.Duration {
	c := w.c
	if c.kin == nil || c.parkedBlocks == 0 {
		return 0
	}
	if since := now.Sub(w.progressed); since < progressEvery {
		return progressEvery - since
	}
	w.progressed = now
	if n := c.swarm.downloaded.Load(); n != w.progress {
		w.progress = n
		if e := c.ext.Load(); e != nil && e.Sibling != 0 {
			w.buf = wire.AppendSibling(w.buf, e.Sibling, wire.SiblingMessage{Pulls: c.kin.told, Warm: c.kin.toldWarm, Progress: true, Heeds: true})
		}
	}
	return progressEvery
}
