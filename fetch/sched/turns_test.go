package sched

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

// A turns is readers of files of eight pieces each, which have had the first piece and wait for the next.
type turns struct {
	*Core
	now time.Duration
}

func newTurns(t *testing.T) *turns {
	return &turns{Core: newModel(t, longFilesInfo(t, 64<<10, 100, 8)).c}
}

func (c *turns) open(rank int, client byte, listed bool) *Window {
	length := c.Info.PieceLength
	w := c.Open(c.now, int64(8*rank)*length, int64(8*rank+8)*length)
	c.Follow(c.now, Opening{Rank: rank, Client: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, client}), 32), Window: w, Listed: listed})
	c.Have.Set(8 * rank)
	c.Ready(c.now, w)
	c.Move(c.now, w, w.Pos+length)
	c.Stall(c.now, w)
	c.plan(c.now)
	return w
}

// waits are the ranks of those whose turn it is.
func (c *turns) waits() (ranks []int) {
	for _, w := range c.Stalled {
		ranks = append(ranks, int(w.Pos/c.Info.PieceLength/8))
	}
	slices.Sort(ranks)
	return ranks
}

func (c *turns) want(t *testing.T, ranks ...int) {
	t.Helper()
	if got := c.waits(); !slices.Equal(got, ranks) {
		t.Errorf("at %v it is the turn of %v, not of %v", c.now, got, ranks)
	}
}

func (c *turns) come(rank int) {
	for p := 8 * rank; p < 8*rank+8; p++ {
		if c.Have.Has(p) {
			continue
		}
		f := newFlight(c.now, c.Info, p)
		for n := range f.Blocks {
			f.Blocks[n].from = &Link{}
		}
		c.Verified(c.now, f, true)
	}
}

// Files of one film come in their order, each when the one before is there.
func TestTurnsOfSegments(t *testing.T) {
	c := newTurns(t)
	c.open(1, 1, true)
	c.open(2, 1, true)
	c.open(0, 1, true) // the one before all
	c.want(t, 0)
	for i := range c.Core.wants {
		if a, b := c.Core.want(i).piece, c.Core.want(max(0, i-1)).piece; a < b && b != 24 { // the head of the next
			t.Errorf("piece %d comes after %d", a, b)
		}
	}
	c.now = time.Second
	c.come(0)
	c.want(t, 0, 1) // nobody has told the first that it has all
	c.come(1)
	c.want(t, 0, 1, 2)
}

// Who leaves, or does not move, holds up nobody.
func TestTurnsOfWhoLeaves(t *testing.T) {
	c := newTurns(t)
	w := c.open(0, 1, true)
	c.open(1, 1, true)
	c.want(t, 0)
	c.Close(c.now, w)
	c.want(t, 1)
}

// Other clients, and files that no playlist names, are not held up.
func TestTurnsAreOfOneFilm(t *testing.T) {
	c := newTurns(t)
	c.open(0, 1, true)
	c.open(1, 2, true)
	c.open(2, 3, false)
	c.open(3, 3, false)
	c.want(t, 0, 1, 2, 3)
}

// An address may be that of many people: nobody lets another go first for longer than patience.
func TestTurnsAreBounded(t *testing.T) {
	c := newTurns(t)
	c.open(0, 1, true)
	c.now = time.Second
	c.open(1, 1, true)
	next := c.nextOfAll(c.now)
	c.now = time.Second + patience
	if !next.any || next.at > c.now {
		t.Errorf("looked at again at %v", next.at)
	}
	c.Tick(c.now - 1)
	c.want(t, 0)
	c.Tick(c.now)
	c.want(t, 0, 1)
}

// Of what follows, a client that requests files before it needs them gets the first piece first.
func TestHeadOfTheNextFile(t *testing.T) {
	for _, overlaps := range []bool{false, true} {
		c := newTurns(t)
		c.open(0, 1, true)
		if overlaps {
			c.open(1, 1, true)
		} else {
			c.come(0)
			c.Close(c.now, c.Windows[0])
			c.open(1, 1, true)
		}
		c.plan(c.now)
		head := slices.IndexFunc(c.wants, func(w want) bool { return w.piece == 16 })
		rest := slices.IndexFunc(c.wants, func(w want) bool { return w.piece == 15 })
		if head < 0 || rest < 0 {
			t.Fatal("not wanted")
		}
		if before := c.wants[head].deadline < c.wants[rest].deadline; before != overlaps {
			t.Errorf("the client opens files before it has read others: %v, and has the next one before the end of this one: %v", overlaps, before)
		}
	}
}
