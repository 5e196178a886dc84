package gateway

import (
	"bufio"
	"io"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// writePlaylist writes the playable files below a directory as an extended M3U
// in UTF-8, with absolute URLs: a player opens it wherever it was saved.
func (l *listing) writePlaylist(w io.Writer) error {
	out := bufio.NewWriterSize(w, listingBuffer)
	_, _ = out.WriteString("#EXTM3U\n") // errors stay with the buffer until Flush
	prefix := l.origin + l.base         // the base has the server's prefix
	err := l.walkAll(func(node metainfo.Node, path []string) error {
		if node.Dir || !playable(l.types.of(node.Name)) {
			return nil
		}
		_, err := out.WriteString("#EXTINF:-1," + showName(l.info.Text(node.Name)) + "\n" + prefix + escapePath(path) + "\n")
		return err
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// playable reports whether a player makes something of a media type.
func playable(mediaType string) bool {
	return strings.HasPrefix(mediaType, "video/") || strings.HasPrefix(mediaType, "audio/") &&
		mediaType != "audio/x-mpegurl" && mediaType != "audio/x-scpls"
}
