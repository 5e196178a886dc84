package fetch

import (
	"context"
	"io"
	"net/netip"
	"sync"
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
)

// A content is a Content of one torrent: a window in its core, and the piece
// that is being sent. A range that is held as a whole has neither window nor torrent, and so
// costs the scheduler and the swarm nothing; one is begun when a piece is lost.
type content struct {
	s        *Session
	h        *holding
	info     *metainfo.Info
	hash     metainfo.InfoHash // that it was asked by
	hints    Hints
	t        *Torrent // nil while all is held; set under mu, by the reader's goroutine alone
	client   netip.Prefix
	pos, end int64 // in the torrent's byte space
	w        *sched.Window
	bulk     bool          // the file is of use when all of it is there
	failFast bool          // until something was written
	doubt    bool          // what the cache had of it was not right
	waker    chan struct{} // made with w

	held      piece
	closeOnce sync.Once
	mu        sync.Mutex    // held is freed by Close from another goroutine
	closing   chan struct{} // guarded by mu; closed by Close, nil until somebody waits
	closed    bool
	writing   bool // held is in use, and freed after that
}

var _ Content = (*content)(nil)

// reset makes it a content without demand, whatever it was. It takes the holding over, and a place among
// the readers.
func (c *content) reset(held *holding, ih metainfo.InfoHash, h Hints, f *metainfo.File, off, n int64) {
	held.s.mu.Lock()
	held.readers++
	held.s.mu.Unlock()
	*c = content{
		s: held.s, h: held, info: held.info, hash: ih, hints: h, client: h.Client, failFast: h.FailFast, bulk: !played(held.info, f),
		pos: f.Offset + off, end: f.Offset + off + n,
	}
}

// begin has the torrent that sends what is missing.
func (c *content) begin(ctx context.Context) (*Torrent, error) {
	t, err := c.s.settled(ctx, c.hash, c.hints, c.h)
	if err != nil {
		return nil, err
	}
	defer t.unhold()
	if t.core == nil || t.h != c.h { // refused, or removed and begun again
		if t.refused != nil {
			return nil, t.refused
		}
		return nil, ErrClosed
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, ErrClosed
	}
	t.mu.Lock()
	t.contents++
	t.uses.Add(1)
	if c.doubt {
		t.doubt()
	}
	t.mu.Unlock()
	c.t = t
	return t, nil
}

// join opens the window, and has the swarm dialled. The reader begins a file of a rank; noRank: it does not.
func (c *content) join(f *metainfo.File, rank int) {
	t := c.t
	t.want(c.client)
	t.startObjects()
	t.mu.Lock()
	now := t.now()
	t.core.Sharers, t.core.Disk, t.core.Budget = t.s.sharers(), t.s.store.DiskRoom(), t.s.pieceLimit()
	c.waker = make(chan struct{}, 1)
	c.w = t.core.Open(now, c.pos, c.end)
	c.w.Waker, c.w.Bulk = c.waker, c.bulk
	c.followed(now, t, f, rank)
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}

// Wait implements Content.
func (c *content) Wait(ctx context.Context) error {
	if c.pos >= c.end {
		return io.EOF
	}
	if ok, err := c.hold(); ok || err != nil {
		return err
	}
	if c.t == nil {
		if _, err := c.begin(ctx); err != nil {
			return err
		}
	}
	if c.w == nil {
		c.join(nil, noRank)
	}
	closing := c.untilClosed()
	piece := int(c.pos / c.info.PieceLength)
	watch := c.t.watch(c.failFast, piece)
	defer watch.end()
	progress := c.t.measure(piece)
	for {
		ok, err := c.hold()
		if ok || err != nil {
			return err
		}
		if c.stall() {
			continue
		}
		select {
		case <-c.waker:
		case <-watch.look:
			if watch.over() {
				return progress.with(c.t.vain(piece, true))
			}
		case <-ctx.Done():
			return progress.with(c.t.unavailable(ctx, piece))
		case <-c.t.ctx.Done():
			return c.t.over()
		case <-closing:
			return ErrClosed
		}
	}
}

// untilClosed is closed by Close. Few contents wait: it is made for those alone.
func (c *content) untilClosed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == nil {
		c.closing = make(chan struct{})
		if c.closed {
			close(c.closing)
		}
	}
	return c.closing
}

// hold takes the piece at pos if it is verified; false means that it has to be
// waited for.
func (c *content) hold() (bool, error) {
	n := int(c.pos / c.info.PieceLength)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false, ErrClosed
	}
	if !c.held.empty() && c.held.n == n {
		return true, nil
	}
	c.release()
	if c.t != nil {
		return c.holdOf(c.t, n)
	}
	lease, err := c.h.stored.GetAgain(n)
	c.doubt = c.doubt || damaged(err)
	if t := c.h.owner.Load(); t != nil {
		t.used(n, err)
	}
	if err != nil {
		return false, nil
	}
	c.take(piece{n: n, lease: lease})
	return true, nil
}

// holdOf is hold of a torrent's piece. The content's lock is held.
func (c *content) holdOf(t *Torrent, n int) (bool, error) {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return false, t.over()
	}
	buf, have := t.ready[n], t.core.Have.Has(n)
	if buf != nil {
		buf.Retain()
		c.take(piece{n: n, buf: buf})
	}
	t.mu.Unlock()
	if buf != nil || !have {
		return buf != nil, nil
	}
	lease, err := t.stored.Get(n)
	t.used(n, err)
	if err != nil {
		return false, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	c.take(piece{n: n, lease: lease})
	return true, nil
}

func (c *content) readyLocked() {
	if c.w != nil {
		c.t.core.Ready(c.t.now(), c.w)
	}
}

// stall makes the piece at pos urgent; true means that it has come meanwhile.
func (c *content) stall() bool {
	t := c.t
	t.mu.Lock()
	n := int(c.pos / t.info.PieceLength)
	if t.ready[n] != nil || t.core.Have.Has(n) || t.closed {
		t.mu.Unlock()
		return true
	}
	now := t.now()
	t.core.Stall(now, c.w)
	bans := t.settle(now)
	set := t.comeTo(n)
	t.mu.Unlock()
	t.punish(bans)
	t.hashCame(set)
	return set != nil
}

// advance moves past n bytes that the socket accepted.
func (c *content) advance(n int64) {
	t := c.t
	before := int(c.pos / c.info.PieceLength)
	c.pos += n
	c.h.shelf.read(before, n)
	past := c.pos >= c.end || int(c.pos/c.info.PieceLength) != before
	if past {
		c.mu.Lock()
		c.release()
		c.mu.Unlock()
	}
	if t == nil {
		c.h.sent(n)
		return
	}
	t.mu.Lock()
	t.served += n
	if c.w == nil || t.closed {
		t.mu.Unlock()
		return
	}
	now := t.now()
	t.core.Sharers, t.core.Budget = t.s.sharers(), t.s.pieceLimit()
	t.core.Move(now, c.w, c.pos)
	if past {
		t.leavePiece(before)
	}
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}

// Lone implements Content.
func (c *content) Lone() time.Duration {
	if c.w == nil {
		return 0
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return c.w.Lone
}

// Finish closes a Content that nobody else has or will use again: its memory may become that of the next one.
func Finish(of Content) {
	of.Close()
	if c, ok := of.(*content); ok && c.t == nil { // else its torrent may still know it
		*c = content{}
		finished.Put(c)
	}
}

// finished are contents that hold nothing.
var finished = sync.Pool{New: func() any { return new(content) }}

// Close implements Content.
func (c *content) Close() {
	c.closeOnce.Do(func() {
		c.mu.Lock()
		c.closed = true
		if c.closing != nil {
			close(c.closing)
		}
		if !c.writing {
			c.release()
		}
		t := c.t
		c.mu.Unlock()
		c.s.readers.Add(-1)
		if t != nil {
			t.leave(c)
		}
		c.s.mu.Lock()
		c.h.readers--
		c.s.mu.Unlock()
		c.h.release()
	})
}

// leave takes a reader out of its torrent and frees what only it kept.
func (t *Torrent) leave(c *content) {
	t.mu.Lock()
	t.contents--
	t.unhold()
	if c.w == nil || t.closed {
		t.mu.Unlock()
		return
	}
	t.core.Close(t.now(), c.w)
	st := &t.core.Stats
	t.log.Debug("reader left", "served", t.served, "received", st.Received, "wasted", st.Wasted,
		"requested", st.Requested, "hedged", st.Hedged, "stolen", st.Stolen, "late", st.LateBlocks,
		"risked", st.Risked, "saved", st.Saved, "together", t.lanes.hashed)
	t.leaveAll()
	bans := t.settle(t.now())
	t.mu.Unlock()
	t.punish(bans)
	t.unwant(c.client)
}
