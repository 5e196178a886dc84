package gateway

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"github.com/btgw/btgw/gateway/pages"
	"github.com/btgw/btgw/metainfo"
)

// listingBuffer is the size in bytes of the buffer in front of a listing.
const listingBuffer = 32 << 10

// What copies a folder by its index takes every link of the page for an entry: rclone, wget, lftp and
// httrack by its attribute, fsspec by expressions of its own over the text, which find anything that
// looks like a URL. So entries are the only plain links and come first but for the way up; forms of
// the listing are buttons; other links have a blank before "=", and URLs in text an escaped colon. Kodi
// takes a link for an entry where its text is the last part of it, so that is all that there is in it.

// writeHTML writes the page, row by row. Its links are relative, so that they hold below any prefix.
func (l *listing) writeHTML(w io.Writer) error {
	out := bufio.NewWriterSize(w, listingBuffer)
	l.rowQueries()
	err := l.page().Write(out, func(w io.Writer) error {
		var row []byte
		return l.walk(func(node metainfo.Node, path []string) error {
			row = l.appendRow(row[:0], node, path)
			_, err := w.Write(row)
			return err
		})
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// appendRow writes the row of a file or directory. A template takes 20 times as
// long, and there may be 100,000 rows. The link has only characters that stand for
// themselves in HTML; the name is escaped here.
func (l *listing) appendRow(out []byte, node metainfo.Node, path []string) []byte {
	out = append(out, "<tr><td"...)
	if depth := min(len(path)-len(l.path)-1, indentDepth); depth > 0 {
		out = append(strconv.AppendInt(append(out, ` class="d`...), int64(depth), 10), '"')
	}
	slash, to := "", path
	dir, size := l.shape(node, path)
	if dir {
		slash = "/"
		if isSymlink(node) { // to the directory itself: by another path all of it would be copied again
			to = l.linkTarget(node)
		}
	}
	out = append(l.appendRelative(append(out, `><bdi><a href="`...), to), slash...)
	if dir {
		out = append(out, l.dirQuery...)
	} else {
		out = append(out, l.fileQuery...)
	}
	out = append(append(append(out, `">`...), html.EscapeString(showName(l.info.Text(node.Name)))...), slash...)
	out = strconv.AppendInt(append(out, `</a></bdi></td><td title="`...), size, 10)
	out = append(append(out, ` bytes">`...), showSize(size)...)
	return append(out, "</td></tr>\n"...)
}

// rowQueries sets the queries of the links to directories and to files.
func (l *listing) rowQueries() {
	l.dirQuery, l.fileQuery = html.EscapeString(l.carried(l.dirForm())), html.EscapeString(l.carried(""))
}

// dirForm is the query that keeps the form of the listing, where the request named it.
func (l *listing) dirForm() string {
	if l.asked {
		return "?format=html"
	}
	return ""
}

// appendRelative appends the reference from the listing to another path of the torrent.
func (l *listing) appendRelative(out []byte, path []string) []byte {
	shared := 0
	for shared < len(l.path) && shared < len(path)-1 && l.path[shared] == path[shared] {
		shared++
	}
	for range len(l.path) - shared {
		out = append(out, "../"...)
	}
	for i, name := range path[shared:] {
		if i > 0 {
			out = append(out, '/')
		}
		out = appendLink(out, name)
	}
	return out
}

// appendLink appends a name as a segment of a relative link. To some programs a link that begins with
// "http" is a URL, and one that begins with "~" a home: these have their first character escaped.
func appendLink(out []byte, name string) []byte {
	switch {
	case strings.HasPrefix(name, "~"):
		out, name = append(out, "%7E"...), name[1:]
	case strings.HasPrefix(name, "http"):
		out, name = append(out, "%68"...), name[1:]
	}
	return appendEscaped(out, name, unreserved)
}

// shape reports whether an entry leads to a directory, and returns its size in bytes. For a
// symbolic link it uses the link's target.
func (l *listing) shape(node metainfo.Node, path []string) (dir bool, size int64) {
	if isSymlink(node) {
		if target, err := l.info.Lookup(path); err == nil {
			node = *target
		}
	}
	return node.Dir, node.Size
}

// page is the page around the rows.
func (l *listing) page() pages.Listing {
	page := pages.Listing{Curl: l.curl(), Hints: l.hints(), Forms: []pages.Button{{Format: "json", Name: "JSON"}, {Format: "m3u8", Name: "Playlist"}, {Format: "tar", Name: "Archive (tar)"}}}
	if len(l.path) == 0 {
		page.Title = showName(l.info.Text(l.info.Name))
		page.Facts = l.facts()
		page.Magnet = l.magnet()
		if l.torrent {
			page.Forms = append(page.Forms, pages.Button{Format: "torrent", Name: "Torrent file"})
		}
		return page
	}
	page.Title = showName(l.path[len(l.path)-1])
	page.Facts = []pages.Fact{{Name: "Size", Value: showSize(l.node.Size)}, {Name: "Files", Value: strconv.Itoa(l.node.Files)}}
	for i := range len(l.path) {
		name := "Torrent"
		if i > 0 {
			name = showName(l.path[i-1])
		}
		page.Crumbs = append(page.Crumbs, pages.Crumb{Name: name, Href: l.up(len(l.path) - i)})
	}
	return page
}

// up is a link so many directories up.
func (l *listing) up(levels int) string {
	return strings.Repeat("../", levels) + l.carried(l.dirForm())
}

// curl is a command for a shell that gets what the page shows, and goes on where
// it stopped when it is repeated. Neither the name nor the URL has a character that
// means anything within single quotes.
func (l *listing) curl() string {
	name, url := l.info.Name, l.origin+l.href()
	switch {
	case len(l.path) == 0 && l.info.SingleFile():
		name, url = localName(name, ""), url+escapeSegment(name)+l.carried("")
	case len(l.path) == 0:
		name, url = localName(name, ".tar"), url+l.carried("?format=tar")
	default:
		name, url = localName(l.path[len(l.path)-1], ".tar"), url+l.carried("?format=tar")
	}
	return "curl -C - -o '" + name + "' '" + url + "'"
}

// localName returns a name to save a file under, for a shell within single quotes. It
// is the name that the page shows, cut to the length that a file system takes.
func localName(name, extension string) string {
	name = strings.ReplaceAll(safeName(showName(name)), "'", "_")
	if name == "-" { // standard output
		name = "_"
	}
	return cutName(name, maxFilename-len(extension)) + extension
}

// facts is the overview of a torrent.
func (l *listing) facts() []pages.Fact {
	in := l.info
	facts := []pages.Fact{
		{Name: "Size", Value: fmt.Sprintf("%s (%d bytes)", showSize(in.Size()), in.Size())},
		{Name: "Files", Value: strconv.Itoa(l.node.Files)},
		{Name: "Pieces", Value: fmt.Sprintf("%d of %s", in.NumPieces(), showSize(in.PieceLength))},
	}
	for _, hash := range in.Hashes() {
		name := "Infohash"
		if hash.IsV2() {
			name = "Infohash (v2)"
		}
		facts = append(facts, pages.Fact{Name: name, Value: hash.String(), Code: true})
	}
	if in.Private {
		facts = append(facts, pages.Fact{Name: "Private", Value: "yes: its own trackers only"})
	}
	return facts
}

// hints are those of the request, as fields of a form.
func (l *listing) hints() (fields []pages.Hint) {
	for pair := range strings.SplitSeq(l.carry, "&") {
		if key, value, ok := strings.Cut(pair, "="); ok {
			fields = append(fields, pages.Hint{Key: key, Value: metainfo.UnescapeQuery(value)})
		}
	}
	return fields
}

// magnet is the torrent's magnet link, with the hints of the request.
func (l *listing) magnet() string {
	m := l.link
	m.Hashes, m.Name = l.info.Hashes(), l.info.Name
	return m.String()
}
