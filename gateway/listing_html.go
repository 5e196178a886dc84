package gateway

import (
	"bufio"
	"fmt"
	"html/template"
	"io"
	"strconv"

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
	}
	listingLink struct {
		Name string
		Href template.URL
	}
	listingFact struct {
		Name, Value string
		Code        bool
	}
	listingRow struct {
		Name, Href, Size string
		Bytes            int64
		Depth            int
		Dir              bool
	}
)

// writeHTML writes the page, row by row.
func (l *listing) writeHTML(w io.Writer) error {
	out := bufio.NewWriterSize(w, listingBuffer)
	if err := l.pages.write(out, "listing-head", l.head()); err != nil {
		return err
	}
	prefix := l.hash.Path()
	row := l.pages.templates.Lookup("listing-row")
	err := l.walk(func(node *metainfo.Node, path []string) error {
		r := listingRow{Name: showName(node.Name), Href: prefix + escapePath(path), Size: showSize(node.Size), Bytes: node.Size, Dir: node.Dir}
		r.Depth = min(len(path)-len(l.path)-1, indentDepth)
		if node.Dir {
			r.Href += "/"
		}
		return row.Execute(out, r)
	})
	if err != nil {
		return err
	}
	if err := l.pages.write(out, "listing-tail", nil); err != nil {
		return err
	}
	return out.Flush()
}

// head is what stands above the rows.
func (l *listing) head() listingHead {
	head := listingHead{Style: l.pages.style, Links: []listingLink{{"JSON", "?format=json"}}}
	if len(l.path) == 0 {
		head.Title = showName(l.info.Name)
		head.Facts = l.facts()
		head.Links = append(head.Links, listingLink{"Torrent file", "?format=torrent"}, listingLink{"Magnet link", l.magnet()})
		return head
	}
	head.Title = showName(l.path[len(l.path)-1])
	head.Facts = []listingFact{{Name: "Size", Value: showSize(l.node.Size)}, {Name: "Files", Value: strconv.Itoa(l.node.Files)}}
	href := l.hash.Path() + "/"
	head.Crumbs = append(head.Crumbs, listingLink{"Torrent", template.URL(href)})
	for _, name := range l.path[:len(l.path)-1] {
		href += escapeSegment(name) + "/"
		head.Crumbs = append(head.Crumbs, listingLink{showName(name), template.URL(href)})
	}
	return head
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
