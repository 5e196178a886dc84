// Package feeds reads feeds of torrents: Atom (RFC 4287) and RSS 2.0 with the fields of BEP 36, as a
// btgw's /feed, and the feeds of indexers.
package feeds

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html/charset"

	"github.com/btgw/btgw/metainfo"
)

const (
	// MaxLen is the longest feed that is read, in bytes.
	MaxLen = 16 << 20
	// MaxEntries is how many of its entries count, the first.
	MaxEntries = 10_000
	// maxText bounds each text of an entry, in bytes.
	maxText = metainfo.MaxMagnetLen
)

// ErrNoFeed is a document that is neither Atom nor RSS.
var ErrNoFeed = errors.New("feeds: neither an Atom nor an RSS feed")

// An Entry is a torrent that a feed offers. At least one of the last three is set.
type Entry struct {
	Title  string
	Length int64  // as the feed says; 0: it does not
	Magnet string // a magnet link
	Hash   metainfo.InfoHash
	URL    string // of a .torrent
}

// Key tells entries from each other.
func (e *Entry) Key() string {
	if !e.Hash.IsZero() {
		return e.Hash.String()
	}
	if e.Magnet != "" {
		return e.Magnet
	}
	return e.URL
}

// document is a feed of either kind. Fields without a name space match in any.
type document struct {
	XMLName xml.Name
	Entries []item `xml:"entry"`
	Items   []item `xml:"channel>item"`
}

type item struct {
	Title string `xml:"title"`
	Links []struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
		Text string `xml:",chardata"`
	} `xml:"link"`
	Enclosures []struct {
		URL  string `xml:"url,attr"`
		Type string `xml:"type,attr"`
	} `xml:"enclosure"`
	Within  torrent `xml:"torrent"` // BEP 36 has the fields in an element
	torrent         // and others have them beside the title
}

type torrent struct {
	InfoHash string `xml:"infoHash"`
	Magnet   string `xml:"magnetURI"`
	Length   int64  `xml:"contentLength"`
}

// Parse reads a feed that came from base, which relative URLs begin at. Entries that name no torrent
// are left out, and those that come twice.
func Parse(b []byte, base *url.URL) ([]Entry, error) {
	if len(b) > MaxLen {
		return nil, fmt.Errorf("feeds: %d bytes, more than %d", len(b), MaxLen)
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict, d.Entity = false, xml.HTMLEntity
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) { return charset.NewReaderLabel(label, r) }
	var doc document
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoFeed, err)
	}
	items := doc.Entries
	switch strings.ToLower(doc.XMLName.Local) {
	case "feed":
	case "rss", "rdf":
		items = doc.Items
	default:
		return nil, ErrNoFeed
	}
	var entries []Entry
	seen := make(map[string]bool)
	for i := range items {
		e, ok := items[i].entry(base)
		if !ok || seen[e.Key()] || len(entries) == MaxEntries {
			continue
		}
		seen[e.Key()] = true
		entries = append(entries, e)
	}
	return entries, nil
}

// entry is what an item offers.
func (it *item) entry(base *url.URL) (e Entry, ok bool) {
	e.Title = strings.TrimSpace(it.Title)
	e.Length = max(it.Within.Length, it.torrent.Length, 0)
	for _, text := range []string{it.Within.InfoHash, it.torrent.InfoHash} {
		if h, err := metainfo.ParseInfoHash(strings.TrimSpace(text)); err == nil && e.Hash.IsZero() {
			e.Hash = h
		} else if h, err := metainfo.ParseMultihash(strings.TrimSpace(text)); err == nil && e.Hash.IsZero() {
			e.Hash = h
		}
	}
	candidates := []string{it.Within.Magnet, it.torrent.Magnet}
	for _, enc := range it.Enclosures {
		candidates = append(candidates, enc.URL)
	}
	for _, l := range it.Links {
		if l.Rel == "enclosure" || strings.Contains(l.Type, "bittorrent") || isMagnet(l.Href) {
			candidates = append(candidates, l.Href)
		}
		if isMagnet(l.Text) || strings.HasSuffix(strings.TrimSpace(l.Text), ".torrent") {
			candidates = append(candidates, l.Text)
		}
	}
	for _, c := range candidates {
		e.take(strings.TrimSpace(c), base)
	}
	return e, len(e.Title) <= maxText && (e.Magnet != "" || e.URL != "" || !e.Hash.IsZero())
}

// take has a link be where the entry's torrent is had from, if it is one and there is none.
func (e *Entry) take(link string, base *url.URL) {
	if link == "" || len(link) > maxText {
		return
	}
	if isMagnet(link) {
		m, err := metainfo.ParseMagnet(link)
		if err != nil || e.Magnet != "" {
			return
		}
		e.Magnet = link
		if e.Hash.IsZero() {
			e.Hash = m.Hashes[0]
		}
		return
	}
	u, err := url.Parse(link)
	if err != nil || e.URL != "" {
		return
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		e.URL = u.String()
	}
}

func isMagnet(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) > 7 && strings.EqualFold(s[:7], "magnet:")
}
