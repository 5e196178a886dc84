package fetch

import (
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A download is one connection's end of the seam to package peer: it turns
// what the connection reports into events of the core, and gives blocks their
// place. Its methods are called by that connection alone, one at a time.
type download struct {
	t      *Torrent
	l      *link
	placed []placement
}

var _ peer.Download = (*download)(nil)

// A placement is memory that a block is being written to, and the buffer that
// keeps it alive.
type placement struct {
	f    *flight
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
	return &download{t: t, l: t.core.join(c.RTT(), min(c.RequestQueue(), maxDepth), c)}
}

// Place gives the memory where a block goes: its place in the piece, or a
// buffer of its own while another peer is still sending it there.
func (d *download) Place(b metainfo.Block) []byte {
	t := d.t
	t.mu.Lock()
	defer t.mu.Unlock()
	r, ok := d.l.lookup(int(b.Piece), int(b.Begin/metainfo.BlockLen))
	if !ok || d.l.gone || r.f.dead || r.copy != r.f.copies || r.f.blocks[r.n].state == blockDone && !r.check ||
		int(b.Length) != r.f.blockSize(r.n) {
		t.core.refuse(t.now(), d.l, r, ok, int(b.Length))
		return nil
	}
	blk := &r.f.blocks[r.n]
	p := placement{f: r.f, n: r.n, copy: r.copy}
	if blk.placing == nil && !r.check {
		blk.placing = d.l
		p.buf = r.f.buf
		p.buf.Retain()
		d.placed = append(d.placed, p)
		return r.f.place(r.n)
	}
	p.buf, p.alt = t.s.pool.Get(metainfo.BlockLen), true
	d.placed = append(d.placed, p)
	return p.buf.Bytes()[:b.Length]
}

// Update takes in what one read of the socket brought; what is asked for is
// sent from here. Blocks that can be hashed are hashed on the calling goroutine while
// they are hot, after their successors were asked for.
func (d *download) Update(events []peer.Event) {
	t := d.t
	t.mu.Lock()
	now := t.now()
	c := t.core
	var hash *flight
	for i := range events {
		if events[i].Kind == peer.Described {
			d.l.reqq = max(1, min(d.l.conn.RequestQueue(), maxDepth))
		}
		if events[i].Kind == peer.Hashed {
			t.hashed(now, d.l, events[i].Hashes)
			continue
		}
		if events[i].Kind != peer.Arrived {
			c.event(now, d.l, events[i])
			continue
		}
		f := d.arrived(now, events[i].Block)
		if f != nil && !f.hashing && f.ripe() {
			if hash != nil && hash != f {
				t.pending = append(t.pending, hash)
			}
			hash = f
		}
	}
	if !d.l.gone {
		c.refill(now, d.l)
	}
	t.settleFor(now, d.l)
	bans := t.send()
	more := len(t.pending) > 0
	t.mu.Unlock()

	t.punish(bans)
	if hash != nil || more {
		t.hashBlocks(hash)
	}
}

// arrived reports a placed block to the core and returns its flight if it was
// of use.
func (d *download) arrived(now time.Duration, b metainfo.Block) *flight {
	n := int(b.Begin / metainfo.BlockLen)
	for i, p := range d.placed {
		if p.f.piece != int(b.Piece) || p.n != n {
			continue
		}
		copy(d.placed[i:], d.placed[i+1:])
		d.placed[len(d.placed)-1] = placement{}
		d.placed = d.placed[:len(d.placed)-1]
		return d.settle(now, p)
	}
	return nil
}

func (d *download) settle(now time.Duration, p placement) *flight {
	c := d.t.core
	// The copy it belonged to was given up, unless it is of use for the next.
	stale := p.copy != p.f.copies && (!p.alt || d.l.find(p.f, p.n) < 0)
	if !p.alt && !stale {
		p.f.blocks[p.n].placing = nil
	}
	if stale || d.l.gone {
		c.void(p.f.blockSize(p.n))
		p.buf.Release()
		return nil
	}
	if p.alt {
		if !c.arrived(now, d.l, p.f, p.n, p.buf) {
			p.buf.Release()
			return nil
		}
		return p.f
	}
	used := c.arrived(now, d.l, p.f, p.n, nil)
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
		if !p.alt && p.copy == p.f.copies {
			p.f.blocks[p.n].placing = nil
		}
		p.buf.Release()
	}
	d.placed = nil
	if !d.l.gone {
		t.core.leave(now, d.l)
	}
	if t.plan != nil {
		t.plan.leave(d.l)
	}
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}

// send carries out what the core wants: commands are queued at their connections
// in its order, which is why the lock is held; a Send never blocks. It returns
// the bans, for punish.
func (t *Torrent) send() (bans []effect) {
	effects := t.core.take(t.effects)
	for i := range effects {
		e := &effects[i]
		if e.ban != "" {
			bans = append(bans, *e)
			continue
		}
		t.batch = append(t.batch, e.cmd)
		if i+1 == len(effects) || effects[i+1].l != e.l || effects[i+1].ban != "" {
			e.l.conn.Send(t.batch...)
			t.batch = t.batch[:0]
		}
	}
	clear(effects)
	t.effects = effects
	return bans
}

// punish bans peers. The lock is not held.
func (t *Torrent) punish(bans []effect) {
	for _, e := range bans {
		t.log.Info("peer banned", "peer", e.l.conn.String(), "reason", e.ban)
		e.l.conn.Ban(e.ban)
		t.replaceSeed(e.l)
	}
}
