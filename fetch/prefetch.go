package fetch

import (
	"cmp"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A prefetch is a window without a reader: its pieces are wanted after
// everything that readers want, the rarest first, until it ends.

// prefetch wants the pieces of [pos, end) until then.
func (c *core) prefetch(now time.Duration, pos, end int64, until time.Duration) {
	length := c.info.PieceLength
	if first, last := pos/length, (end-1)/length; pos >= end || (last-first+1)*length > c.share() || !c.missing(pos, end) {
		return
	}
	for _, w := range c.windows {
		if w.ahead && w.pos == pos && w.end == end {
			w.until = max(w.until, until)
			return
		}
	}
	ahead := slices.IndexFunc(c.windows, func(w *window) bool { return w.ahead })
	if c.prefetches() >= maxPrefetches {
		c.windows = slices.Delete(c.windows, ahead, ahead+1)
	}
	c.nextWindow++
	c.windows = append(c.windows, &window{id: c.nextWindow, pos: pos, end: end, moved: now, ahead: true, until: until})
	c.planned = false
	c.kick = true
	c.interest()
}

// overtaken ends prefetches in a film, [first, end), in which a reader opens pos: the one
// that it opens in, for it asks for the rest of that itself, or all, where it opens in
// none: it has read what it needs of them.
func (c *core) overtaken(first, end, pos int64) {
	within := func(w *window) bool { return w.ahead && w.pos >= first && w.end <= end }
	at := func(w *window) bool { return w.pos <= pos && pos < w.end }
	in := slices.ContainsFunc(c.windows, func(w *window) bool { return within(w) && at(w) })
	c.windows = slices.DeleteFunc(c.windows, func(w *window) bool { return within(w) && (!in || at(w)) })
	c.planned, c.kick = false, true
}

// between reports whether a reader left a moment ago: a player that seeks closes before
// it opens, and what is asked for in between would come before what it asks for.
func (c *core) between(now time.Duration) bool { return c.left > 0 && now < c.left+reopenTime }

// resume has prefetches asked for again when a reader has left for good.
func (c *core) resume(now time.Duration) {
	if c.left > 0 && !c.between(now) {
		c.left = 0
		c.planned = c.planned && c.prefetches() == 0
	}
}

func (c *core) prefetches() int {
	n := 0
	for _, w := range c.windows {
		if w.ahead {
			n++
		}
	}
	return n
}

// dropPrefetches ends those whose time is over.
func (c *core) dropPrefetches(now time.Duration) {
	for i := len(c.windows) - 1; i >= 0; i-- {
		if w := c.windows[i]; w.ahead && now >= w.until {
			c.close(now, w)
			c.idled = true
		}
	}
}

// someday is the deadline of what no reader waits for.
const someday = time.Duration(math.MaxInt64 / 2)

// available counts the peers that have a piece.
func (c *core) available(piece int) int {
	n := 0
	for _, l := range c.links {
		if l.has.Has(piece) {
			n++
		}
	}
	return n
}

// byRarity orders wants of equal deadlines.
func byRarity(a, b want) int {
	return cmp.Or(cmp.Compare(a.deadline, b.deadline), cmp.Compare(a.holders, b.holders), cmp.Compare(a.piece, b.piece))
}

// Players read the index of a film before the film: MP4 has it at the end unless
// it was made for streaming, Matroska has its cues there, AVI its index.
var indexed = map[string]bool{".mp4": true, ".m4v": true, ".mov": true, ".mkv": true, ".webm": true, ".avi": true}

// hintMedia has the parts of a film fetched that its player asks for next, when
// it is opened at its start, and lets be what a player that is elsewhere has no use for.
func (t *Torrent) hintMedia(f *metainfo.File, off int64) {
	if !indexed[strings.ToLower(path.Ext(t.info.FileName(f)))] {
		return
	}
	t.mu.Lock()
	now, end := t.now(), f.Offset+f.Length
	if off == 0 {
		until := now + prefetchTime
		t.core.prefetch(now, f.Offset, min(end, f.Offset+mediaHead), until)
		t.core.prefetch(now, max(f.Offset, end-mediaTail), end, until)
	} else if t.core.prefetches() > 0 {
		t.core.overtaken(f.Offset, end, f.Offset+off)
		t.leaveAll()
	}
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}
