package sched

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// A Window is what the core knows of one reader: where it is, how fast its
// socket accepts, and how far ahead of it pieces are wanted. Offsets are in
// the torrent's byte space.
type Window struct {
	id       int
	Pos, end int64         // the reader still needs [pos, end)
	planned  int64         // pieces are wanted up to here
	rate     float64       // bytes/s that its socket accepted; 0 unknown
	taken    float64       // bytes that its socket accepted, what is longer ago counted less
	taking   float64       // seconds that they took
	moved    time.Duration // when pos last changed
	sent     int64
	Waiting  bool          // it has nothing to send: the piece at pos is urgent
	since    time.Duration // since when
	turn     time.Duration // and when it would have been its turn (core.queueUp)
	Lone     time.Duration // how long its first piece had no peer to be asked of
	asked    bool          // that is known: the first piece was asked for
	idle     bool          // it does not move: no demand
	ahead    bool          // a prefetch: no reader is there (prefetch.go)
	until    time.Duration // when that ends
	Bulk     bool          // what it reads is of use when all of it is there (bulk.go)
	patient  bool          // it waits, and what it waits for is not urgent yet
	hurried  bool          // it waits, and has lost its patience
	steady   bool          // it reads for a sibling: it is no less demand for not moving
	last     bool          // of its wishes nothing more is begun
	For      *Link         // the sibling whose readers need it next; nil: one of ours does (wishes.go)
	across   *sequence     // it is ahead of files that are read one after another; nil: a reader, or a prefetch (sequence.go)
	behind   int64         // bytes of those that were opened since its plan was made
	resumed  bool          // it goes on where one was given up (resumed.go)
	begun    time.Duration // when it began, or the one that it goes on from
	had      int64         // bytes that this one was sent
	series   *sequence     // the files that its own is one of; nil: of none
	rank     int           // and its place among them
	after    *Window       // the reader of the file before, by the same client (turns.go)

	Waker chan struct{} // wakes the reader's goroutine; not touched by the core
}

// WakeUp tells the reader's goroutine to look again.
func (w *Window) WakeUp() {
	select {
	case w.Waker <- struct{}{}:
	default:
	}
}

// A want is a missing piece inside a window.
type want struct {
	piece    int
	deadline time.Duration
	ahead    int64 // bytes from its reader
	holders  int   // of what is wanted in the order of rarity
	early    bool  // how fast its reader takes what it gets is not known yet
}

// share is how many bytes one window may reach ahead, so that all windows
// together stay within the budget.
func (c *Core) share() int64 {
	return c.Budget / int64(max(1, c.Sharers))
}

// reach is how far ahead of pos the window goes, in bytes.
func (c *Core) reach(w *Window) int64 {
	switch {
	case w.ahead:
		return w.end - w.Pos
	case w.For != nil:
		return min(w.end-w.Pos, max(2*c.Info.PieceLength, c.share()))
	case c.patient(w):
		return max(2*c.Info.PieceLength, c.bulkReach())
	}
	least := max(2*c.Info.PieceLength, min(MinWindow, c.share()))
	if c.inCrowd {
		// A player's window, of which nothing else is known: there has to be something to choose from.
		least = max(2*c.Info.PieceLength, min(guessRate*int64(windowTime/time.Second), c.share()))
	}
	n := least
	if w.rate > 0 {
		// A socket's buffers take the first megabytes at once: what was sent
		// bounds what is believed of the rate.
		n = min(int64(w.rate*windowTime.Seconds()), least+2*w.sent)
	}
	return max(least, min(n, maxWindow, c.share()))
}

// deadline gives the time at which the reader gets to an offset at its rate. A reader that
// waits has been there since it began to. One that does not move for longer than it
// takes for a piece is paused: it gets no closer to what is ahead of it.
func (c *Core) deadline(now time.Duration, w *Window, off int64) time.Duration {
	return max(c.base(now, w), c.turn(now, w, off)) + w.lasts(off-w.Pos)
}

// lasts is how long a reader takes for n bytes.
func (w *Window) lasts(n int64) time.Duration {
	rate := w.rate
	if rate == 0 {
		rate = guessRate
	}
	return time.Duration(float64(max(0, n)) / rate * float64(time.Second))
}

// base is the deadline of the byte that the reader is at.
func (c *Core) base(now time.Duration, w *Window) time.Duration {
	base := max(w.moved, now-w.lasts(c.Info.PieceLength))
	if w.Waiting {
		base = w.since
	}
	if c.yields(w) {
		base += maxBehind
	}
	return base
}

// stale reports whether the reader has moved so far, or its window has grown
// so much, that the plan should be made anew. That is not so at every piece: a
// plan costs as much as the windows are long.
func (c *Core) stale(w *Window) bool {
	if w.idle {
		return false
	}
	target := min(w.end, w.Pos+c.reach(w))
	slack := max(c.Info.PieceLength, (w.planned-w.Pos)/8)
	return target-w.planned >= slack || (target == w.end && w.planned < w.end)
}

// plan lists the missing pieces of all windows, the earliest deadline first,
// and sets the deadlines of the pieces in flight.
func (c *Core) plan(now time.Duration) {
	c.wants = c.wants[:0]
	c.inCrowd = c.crowd()
	c.board.restless.fill(len(c.Links))
	c.byPlace = append(c.byPlace[:0], c.Windows...)
	slices.SortFunc(c.byPlace, func(a, b *Window) int { return cmp.Compare(a.Pos, b.Pos) })
	for _, w := range c.byPlace {
		switch {
		case w.idle:
			continue
		case w.across != nil:
			c.planAcross(now, w)
			continue
		case w.Pos >= w.end || w.ahead && c.between(now):
			continue
		}
		w.planned = min(w.end, w.Pos+c.reach(w))
		c.planWindow(now, w)
	}
	c.planOffers(now)
	c.once()
	c.markWanted(now)
	c.inOrder, c.near, c.far = 0, 0, 0
	if c.farOrder = c.inCrowd; c.inCrowd {
		c.ordered = now
	}
	c.freed()
	c.planned, c.unarmed, c.wishing = true, true, true
}

func (c *Core) planWindow(now time.Duration, w *Window) {
	length, base, turn := c.Info.PieceLength, c.base(now, w), c.turn(now, w, w.end)
	for p := int(w.Pos / length); int64(p)*length < w.planned; p++ {
		if w.sent > 0 || int64(p)*length > w.Pos {
			base = max(base, turn)
		}
		switch {
		case c.Have.Has(p):
		case c.patient(w) && (w.sent > 0 || int64(p)*length > w.Pos):
			c.wants = append(c.wants, want{piece: p, deadline: bulkDeadline})
		case w.ahead:
			c.wants = append(c.wants, want{piece: p, deadline: noDeadline, holders: 1 + c.available(p)})
		default:
			c.wants = append(c.wants, want{
				piece: p, deadline: base + w.lasts(int64(p)*length-w.Pos), ahead: int64(p)*length - w.Pos, early: w.rate == 0,
			})
		}
	}
}

// markWanted gives the flights their deadlines, by wants in the order of pieces, and parks those that no window
// wants any more.
func (c *Core) markWanted(now time.Duration) {
	for _, f := range c.Order {
		f.deadline = -1
		if w, ok := c.wanted(f.Piece); ok {
			f.deadline = w.deadline
		}
	}
	for i := 0; i < len(c.Order); {
		f := c.Order[i]
		switch {
		case f.deadline >= 0:
			f.parked = 0
			i++
		case f.left == 0: // being hashed: it is done soon
			f.deadline = 0
			i++
		default:
			if c.park(now, f) {
				i++
			}
		}
	}
}

// park takes back what is asked of a piece that nobody wants, as far as a cancel would
// do it: the rest comes in any case, and is waited for. The piece is kept for a while if
// blocks of it came or will; park reports whether it was kept.
func (c *Core) park(now time.Duration, f *Flight) bool {
	c.recall(now, f)
	c.setUrgent(f, false)
	f.owner = nil
	if f.free == len(f.Blocks) && !f.Case.Failed() {
		c.Drop(f)
		return false
	}
	if f.parked == 0 {
		f.parked = max(now, 1)
	}
	return true
}

// at is the piece that a reader is at.
func (c *Core) at(w *Window) int { return int(w.Pos / c.Info.PieceLength) }

// waits reports whether a reader is waiting at the piece.
func (c *Core) waits(piece int) bool {
	for _, w := range c.Stalled {
		if c.at(w) == piece {
			return true
		}
	}
	return false
}

// MayWait reports whether the piece may be hashed some time after its blocks came. Nothing of it
// was hashed or failed, and each reader that waits for it is in the middle of a stream.
func (c *Core) MayWait(f *Flight) bool {
	if f.Dead || f.Copies > 0 || f.Hashed > 0 || f.Suspect() != nil {
		return false
	}
	for _, w := range c.Stalled {
		if c.at(w) == f.Piece && w.sent < beginning {
			return false
		}
	}
	return true
}

// inWindow reports whether a reader has yet to pass the piece, and wants it.
func (c *Core) inWindow(piece int) bool {
	from := int64(piece) * c.Info.PieceLength
	for _, w := range c.Windows {
		if from < max(w.planned, w.Pos+1) && from+c.Info.PieceLength > w.Pos && w.Pos < w.end {
			return true
		}
	}
	return false
}

// Pins reports whether a verified piece stays in memory for a reader that has yet to
// pass it. What is further ahead than its share of the memory waits on disk, and so does what
// a reader that does not move was in the middle of.
func (c *Core) Pins(piece int) bool {
	from, share := int64(piece)*c.Info.PieceLength, max(2*c.Info.PieceLength, c.share())
	for _, w := range c.Windows {
		if !w.idle && from < max(min(w.planned, w.Pos+share), w.Pos+1) && from+c.Info.PieceLength > w.Pos && w.Pos < w.end {
			return true
		}
	}
	return false
}

// Distance is how many bytes the first reader that has yet to pass the piece is before it; very
// many where there is none.
func (c *Core) Distance(piece int) int64 {
	from, least := int64(piece)*c.Info.PieceLength, int64(math.MaxInt64)
	for _, w := range c.Windows {
		if c.Covers(w, piece) {
			least = min(least, max(0, from-w.Pos))
		}
	}
	return least
}

// Covers reports whether a window has a piece, and has yet to pass it.
func (c *Core) Covers(w *Window, piece int) bool {
	from := int64(piece) * c.Info.PieceLength
	return from+c.Info.PieceLength > w.Pos && from < w.end
}

// Missing reports whether a piece of [pos, end) is not held.
func (c *Core) Missing(pos, end int64) bool {
	for p := int(pos / c.Info.PieceLength); int64(p)*c.Info.PieceLength < end; p++ {
		if !c.Have.Has(p) {
			return true
		}
	}
	return false
}
