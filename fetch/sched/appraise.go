package sched

// Copies returns how often the connected peers have the whole content, all their parts taken
// together. sibling says that gateways of our fleet are among them.
func (c *Core) Copies() (copies float64, sibling bool) {
	n := 0
	for _, l := range c.Links {
		n += l.count
		sibling = sibling || l.sibling && l.count > 0
	}
	return float64(n) / float64(c.Info.NumPieces()), sibling
}
