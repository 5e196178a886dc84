package sched

import (
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A sibling is near, and asked for few blocks at a time. The one that fetches for us fetches from far away. So it
// is told what our readers need next, and fetches that ahead, as for readers of its own.

const (
	// wishReach is how many bytes are wished for at a time. What the sibling has fetched and cannot
	// pass on comes again, so it is no more than keeps its peers busy.
	wishReach = 768 << 10
	// promiseTime is the most that a sibling may take to end what it has begun for us when another one fetches.
	promiseTime = time.Second
)

// Wishes returns what the sibling that fetches is to be told, if it was told something else before.
func (c *Core) Wishes(now time.Duration) (l *Link, wishes []peer.Wish) {
	if !c.wishing || !c.planned {
		return nil, nil
	}
	i := slices.IndexFunc(c.siblings, func(s *Link) bool { return s.fetches })
	if i < 0 {
		return nil, nil
	}
	c.wishing = false
	l = c.siblings[i]
	wishes = c.wishesOf(now, l)
	same := func(a, b peer.Wish) bool {
		return a.First == b.First && a.Count == b.Count && (a.In == 0) == (b.In == 0)
	}
	if slices.EqualFunc(wishes, l.wished, same) {
		return nil, nil
	}
	l.wished = wishes
	return l, wishes
}

// wishesOf is what readers need next that no other sibling has: what they wait for first.
func (c *Core) wishesOf(now time.Duration, l *Link) (wishes []peer.Wish) {
	left := max(wishReach, 2*c.Info.PieceLength)
	add := func(piece int, in time.Duration) {
		at := slices.IndexFunc(wishes, func(o peer.Wish) bool { return o.First <= piece && piece <= o.First+o.Count })
		switch {
		case c.Have.Has(piece) || c.elsewhere(now, l, piece):
			return
		case at < 0 || in == 0 && piece != wishes[at].First:
			wishes = append(wishes, peer.Wish{First: piece, Count: 1, In: in})
		case piece == wishes[at].First+wishes[at].Count:
			wishes[at].Count++
		default:
			return
		}
		left -= c.Info.PieceLength
	}
	for i := 0; i < len(c.Stalled) && left > 0 && len(wishes) < peer.MaxWishes; i++ {
		add(c.at(c.Stalled[i]), 0)
	}
	for i := 0; i < min(len(c.wants), maxWishing) && left > 0 && len(wishes) < peer.MaxWishes; i++ {
		w := c.want(i)
		add(w.piece, max(time.Millisecond, w.deadline-now))
	}
	return wishes
}

// elsewhere reports whether another sibling than that one sends a piece in time.
func (c *Core) elsewhere(now time.Duration, l *Link, piece int) bool {
	return c.promised(now, l, piece) || slices.ContainsFunc(c.siblings, func(s *Link) bool { return s != l && s.holds(now, piece) && c.inTime(now, s, piece) })
}

// takeWishes wants what the readers of a sibling need next, in place of what they needed before.
func (c *Core) takeWishes(now time.Duration, l *Link, wishes []peer.Wish) {
	before := l.wishes
	l.wishes = nil
	for _, x := range wishes {
		pos := int64(x.First) * c.Info.PieceLength
		w := &Window{Pos: pos, For: l, steady: true}
		if i := slices.IndexFunc(before, func(w *Window) bool { return w.Pos == pos }); i >= 0 {
			w = before[i]
			before = slices.Delete(before, i, i+1)
		} else {
			c.nextWindow++
			w.id = c.nextWindow
			c.Windows = append(c.Windows, w)
		}
		w.end = min(c.Info.Span(), pos+int64(x.Count)*c.Info.PieceLength)
		w.planned, w.moved = w.end, now+x.In
		if x.In > 0 || c.Have.Has(x.First) {
			c.unstall(w)
		} else {
			c.Stall(now, w)
		}
		l.wishes = append(l.wishes, w)
	}
	c.endWishes(before)
	c.interest()
}

// endWishes forgets what the readers of a sibling needed.
func (c *Core) endWishes(ended []*Window) {
	for _, w := range ended {
		c.unstall(w)
	}
	c.Windows = slices.DeleteFunc(c.Windows, func(w *Window) bool { return w.For != nil && slices.Contains(ended, w) })
	c.planned, c.Kick, c.unarmed = false, true, true
}

// endBegun has what is begun of a sibling's wishes end, and nothing more begun: another gateway fetches.
func (c *Core) endBegun(l *Link) {
	before := l.wishes
	l.wishes = nil
	for _, f := range c.Order {
		pos := int64(f.Piece) * c.Info.PieceLength
		if f.begunOutside() && slices.ContainsFunc(before, func(w *Window) bool { return c.Covers(w, f.Piece) }) {
			c.nextWindow++
			l.wishes = append(l.wishes, &Window{id: c.nextWindow, Pos: pos, end: pos + int64(f.Size), For: l, steady: true, last: true})
		}
	}
	c.endWishes(before)
	c.Windows = append(c.Windows, l.wishes...)
}

// handsOver has what a sibling was to fetch waited for from there for a moment: it ends what it has begun, and
// another one begins to fetch.
func (c *Core) handsOver(now time.Duration, l *Link) {
	blocks := len(l.queue)
	for _, w := range l.wished {
		blocks += int(int64(w.Count) * c.Info.PieceLength / metainfo.BlockLen)
	}
	l.promised, l.promisedBy = l.wished, now+min(promiseTime, l.eta(now, 2*blocks))
	l.fetches, l.wished, c.unarmed = false, nil, true
}

// promised reports whether a piece is to come from another sibling than that one, which fetched until a moment ago.
func (c *Core) promised(now time.Duration, l *Link, piece int) bool {
	for _, s := range c.siblings {
		if s != l && now < s.promisedBy && s.late == 0 && !s.Has.Has(piece) && slices.ContainsFunc(s.promised, func(w peer.Wish) bool {
			return w.First <= piece && piece < w.First+w.Count
		}) {
			return true
		}
	}
	return false
}

// endPromises has what did not come in time asked of others.
func (c *Core) endPromises(now time.Duration) {
	for _, s := range c.siblings {
		if s.promised != nil && now >= s.promisedBy {
			s.promised, s.promisedBy = nil, 0
			c.wishing, c.Kick = true, true
		}
	}
}

// wishCame says that what readers of siblings wait for is here.
func (c *Core) wishCame(piece int) {
	if len(c.siblings) == 0 {
		return
	}
	c.Windows = slices.DeleteFunc(c.Windows, func(w *Window) bool {
		if w.For == nil || c.at(w) != piece {
			return false
		}
		c.unstall(w)
		return w.last
	})
}
