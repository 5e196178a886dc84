package cache

import (
	"os"

	"github.com/btgw/btgw/internal/rawtcp"
)

// A pageConn is a PageWriter.
type pageConn struct {
	*rawtcp.Conn
	paged int64       // bytes that went out as pages
	taken func(n int) // is called when pages were taken for the nth time, from 0 on, before they are looked at
}

func (c *pageConn) WritePages(f *os.File, off, n int64, intact func() bool) (int64, error) {
	times := 0
	written, err := c.Conn.WritePages(nil, f, off, n, func() bool {
		if c.taken != nil {
			c.taken(times)
		}
		times++
		return intact()
	})
	c.paged += written
	return written, err
}
