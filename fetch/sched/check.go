package sched

import (
	"bytes"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// Peers of which nothing is known yet check each other: before its part of the piece that
// a reader waits for, each is asked for the beginning of the piece's first block, which
// another one sends. If one has other bytes than most, what it sends of the piece is asked of
// the others at once, and not only when the piece has failed its hash. The hash decides who
// lied. A peer that lies elsewhere alone is found by package blame, behind the piece.

const (
	// checkedPart is the least part of a piece, in blocks, that is checked. An honest swarm takes as
	// much longer as one peer takes for peer.CheckLen bytes, which is a thirtieth of it. Second versions of less come soon.
	checkedPart = 8
	// leastChecked is how many peers must have the piece: of two that differ nobody knows
	// which one lied.
	leastChecked = 3
)

// A check is the beginning of a piece, as a peer sent it.
type check struct {
	l   *Link
	buf *cache.Buffer
}

func (x *check) bytes() []byte { return x.buf.Bytes()[:peer.CheckLen] }

// checks reports whether b is the beginning of a piece, and not a block.
func (c *Core) checks(b metainfo.Block) bool {
	return b.Length == peer.CheckLen && b != c.Info.Block(int(b.Piece), 0)
}

// check asks l for the beginning of a piece that a reader waits for and that another peer
// sends, if nothing has shown yet what l is worth.
func (c *Core) check(now time.Duration, l *Link) {
	if !l.Lenient || l.checked || l.Rate > 0 || l.Proven > 0 || l.late > 0 {
		return
	}
	for _, w := range c.Stalled {
		f := c.Flights[c.at(w)]
		if f != nil && f.parole == nil && !f.Case.Failed() && f.begunBeside(l) && c.asks(now, l, f.Piece) && c.worthChecking(f) {
			l.checked, l.checking = true, f
			c.send(l, peer.Request, metainfo.Block{Piece: uint32(f.Piece), Length: peer.CheckLen})
			return
		}
	}
}

// adoptCheck takes in that l was asked for the beginning of a piece before the torrent was known.
func (c *Core) adoptCheck(now time.Duration, l *Link, piece int) {
	l.checked = true
	if l.checking = c.Flights[piece]; l.checking == nil && !c.Have.Has(piece) && c.inWindow(piece) {
		l.checking = c.begin(now, piece)
	}
}

// Checks reports whether b, which l sends, is to be compared with what others sent.
func (c *Core) Checks(l *Link, b metainfo.Block) bool {
	return c.checks(b) && l.checking != nil && l.checking.Piece == int(b.Piece)
}

// Checked takes in the beginning of a piece, which is in buf; that is the core's from then on.
func (c *Core) Checked(now time.Duration, l *Link, buf *cache.Buffer) {
	f := l.checking
	l.checking, l.checkedAt = nil, now
	l.change()
	c.Void(peer.CheckLen)
	if f == nil || f.Dead {
		buf.Release()
		return
	}
	f.checks = append(f.checks, check{l, buf})
	c.judge(now, f)
}

// begunBeside reports whether another peer than l sent the first block of the piece or is asked for
// it, and nothing but the check comes of l for that.
func (f *Flight) begunBeside(l *Link) bool {
	b := &f.Blocks[0]
	o := b.from
	if o == nil {
		o = b.askers[0]
	}
	return f.left > 0 && o != nil && o != l && !o.ours && b.askers[1] != l && b.Placing != l && !l.recalled(f, 0)
}

// worthChecking reports whether enough peers have parts of the piece that are large enough.
func (c *Core) worthChecking(f *Flight) bool {
	n, most := 0, len(f.Blocks)/checkedPart
	for _, l := range c.Links {
		if l.Has.Has(f.Piece) {
			n++
		}
		if n > most {
			return false
		}
	}
	return n >= leastChecked
}

// judge doubts the peers that sent another beginning of the piece than most.
func (c *Core) judge(now time.Duration, f *Flight) {
	all := f.checks
	if first := &f.Blocks[0]; first.State == BlockDone && !first.from.doubted {
		all = append(all[:len(all):len(all)], check{first.from, f.Buf})
		if alt := f.Alts[0]; alt != nil {
			all[len(all)-1].buf = alt
		}
	}
	most, ok := majority(all)
	if !ok || f.Case.Failed() {
		return
	}
	for _, x := range all {
		if !x.l.doubted && !bytes.Equal(x.bytes(), most) {
			c.doubts(now, f, x.l)
		}
	}
}

// majority gives what more than half of at least leastChecked peers sent.
func majority(all []check) (most []byte, ok bool) {
	for i := range all {
		same := 0
		for j := range all {
			if bytes.Equal(all[i].bytes(), all[j].bytes()) {
				same++
			}
		}
		if 2*same > len(all) {
			return all[i].bytes(), len(all) >= leastChecked
		}
	}
	return nil, false
}

// doubts has what l sends of the piece come of others.
func (c *Core) doubts(now time.Duration, f *Flight, l *Link) {
	l.doubted = true
	if f.Blocks[0].State == BlockDone && f.Blocks[0].from == l {
		own := c.memory.Buffer(peer.CheckLen)
		copy(own.Bytes(), f.Bytes(0))
		f.checks = append(f.checks, check{l, own})
	}
	for i := len(l.queue) - 1; i >= 0; i-- {
		if l.queue[i].Flight == f {
			c.cancel(l, i)
		}
	}
	f.News = true
	if !f.Hashing {
		c.Reconsider(now, f)
	}
	c.freed()
	c.Kick = true
}

// shuns reports whether another peer is asked for the piece in place of l, which is in doubt.
func (c *Core) shuns(now time.Duration, l *Link, piece int) bool {
	if !l.doubted {
		return false
	}
	for _, o := range c.Links {
		if !o.doubted && o.late == 0 && o.holds(now, piece) {
			return true
		}
	}
	return false
}

// lied lists those that sent another beginning of the piece than the right one.
func (f *Flight) lied() (liars []*Link) {
	for _, x := range f.checks {
		if !bytes.Equal(x.bytes(), f.Bytes(0)[:peer.CheckLen]) {
			liars = append(liars, x.l)
		}
	}
	return liars
}

// acquit ends the doubts: the piece was right, is given up, or failed all the same.
func (f *Flight) acquit() {
	for _, x := range f.checks {
		x.l.doubted = false
	}
}

// dropChecks lets the checks go.
func (f *Flight) dropChecks() {
	f.acquit()
	for _, x := range f.checks {
		x.buf.Release()
	}
	f.checks = nil
}
