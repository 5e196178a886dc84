package fetch

import (
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A download is one connection's end of the seam to package peer: it turns
// what the connection reports into events of the core, and gives blocks their
// place. Its methods are called by that connection alone, one at a time.
type download struct {
	t      *Torrent
	conn   *peer.Conn // nil: it is no peer's
	l      *sched.Link
	placed []placement
	check  *cache.Buffer // the beginning of a piece, to be compared (fetch/sched/check.go)
}

var _ peer.Download = (*download)(nil)

// A placement is memory that a block is being written to, and the buffer that
// keeps it alive.
type placement struct {
	f    *sched.Flight
	n    int
	copy int // of the piece
	buf  *cache.Buffer
	alt  bool // buf holds the block alone: a slower copy has its place
}

// Join adds a connection to the picker.
func (t *Torrent) Join(c *peer.Conn) peer.Download {
	<-t.begun
	t.mu.Lock()
	defer t.mu.Unlock()
	t.prove()
	d := &download{t: t, conn: c, l: t.core.Join(c.RTT(), 1, c)}
	d.described()
	return d
}

// described takes in what the peer said of itself.
func (d *download) described() {
	d.l.Reqq = max(1, min(d.conn.RequestQueue(), sched.MaxDepth))
	d.l.Lenient = d.conn.Rejects()
}

// Place gives the memory where a block goes: its place in the piece, or a
// buffer of its own while another peer is still sending it there. The memory is taken
// without the lock.
func (d *download) Place(b metainfo.Block) []byte {
	buf, off := d.place(b)
	if buf == nil {
		return nil
	}
	return buf.Bytes()[off : off+int(b.Length)]
}

// place gives the buffer where a block goes, and where in it; nil: the block is of no use.
func (d *download) place(b metainfo.Block) (buf *cache.Buffer, off int) {
	t := d.t
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.core.Checks(d.l, b) && d.check == nil {
		d.check = t.s.pool.Get(int(b.Length))
		return d.check, 0
	}
	r, ok := d.l.Lookup(int(b.Piece), int(b.Begin/metainfo.BlockLen))
	if !ok || d.l.Gone || r.Flight.Dead || r.Copy != r.Flight.Copies || r.Flight.Blocks[r.Block].State == sched.BlockDone ||
		int(b.Length) != r.Flight.BlockSize(r.Block) {
		t.core.Refuse(t.now(), d.l, r, ok, int(b.Length))
		return nil, 0
	}
	blk := &r.Flight.Blocks[r.Block]
	p := placement{f: r.Flight, n: r.Block, copy: r.Copy}
	if blk.Placing == nil {
		blk.Placing = d.l
		p.buf = r.Flight.Buf
		p.buf.Retain()
		d.placed = append(d.placed, p)
		return p.buf, r.Block * metainfo.BlockLen
	}
	p.buf, p.alt = t.s.pool.Get(metainfo.BlockLen), true
	d.placed = append(d.placed, p)
	return p.buf, 0
}

// Update takes in what one read of the socket brought; what is asked for is
// sent from here. Blocks that can be hashed are hashed on the calling goroutine while
// they are hot, after their successors were asked for.
func (d *download) Update(events []peer.Event) {
	t := d.t
	t.mu.Lock()
	now := t.now()
	c := t.core
	var hash *sched.Flight
	for i := range events {
		if events[i].Kind == peer.Described {
			d.described()
		}
		if events[i].Kind == peer.Hashed {
			t.hashed(now, d.l, events[i].Hashes)
			continue
		}
		if events[i].Kind != peer.Arrived {
			c.Event(now, d.l, events[i])
			if events[i].Kind == peer.Wished {
				t.leaveAll()
			}
			continue
		}
		f := d.arrived(now, events[i].Block)
		if f != nil && f.Complete() {
			t.lanes.note(now)
		}
		if f != nil && !f.Hashing && f.Ripe() {
			if hash != nil && hash != f {
				t.pending = append(t.pending, hash)
			}
			hash = f
		}
	}
	if !d.l.Gone {
		c.Refill(now, d.l)
	}
	t.settleFor(now, d.l)
	bans := t.send(now)
	more := len(t.pending) > 0
	t.mu.Unlock()

	t.punish(bans)
	if hash != nil || more {
		t.hashBlocks(hash)
	}
}

// arrived reports a placed block to the core and returns its flight if it was
// of use.
func (d *download) arrived(now time.Duration, b metainfo.Block) *sched.Flight {
	if buf := d.check; buf != nil && d.t.core.Checks(d.l, b) {
		d.check = nil
		d.t.core.Checked(now, d.l, buf)
		return nil
	}
	n := int(b.Begin / metainfo.BlockLen)
	for i, p := range d.placed {
		if p.f.Piece != int(b.Piece) || p.n != n {
			continue
		}
		copy(d.placed[i:], d.placed[i+1:])
		d.placed[len(d.placed)-1] = placement{}
		d.placed = d.placed[:len(d.placed)-1]
		return d.settle(now, p)
	}
	return nil
}

func (d *download) settle(now time.Duration, p placement) *sched.Flight {
	c := d.t.core
	// The copy it belonged to was given up, unless it is of use for the next.
	stale := p.copy != p.f.Copies && (!p.alt || d.l.Find(p.f, p.n) < 0)
	if !p.alt && !stale {
		p.f.Blocks[p.n].Placing = nil
	}
	if stale || d.l.Gone {
		c.Void(p.f.BlockSize(p.n))
		p.buf.Release()
		return nil
	}
	if p.alt {
		if !c.Arrived(now, d.l, p.f, p.n, p.buf) {
			p.buf.Release()
			return nil
		}
		return p.f
	}
	used := c.Arrived(now, d.l, p.f, p.n, nil)
	p.buf.Release()
	if !used {
		return nil
	}
	return p.f
}

// Leave takes the connection out of the picker.
func (d *download) Leave() {
	t := d.t
	t.mu.Lock()
	now := t.now()
	for _, p := range d.placed {
		if !p.alt && p.copy == p.f.Copies {
			p.f.Blocks[p.n].Placing = nil
		}
		p.buf.Release()
	}
	d.placed = nil
	if d.check != nil {
		d.check.Release()
		d.check = nil
	}
	if !d.l.Gone {
		t.core.Leave(now, d.l)
		t.leaveAll()
	}
	if t.plan != nil {
		t.plan.Leave(d.l)
	}
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}

// send carries out what the core wants. A sibling hears of wishes before it is asked for what is in them. Commands are queued at their connections
// in its order, which is why the lock is held; a Send never blocks. It returns
// the bans, for punish.
func (t *Torrent) send(now time.Duration) (bans []sched.Effect) {
	if l, wishes := t.core.Wishes(now); l != nil {
		l.Conn.(*peer.Conn).Wish(wishes) // siblings are peers
	}
	effects := t.core.Take(t.effects)
	for i := range effects {
		e := &effects[i]
		if e.Ban != "" {
			bans = append(bans, *e)
			continue
		}
		t.batch = append(t.batch, e.Command)
		if i+1 == len(effects) || effects[i+1].Link != e.Link || effects[i+1].Ban != "" {
			e.Link.Conn.Send(t.batch...)
			t.batch = t.batch[:0]
		}
	}
	clear(effects)
	t.effects = effects
	return bans
}

// punish bans peers. The lock is not held.
func (t *Torrent) punish(bans []sched.Effect) {
	for _, e := range bans {
		t.log.Info("peer banned", "peer", e.Link.Conn.String(), "reason", e.Ban)
		e.Link.Conn.Ban(e.Ban)
		t.replaceSeed(e.Link)
		t.replaceObjects(e.Link)
	}
}
