package h1

import (
	"io"
	"os"
)

// Pages are a part of a file that a Conn sends without copying it, as rawtcp.Conn.WritePages does. net/http hands
// them from its ReadFrom to that of the Conn. A reader of them gets nothing.
type Pages struct {
	File   *os.File
	Off, N int64
	Intact func() bool
}

// Read implements io.Reader.
func (p *Pages) Read([]byte) (int, error) { return 0, io.EOF }

// ReadFrom implements io.ReaderFrom. Of Pages it may send fewer than all without an error, behind what is corked.
func (c *Conn) ReadFrom(src io.Reader) (int64, error) {
	p, ok := src.(*Pages)
	if !ok || c.plain {
		return c.Conn.ReadFrom(src)
	}
	held := len(c.held)
	n, err := c.WritePages(c.held, p.File, p.Off, p.N, p.Intact)
	c.held = append(c.held[:0], c.held[min(n, int64(held)):]...)
	return max(0, n-int64(held)), err
}
