package peer

import (
	"slices"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// The first blocks of a torrent can be asked for before its info dictionary is
// known, in the flight that asks for that: a reader of the start waits a round
// trip less. Block 0 of piece 0 exists in any torrent but the tiniest. More are
// asked only of clients that answer what does not exist by REJECT; others close.
// When the info dictionary is known they are handed to Demand like any others.

const (
	// maxEarly bounds the blocks that are asked for early, and so the memory that
	// they take before anybody can check them.
	maxEarly = 64
	// maxEarlyPeers bounds the peers that they are spread over.
	maxEarlyPeers = 16
	// leastChecked and maxChecked bound the peers that check each other: of two that differ nobody
	// knows which one lies, and the part of one of many comes again soon.
	leastChecked = 3
	maxChecked   = 8
)

// rejecters are clients, as they name themselves, that answer REJECT to requests
// past the end of a piece and keep the connection.
var rejecters = []string{"libtorrent/", "qBittorrent", "Deluge", "Transmission", "btgw"}

// earlyPlan spreads the early blocks over peers; the swarm's mu guards it. Each
// peer has every stride-th block, so that all have a part whatever the length of
// a piece turns out to be.
type earlyPlan struct {
	wanted bool
	stride int  // 0: not yet fixed
	taken  int  // parts that were given to peers
	zero   bool // block 0 was given to a peer
}

// An earlyBlock is a block of piece 0 that was asked for early.
type earlyBlock struct {
	block metainfo.Block
	asked time.Time
	data  []byte // nil until it begins to come
	whole bool
}

// WantStart says that a reader waits for the torrent's first bytes. It has no
// effect once the info dictionary is known.
func (s *Swarm) WantStart() {
	s.mu.Lock()
	if s.info != nil || s.closed || s.early.wanted {
		s.mu.Unlock()
		return
	}
	s.early.wanted = true
	conns := append([]*Conn(nil), s.conns...)
	s.mu.Unlock()
	for _, c := range conns {
		c.dmu.Lock()
		c.askEarly()
		c.dmu.Unlock()
	}
}

// grant gives a peer its part of the early blocks. Before its part it sends the beginning of the first one,
// which another peer sends too: they are compared (fetch/sched/check.go). mu is held.
func (p *earlyPlan) grant(peers int, rejects bool) (blocks []metainfo.Block) {
	if !rejects {
		if !p.zero {
			p.zero = true
			blocks = append(blocks, firstPiece(0))
		}
		return blocks
	}
	if p.stride == 0 {
		p.stride = min(max(peers, 1), maxEarlyPeers)
	}
	if p.taken == p.stride {
		return nil
	}
	if p.zero && p.stride >= leastChecked && p.stride <= maxChecked {
		blocks = append(blocks, metainfo.Block{Length: CheckLen})
	}
	for n := p.taken; n < maxEarly; n += p.stride {
		if n > 0 || !p.zero {
			blocks = append(blocks, firstPiece(uint32(n)*metainfo.BlockLen))
		}
	}
	p.zero = p.zero || p.taken == 0
	p.taken++
	return blocks
}

// askEarly asks for the peer's part of the early blocks, once it has unchoked us
// and said who it is. dmu is held.
func (c *Conn) askEarly() {
	described := !c.hello.Extended() || c.ext.Load() != nil
	if c.info != nil || c.early != nil || !c.said.unchoked || !described ||
		!c.said.all && (len(c.said.field) == 0 || !c.said.field.Has(0)) {
		return
	}
	s := c.swarm
	s.mu.Lock()
	var blocks []metainfo.Block
	if (!s.sheltered.Load() || c.sibling()) && s.early.wanted && s.wanted && s.info == nil && !s.metadata.Stopped() {
		blocks = s.early.grant(len(s.conns)+len(s.attempts), c.Rejects())
	}
	s.mu.Unlock()
	blocks = blocks[:min(len(blocks), c.RequestQueue())]
	if len(blocks) == 0 {
		return
	}
	requests, now := make([]Command, len(blocks)), time.Now()
	for i, b := range blocks {
		c.early = append(c.early, earlyBlock{block: b, asked: now})
		requests[i] = Command{Op: Request, Block: b}
	}
	c.Send(requests...)
}

// Rejects reports whether the peer answers REJECT to a request that it does not serve, and keeps the connection.
// It is known when the peer has said who it is.
func (c *Conn) Rejects() bool {
	return c.fast && slices.ContainsFunc(rejecters, func(name string) bool { return strings.HasPrefix(c.Client(), name) })
}

// firstPiece is a whole block of piece 0.
func firstPiece(begin uint32) metainfo.Block {
	return metainfo.Block{Begin: begin, Length: metainfo.BlockLen}
}

// findEarly returns the early block that is b and not whole yet, or nil.
func (c *Conn) findEarly(b metainfo.Block) *earlyBlock {
	for i := range c.early {
		if e := &c.early[i]; b == e.block && !e.whole {
			return e
		}
	}
	return nil
}

// placeEarly gives the memory for a block that comes before the info dictionary
// is known; nil if it was not asked for.
func (c *Conn) placeEarly(b metainfo.Block) []byte {
	e := c.findEarly(b)
	if e == nil {
		return nil
	}
	e.data = make([]byte, b.Length)
	return e.data
}

// arrivedEarly takes in a block that began to come before the info dictionary
// was known; false if it is not one.
func (c *Conn) arrivedEarly(b metainfo.Block) bool {
	e := c.findEarly(b)
	if e == nil || e.data == nil {
		return false
	}
	e.whole = true
	if c.download != nil {
		c.handOver(e)
	}
	return true
}

// rejectedEarly drops an early block that the peer does not send, before the
// info dictionary is known or because it does not exist; false if it is not one.
func (c *Conn) rejectedEarly(b metainfo.Block) bool {
	if e := c.findEarly(b); e != nil && (c.info == nil || !c.mayCome(b)) {
		*e = earlyBlock{block: b, whole: true}
		return true
	}
	return false
}

// chokedEarly notes that the peer choked us before the info dictionary was known. With
// the fast extension the peer rejects requests that it does not serve. Without it the
// choke voids them.
func (c *Conn) chokedEarly() {
	if !c.fast {
		c.early = slices.DeleteFunc(c.early, func(e earlyBlock) bool { return e.data == nil })
	}
}

// joinEarly hands the early blocks to Demand, those that are still to come
// included. dmu is held, and Demand was joined.
func (c *Conn) joinEarly() {
	for i := range c.early {
		e := &c.early[i]
		if b := e.block; c.mayCome(b) && (!e.whole || e.data != nil) {
			c.events = append(c.events, Event{Kind: Requested, Block: b, Ago: time.Since(e.asked)})
		}
	}
	c.update()
	for i := range c.early {
		if e := &c.early[i]; e.whole && e.data != nil {
			c.handOver(e)
		}
	}
	c.update()
}

// handOver gives a whole early block to Demand.
func (c *Conn) handOver(e *earlyBlock) {
	b := e.block
	if !c.mayCome(b) {
		return
	}
	if into := c.download.Place(b); into != nil {
		copy(into, e.data)
		c.events = append(c.events, Event{Kind: Arrived, Block: b})
	}
	e.data = nil
}
