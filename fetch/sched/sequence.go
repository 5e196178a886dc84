package sched

import (
	"math/bits"
	"net/netip"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A client that reads one file after another (segments of a film, chunks of an array, a mirror
// of small files) has the next ones fetched ahead, as a reader within one file has its window.
// Several connections may share the work, so files are opened in nearly the order of listings.
// A sequence has the reach of a reader that was sent what was opened, and loses it when its
// client opens something else.

const (
	// sequenceSlack is how many files a client may leave out, or for the moment.
	sequenceSlack = 32
	// sequenceFiles is how many files have to be opened for it to be a sequence: at least so
	// many, and two of three of the last 64.
	sequenceFiles = 4
	// sequenceLife is for how long it is remembered after a file was opened: a player comes for
	// a segment when it has played one.
	sequenceLife = time.Minute
	// listedSlack is how many files one that goes by a playlist leaves out. More is a seek.
	listedSlack = 2
)

// A sequence is files of a torrent that are opened one after another. Its window is the
// demand for the files behind the last one, and among those of the Core while there is any.
type sequence struct {
	client netip.Prefix
	next   int    // the rank behind the last file that was opened (metainfo.Info.Rank)
	first  int    // the least rank
	opened uint64 // which of the 64 ranks before next were: bit 0 is the last
	listed bool   // a playlist says that the client goes on
	wants  bool   // its window is among those of the Core
	broken bool   // something else was opened since
	after  int    // files in order since then
	cut    bool   // its reach ended within what its readers lack
	window Window

	last     *Window // the reader of the last of them; nil: there is none
	overlaps bool    // the client opens a file before it has read the one before
}

// An Opening is a file that a client opens at its start.
type Opening struct {
	Rank   int // metainfo.Info.Rank
	Client netip.Prefix
	Window *Window // its reader; nil: all of it is here
	Listed bool    // the client has a playlist, and goes on with the next file
}

// Follow takes in that a file is opened.
func (c *Core) Follow(now time.Duration, o Opening) {
	c.forgetSequences(now)
	f, ok := c.Info.Ranked(o.Rank)
	if !ok || f == nil {
		return
	}
	i := slices.IndexFunc(c.sequences, func(s *sequence) bool { return s.client == o.Client && s.near(o.Rank) })
	if i < 0 {
		if o.Window == nil {
			return
		}
		c.breakSequences(o.Client)
		i = len(c.sequences)
		c.sequences = append(c.sequences, beginSequence(now, o))
	}
	s := c.sequences[i]
	c.sequences = append(slices.Delete(c.sequences, i, i+1), s)
	c.takeTurns(now, s, o)
	if !s.open(o.Rank) {
		return
	}
	w := &s.window
	if s.after > 1 {
		c.pace(now, w, min(f.Length, MinWindow)) // some look at the beginning of each file alone
	}
	w.Pos, w.moved = f.Offset+f.Length, now
	if !s.holds() {
		c.stopAhead(s)
		return
	}
	c.goAhead(s, f.Length)
}

// Follows reports whether files may be part of a sequence.
func (c *Core) Follows() bool { return len(c.sequences) > 0 }

// beginSequence is that of a file which is about to be opened, the first of some maybe.
func beginSequence(now time.Duration, o Opening) *sequence {
	s := &sequence{client: o.Client, first: o.Rank, next: o.Rank, listed: o.Listed}
	s.window = Window{moved: now, across: s}
	return s
}

// forgetSequences drops those that nobody goes on with, and the oldest of too many.
func (c *Core) forgetSequences(now time.Duration) {
	for len(c.sequences) >= maxSequences || len(c.sequences) > 0 && now >= c.sequences[0].window.moved+sequenceLife {
		c.stopAhead(c.sequences[0])
		c.sequences = slices.Delete(c.sequences, 0, 1)
	}
}

// near reports whether a file of that rank goes on with the sequence, or is one that it left out.
func (s *sequence) near(rank int) bool {
	slack := sequenceSlack
	if s.listed {
		slack = listedSlack
	}
	return rank < s.next+slack && rank >= max(s.first-slack, s.next-64)
}

// open takes in a file that is near, and reports whether it was not opened before.
func (s *sequence) open(rank int) bool {
	if d := rank + 1 - s.next; d > 0 {
		s.opened, s.next = s.opened<<d, rank+1
	}
	bit := uint64(1) << (s.next - 1 - rank)
	if s.opened&bit != 0 {
		return false
	}
	s.opened |= bit
	s.first = min(s.first, rank)
	if s.after++; s.listed || s.after >= sequenceFiles {
		s.broken = false
	}
	return true
}

// holds reports whether enough files were opened in order.
func (s *sequence) holds() bool {
	n := bits.OnesCount64(s.opened)
	return !s.broken && (s.listed || n >= sequenceFiles) && 3*n >= 2*min(64, s.next-s.first)
}

// skipped reports whether a file before the last one that was opened is still to be.
func (s *sequence) skipped(rank int) bool {
	return rank >= s.first && s.opened&(1<<(s.next-1-rank)) == 0
}

// goAhead has the files behind one of n bytes wanted, anew if much of what was planned was
// opened.
func (c *Core) goAhead(s *sequence, n int64) {
	w := &s.window
	if !s.wants {
		c.nextWindow++
		w.id, s.wants = c.nextWindow, true
		c.Windows = append(c.Windows, w)
		c.planned = false
	}
	if w.idle {
		w.idle, c.planned = false, false
	}
	c.advance(w, n)
	if !c.planned {
		c.Kick = true
	}
}

// advance has the plan made anew if much of what a sequence had before it was opened, or has come.
func (c *Core) advance(w *Window, n int64) {
	if w.behind += n; w.behind >= max(c.Info.PieceLength, c.reach(w)/8) {
		c.planned = false
	}
}

// comesCloser takes in that n bytes have come: sequences reach further then whose files lacked more than
// they reach.
func (c *Core) comesCloser(n int64) {
	for _, s := range c.sequences {
		if s.wants && s.cut && !s.window.idle {
			c.advance(&s.window, n)
		}
	}
}

// stopAhead ends the demand of a sequence.
func (c *Core) stopAhead(s *sequence) {
	if !s.wants {
		return
	}
	s.wants = false
	c.Windows = slices.DeleteFunc(c.Windows, func(w *Window) bool { return w == &s.window })
	c.planned = false
	c.Kick = true
}

// breakSequences ends the sequences of a client that opens something else. What it read of them says
// nothing any more.
func (c *Core) breakSequences(client netip.Prefix) {
	for _, s := range c.sequences {
		if s.client == client {
			s.broken, s.after = true, 0
			s.window.sent, s.window.rate, s.window.taken, s.window.taking = 0, 0, 0, 0
			c.stopAhead(s)
		}
	}
}

// planAcross wants what a sequence has yet to read, as far as its window reaches. What its
// readers lack of the files that they have opened is theirs, and comes before.
func (c *Core) planAcross(now time.Duration, w *Window) {
	s, reach, ahead := w.across, c.reach(w), int64(0)
	w.behind, w.end = 0, min(c.Info.Span(), w.Pos+reach)
	w.planned = w.end
	s.cut = false
	c.wantHead(now, w)
	least := c.readAt(now, s.last)
	for rank := max(s.first, s.next-64); ahead < reach && rank < s.next+maxAcross; rank++ {
		f, ok := c.Info.Ranked(rank)
		switch {
		case !ok:
			return
		case f == nil || f.Length == 0:
		case rank < s.next && !s.skipped(rank):
			if ahead += c.lacks(f, reach-ahead); ahead >= reach {
				s.cut = true
			}
		default:
			c.wantFile(now, w, f, ahead, min(f.Length, reach-ahead), least)
			ahead += f.Length
		}
	}
}

// wantHead wants the first piece of the next file of a client that opens it as soon as it has read the one before
// the last. Some players play nothing until that is answered.
func (c *Core) wantHead(now time.Duration, w *Window) {
	s := w.across
	f, ok := c.Info.Ranked(s.next)
	if !s.overlaps || !ok || f == nil || f.Length == 0 {
		return
	}
	at := c.base(now, w)
	if s.last != nil {
		at = max(c.base(now, s.last), c.readAt(now, s.last.after))
	}
	if p, _ := c.Info.Pieces(f, 0, 1); !c.Have.Has(p) {
		c.wants = append(c.wants, want{piece: p, deadline: at, early: w.rate == 0})
	}
}

// wantFile wants the first n bytes of a file, which lies so far ahead, no sooner than is said.
func (c *Core) wantFile(now time.Duration, w *Window, f *metainfo.File, ahead, n int64, least time.Duration) {
	first, last := c.Info.Pieces(f, 0, n)
	for p := first; p <= last; p++ {
		if c.Have.Has(p) {
			continue
		}
		off := ahead + max(0, c.Info.PieceOffset(p)-f.Offset)
		c.wants = append(c.wants, want{piece: p, deadline: max(least, c.deadline(now, w, w.Pos+off)), ahead: off, early: w.rate == 0})
	}
}

// lacks is how much is missing of a file, counted up to most.
func (c *Core) lacks(f *metainfo.File, most int64) (n int64) {
	first, last := c.Info.Pieces(f, 0, f.Length)
	for p := first; p <= last && n < most; p++ {
		if !c.Have.Has(p) {
			n += min(c.Info.PieceLength, f.Length)
		}
	}
	return n
}
