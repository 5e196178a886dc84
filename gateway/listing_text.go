package gateway

import (
	"bufio"
	"fmt"
	"io"

	"github.com/btgw/btgw/metainfo"
)

// writeText writes the listing for a terminal: sizes, and paths from where the listing is. Names
// have no control characters there (showName).
func (l *listing) writeText(w io.Writer) error {
	out := bufio.NewWriterSize(w, listingBuffer)
	title := l.info.Name
	if len(l.path) > 0 {
		title = l.path[len(l.path)-1]
	}
	// Errors stay with the buffer until Flush.
	_, _ = fmt.Fprintf(out, "%s\n%s in %d files\n\n", showName(l.info.Text(title)), showSize(l.node.Size), l.node.Files)
	err := l.walk(func(node metainfo.Node, path []string) error {
		dir, size := l.shape(node, path)
		_, _ = fmt.Fprintf(out, "%10s  ", showSize(size))
		for i, name := range path[len(l.path):] {
			if i > 0 {
				_ = out.WriteByte('/')
			}
			_, _ = out.WriteString(showName(l.info.Text(name)))
		}
		if dir {
			_ = out.WriteByte('/')
		}
		return out.WriteByte('\n')
	})
	if err != nil {
		return err
	}
	_, _ = out.WriteString("\n" + l.curl() + "\n")
	return out.Flush()
}
