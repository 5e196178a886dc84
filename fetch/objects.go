package fetch

import (
	"context"
	"errors"
	"time"

	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/fetch/objectseed"
	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
)

// What the object store has of a torrent is one more link of the core, like a web seed: it is
// late, slow or a liar by the same measures. It joins when the store has said what it has of the
// torrent, which is asked once, for the first reader who lacks a piece. So a store that is down or
// slow to answer is not waited for. How long that answer took is what its round trip is thought to
// be at first.

// objects is the part of a torrent that the object store is asked for. The torrent's lock guards it.
type objects struct {
	begun   bool // the store was asked what it has, or is about to be
	listing bool // and has not answered yet
	off     bool // it had too many wrong objects
	wrong   int
	rtt     time.Duration
	seed    *objectseed.Seed // nil: it has nothing, as far as is known
	l       *sched.Link
}

// startObjects has the object store asked.
func (t *Torrent) startObjects() {
	if t.s.objects == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.core == nil || t.objects.begun {
		return
	}
	t.objects.begun, t.objects.listing = true, true
	t.done.Go(t.listObjects)
}

// listObjects asks the store until it answers, and has it asked for blocks from then on.
func (t *Torrent) listObjects() {
	for {
		if t.s.objects.Await(t.ctx) != nil {
			return
		}
		began := time.Now()
		switch err := t.h.shelf.list(t.ctx); {
		case err == nil:
			t.mu.Lock()
			t.objects.listing, t.objects.rtt = false, time.Since(began)
			t.seedObjects()
			t.mu.Unlock()
			return
		case t.ctx.Err() != nil || errors.Is(err, object.ErrClosed):
			return
		}
	}
}

// seedObjects has the store asked for what it has, if that is something. The lock is held.
func (t *Torrent) seedObjects() {
	if t.closed || t.objects.off || t.objects.seed != nil || t.objects.listing {
		return
	}
	if has := t.h.shelf.pieces(); has.Count(t.info.NumPieces()) > 0 {
		t.runObjects(objectseed.New(t.s.objects, t.info, has))
	}
}

// runObjects has a seed asked for what it has. The lock is held.
func (t *Torrent) runObjects(seed *objectseed.Seed) {
	l := t.core.Join(t.objects.rtt, sched.MaxDepth, seed)
	l.Untried = true // it says what it has, and may fail all the same
	l.Run = int(max(t.info.PieceLength, objectseed.RunLength) / metainfo.BlockLen)
	t.objects.seed, t.objects.l = seed, l
	t.done.Go(func() { seed.Run(t.ctx, &download{t: t, l: l}) })
}

// gainRun hears that the store has a run.
func (t *Torrent) gainRun(run int) {
	t.mu.Lock()
	seed := t.objects.seed
	if seed == nil && t.objects.begun {
		t.seedObjects()
	}
	t.mu.Unlock()
	if seed != nil {
		seed.Gain(run)
	}
}

// replaceObjects goes on without the object that had wrong bytes. The lock is not held.
func (t *Torrent) replaceObjects(l *sched.Link) {
	banned, ok := l.Conn.(*objectseed.Seed)
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.objects.l != l {
		return
	}
	run := object.NewLayout(t.info).RunOf(l.Wrong)
	t.done.Go(func() { t.h.shelf.wrong(t.ctx, run) })
	t.objects.seed, t.objects.l = nil, nil
	if t.objects.wrong++; t.objects.wrong == maxWrongObjects {
		t.objects.off = true
		t.log.Warn("the object store has too much that is wrong of a torrent, and is not asked for more of it")
		return
	}
	t.runObjects(banned.Without(run))
}

// left reports whether the store may give a piece. The lock is held.
func (o *objects) left(piece int) bool {
	return o.seed != nil && o.seed.Ready() && o.l.Has.Has(piece)
}

// objectSource stands for the object store among the sources of a .torrent.
const objectSource = "object store"

// fromObjects asks the object store for the metainfo, and reports whether it had it.
func (t *Torrent) fromObjects(ctx context.Context, h Hints) bool {
	if t.s.objects.Await(ctx) != nil || !t.enterSource(ctx) {
		return false
	}
	defer t.leaveSource()
	mt, err := t.s.objects.Metainfo(ctx, t.hash, func(size int64) (func(), error) { return t.s.parse(ctx, h.Client, size) })
	return err == nil && t.learn(mt)
}
