package gateway

import (
	"bufio"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// listingBuffer is the size in bytes of the buffer in front of a listing.
const listingBuffer = 32 << 10

// What the templates of a listing are given.
type (
	listingHead struct {
		Title  string
		Style  template.CSS
		Crumbs []listingLink
		Facts  []listingFact
		Links  []listingLink
		Curl   string // the command that gets all of it
	}
	listingLink struct {
		Name string
		Href template.URL
	}
	listingFact struct {
		Name, Value string
		Code        bool
	}
)

// writeHTML writes the page, row by row.
func (l *listing) writeHTML(w io.Writer) error {
	out := bufio.NewWriterSize(w, listingBuffer)
	if err := l.pages.write(out, "listing-head", l.head()); err != nil {
		return err
	}
	prefix := l.base
	var row []byte
	err := l.walk(func(node *metainfo.Node, path []string) error {
		row = appendRow(row[:0], node, prefix+escapePath(path), min(len(path)-len(l.path)-1, indentDepth))
		_, err := out.Write(row)
		return err
	})
	if err != nil {
		return err
	}
	if err := l.pages.write(out, "listing-tail", nil); err != nil {
		return err
	}
	return out.Flush()
}

// appendRow writes the row of a file or directory. A template takes 20 times as
// long, and there may be 100,000 rows. href has only characters that stand for
// themselves in HTML (escapePath); the name is escaped here.
func appendRow(out []byte, node *metainfo.Node, href string, depth int) []byte {
	out = append(out, "<tr><td"...)
	if depth > 0 {
		out = append(strconv.AppendInt(append(out, ` class="d`...), int64(depth), 10), '"')
	}
	slash := ""
	if node.Dir {
		slash = "/"
	}
	out = append(append(append(append(out, `><a href="`...), href...), slash...), `"><bdi>`...)
	out = append(append(append(out, template.HTMLEscapeString(showName(node.Name))...), "</bdi>"...), slash...)
	out = strconv.AppendInt(append(out, `</a></td><td title="`...), node.Size, 10)
	out = append(append(out, ` bytes">`...), showSize(node.Size)...)
	return append(out, "</td></tr>\n"...)
}

// head is what stands above the rows.
func (l *listing) head() listingHead {
	head := listingHead{Style: l.pages.style, Curl: l.curl(),
		Links: []listingLink{{"JSON", "?format=json"}, {"Playlist", "?format=m3u8"}, {"Archive (tar)", "?format=tar"}}}
	if len(l.path) == 0 {
		head.Title = showName(l.info.Name)
		head.Facts = l.facts()
		if l.torrent {
			head.Links = append(head.Links, listingLink{"Torrent file", "?format=torrent"})
		}
		head.Links = append(head.Links, listingLink{"Magnet link", l.magnet()})
		return head
	}
	head.Title = showName(l.path[len(l.path)-1])
	head.Facts = []listingFact{{Name: "Size", Value: showSize(l.node.Size)}, {Name: "Files", Value: strconv.Itoa(l.node.Files)}}
	href := l.base + "/"
	head.Crumbs = append(head.Crumbs, listingLink{"Torrent", template.URL(href)})
	for _, name := range l.path[:len(l.path)-1] {
		href += escapeSegment(name) + "/"
		head.Crumbs = append(head.Crumbs, listingLink{showName(name), template.URL(href)})
	}
	return head
}

// curl is a command for a shell that gets what the page shows, and goes on where
// it stopped when it is repeated. Neither the name nor the URL has a character that
// means anything within single quotes.
func (l *listing) curl() string {
	name, url := l.info.Name, l.origin+l.href()
	switch {
	case len(l.path) == 0 && l.info.SingleFile():
		name, url = localName(name, ""), url+escapeSegment(name)
	case len(l.path) == 0:
		name, url = localName(name, ".tar"), url+"?format=tar"
	default:
		name, url = localName(l.path[len(l.path)-1], ".tar"), url+"?format=tar"
	}
	return "curl -C - -o '" + name + "' '" + url + "'"
}

// localName is a name to save a file under, for a shell within single quotes: as it is
// read on the page, and no longer than a file system takes it.
func localName(name, extension string) string {
	name = strings.ReplaceAll(safeName(showName(name)), "'", "_")
	if name == "-" { // standard output
		name = "_"
	}
	return cutName(name, maxFilename-len(extension)) + extension
}

// facts is the overview of a torrent.
func (l *listing) facts() []listingFact {
	in := l.info
	facts := []listingFact{
		{Name: "Size", Value: fmt.Sprintf("%s (%d bytes)", showSize(in.Size()), in.Size())},
		{Name: "Files", Value: strconv.Itoa(l.node.Files)},
		{Name: "Pieces", Value: fmt.Sprintf("%d of %s", in.NumPieces(), showSize(in.PieceLength))},
	}
	for _, hash := range in.Hashes() {
		name := "Infohash"
		if hash.IsV2() {
			name = "Infohash (v2)"
		}
		facts = append(facts, listingFact{Name: name, Value: hash.String(), Code: true})
	}
	if in.Private {
		facts = append(facts, listingFact{Name: "Private", Value: "yes: its own trackers only"})
	}
	return facts
}

// magnet is the torrent's magnet link. Its name is escaped, which the type
// promises to the template.
func (l *listing) magnet() template.URL {
	m := metainfo.Magnet{Hashes: l.info.Hashes(), Name: l.info.Name}
	return template.URL(m.String())
}
