package sched

// Padding is zeros (BEP 47), so the blocks of a piece that hold nothing else are not
// asked of peers: some close on it. If the piece fails its hash they are asked for all the
// same, for some programs may pad with something else.

// pad fills in those blocks of a new flight. A piece of nothing but padding is asked for
// like any other: something has to come for it to be hashed.
func (c *Core) pad(f *Flight) {
	blocks := c.Info.PaddingBlocks(f.Piece)
	if len(blocks) == 0 || len(blocks) == len(f.Blocks) {
		return
	}
	for _, n := range blocks {
		clear(f.Place(n))
		f.arrive(c.zeros, n)
	}
}
