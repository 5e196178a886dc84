package blame

import "slices"

// A Step is how a piece that failed is to come.
type Step int

const (
	// Alone is all of it from one peer.
	Alone Step = iota
	// Refetch is all of it anew, each block from a peer that has not sent it. It is done once, and once
	// more when a liar was found. Refetching makes sure of that.
	Refetch
	// Keep is what is believed with less doubt than the step says, and the rest from peers that have
	// not sent it.
	Keep
)

const (
	// maxAttempts bounds how often a piece is put together from versions; beyond it that is done where
	// a liar was found in the last copy.
	maxAttempts = 6
	// refetchedAttempts is how many of them count where all of it was fetched again.
	refetchedAttempts = 2
	// credible is the most doubt of a block that is kept at the second attempt, half of it with each
	// further one.
	credible = 0.35
)

// Next decides how the piece comes next. The caller sets known where a liar is known by now in the copy
// that failed.
func (c *Case[P]) Next(known bool) (step Step, doubt float64) {
	switch {
	case !c.Informed():
		return Alone, 0
	case c.attempts >= maxAttempts && !known:
		return Refetch, 0
	}
	c.attempts++
	c.Apart = true
	switch {
	case known:
		return Keep, 1
	case c.attempts == 1:
		c.Order = c.bySuspect(nil)
		return Keep, 0
	}
	for c.attempts < maxAttempts && c.sameAgain() {
		c.attempts++
	}
	return Keep, c.doubt()
}

// Refetching begins a refetch, and reports false if there was one already.
func (c *Case[P]) Refetching() bool {
	if c.refetched {
		return false
	}
	c.refetched, c.Apart = true, true
	c.attempts = min(c.attempts, refetchedAttempts)
	return true
}

// Restart forgets the copy: all blocks of the piece are to come again, from any peer.
func (c *Case[P]) Restart() {
	c.Apart, c.Order = false, nil
	c.doubted, c.suspects, c.cleared = false, nil, nil
}

// Reconsider takes in that a peer was convicted that sent blocks of the piece. The blocks of the
// others may then make a right piece, and all of it may be requested once more.
func (c *Case[P]) Reconsider() {
	c.Drop()
	c.Apart, c.refetched = true, false
	c.doubted, c.suspects = true, nil // there is better evidence
}

// doubt is the doubt below which a block is kept at the attempt that is under way.
func (c *Case[P]) doubt() float64 { return credible / float64(int(1)<<(c.attempts-2)) }

// sameAgain reports whether what is kept at this attempt is the copy that failed last.
func (c *Case[P]) sameAgain() bool {
	for n := range c.versions {
		if v := c.believed(n, c.doubt()); v == nil || v != c.last[n] {
			return false
		}
	}
	return true
}

// Repeats reports whether a piece that has these blocks is the copy that failed last.
func (c *Case[P]) Repeats(block func(n int) []byte) bool {
	for n := range c.versions {
		if v := c.like(n, block(n)); v == nil || v != c.last[n] {
			return false
		}
	}
	return true
}

// bySuspect lists the blocks of the first copy, those of one peer after those of another; first those
// of some.
func (c *Case[P]) bySuspect(before []P) []int {
	order := slices.Clone(before)
	for _, p := range c.first {
		if !slices.Contains(order, p) {
			order = append(order, p)
		}
	}
	all := make([]int, 0, len(c.first))
	for _, p := range order {
		for n := range c.first {
			if c.first[n] == p {
				all = append(all, n)
			}
		}
	}
	return all
}

// suspect learns which peers may be the one that lied, from two that sent different bytes. What they
// sent is asked for again before the rest.
func (c *Case[P]) suspect(a, b P) {
	pair := []P{a, b}
	if c.doubted {
		pair = slices.DeleteFunc(pair, func(p P) bool { return !slices.Contains(c.suspects, p) })
	}
	c.doubted, c.suspects = true, pair
	c.Order = c.bySuspect(pair)
}

// Suspect is the next one that must have lied if one alone did, and of whose blocks all have come
// again; false if there is none. came says of which blocks that is so.
func (c *Case[P]) Suspect(came func(n int) bool) (p P, ok bool) {
	if !c.Apart || c.copies != 1 || c.attempts != 1 {
		return p, false
	}
	for _, p := range c.suspects {
		if !slices.Contains(c.cleared, p) && c.cameAgain(p, came) {
			return p, true
		}
	}
	return p, false
}

func (c *Case[P]) cameAgain(p P, came func(n int) bool) bool {
	for n := range c.first {
		if c.first[n] == p && !came(n) {
			return false
		}
	}
	return true
}

// Clear notes that p did not lie, or not alone: it is no Suspect again.
func (c *Case[P]) Clear(p P) { c.cleared = append(c.cleared, p) }

// Without returns the piece block by block, and the peers that sent the blocks. It takes the first
// copy, and replaces the blocks that p sent by those that came again. release lets go of its bytes.
func (c *Case[P]) Without(p P, again func(n int) ([]byte, P)) (blocks [][]byte, from []P, release func()) {
	blocks, from = make([][]byte, len(c.first)), make([]P, len(c.first))
	var held []Block
	for n := range c.first {
		if c.first[n] == p {
			blocks[n], from[n] = again(n)
			continue
		}
		v := c.versions[n][0] // of the first copy
		v.in.block.Retain()
		held = append(held, v.in.block)
		blocks[n], from[n] = v.bytes, c.first[n]
	}
	return blocks, from, func() {
		for _, b := range held {
			b.Release()
		}
	}
}

// OfFirst reports whether block n of the first copy came of p.
func (c *Case[P]) OfFirst(n int, p P) bool { return c.first != nil && c.first[n] == p }
