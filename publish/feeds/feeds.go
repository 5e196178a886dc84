// Package feeds reads feeds of torrents: Atom (RFC 4287) and RSS 2.0 with the fields of BEP 36, as a
// btgw's /feed, and the feeds of indexers.
package feeds

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
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
	GUID  string `xml:"guid"`
	Media []struct {
		URL string `xml:"url,attr"`
	} `xml:"http://search.yahoo.com/mrss/ content"`
	Within  torrent `xml:"torrent"` // BEP 36 has the fields in an element
	torrent         // and others have them beside the title
}

// torrent has the names of http://xmlns.ezrss.it/0.1/, and those names as BEP 36 spells them.
type torrent struct {
	InfoHash   string `xml:"infoHash"`
	InfoHash36 string `xml:"infohash"`
	Magnet     string `xml:"magnetURI"`
	Magnet36   string `xml:"magneturi"`
	Length     string `xml:"contentLength"`
	Length36   string `xml:"contentlength"`
}

// hash, magnet and length are what it has, under either name.
func (t *torrent) hash() string   { return cmp.Or(t.InfoHash, t.InfoHash36) }
func (t *torrent) magnet() string { return cmp.Or(t.Magnet, t.Magnet36) }
func (t *torrent) length() int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(cmp.Or(t.Length, t.Length36)), 10, 64)
	return n
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
	e.Length = max(it.Within.length(), it.torrent.length(), 0)
	for _, text := range []string{it.Within.hash(), it.torrent.hash(), it.GUID} {
		if h, err := metainfo.ParseInfoHash(strings.TrimSpace(text)); err == nil && e.Hash.IsZero() {
			e.Hash = h
		} else if h, err := metainfo.ParseMultihash(strings.TrimSpace(text)); err == nil && e.Hash.IsZero() {
			e.Hash = h
		}
	}
	var candidates []string
	for _, enc := range it.Enclosures { // it is the first to go by (BEP 36)
		candidates = append(candidates, enc.URL)
	}
	candidates = append(candidates, it.Within.magnet(), it.torrent.magnet())
	for _, l := range it.Links {
		if l.Rel == "enclosure" || strings.Contains(l.Type, "bittorrent") || isMagnet(l.Href) {
			candidates = append(candidates, l.Href)
		}
		if isTorrentLink(l.Text) {
			candidates = append(candidates, l.Text)
		}
	}
	for _, m := range it.Media {
		if isTorrentLink(m.URL) {
			candidates = append(candidates, m.URL)
		}
	}
	if isTorrentLink(it.GUID) {
		candidates = append(candidates, it.GUID)
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

// isTorrentLink reports whether a text looks like a magnet link or the URL of a .torrent.
func isTorrentLink(s string) bool {
	return isMagnet(s) || strings.HasSuffix(strings.TrimSpace(s), ".torrent")
}

func isMagnet(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) > 7 && strings.EqualFold(s[:7], "magnet:")
}
