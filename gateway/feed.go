package gateway

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/metainfo"
)

// A FeedEntry is a torrent that is published here.
type FeedEntry struct {
	Info   *metainfo.Info
	Since  time.Time
	Magnet string
}

// feedPath is the path of the feed of publications: Atom (RFC 4287) with the fields of BEP 36.
const feedPath = "/feed"

// feed answers with the feed, for clients that may read everything in it: a user, or any client
// where nobody has to show anything. A signed link is for one torrent, and does not open a list.
func (s *Server) feed(c *gin.Context) {
	res := responseOf(c)
	cache := "public, " + cacheNamed
	switch {
	case s.users != nil:
		if s.users.keys.Load().Find(c.Request.Header.Get("Authorization")) == nil {
			s.problem(c, keyNeeded(c.Request.Header.Get("Authorization") != ""))
			return
		}
		cache = "private, " + cacheNamed
	case s.links != nil:
		s.problem(c, linkRefused(nil))
		return
	}
	base := s.origin(c) + res.prefix
	doc := atomFeed{ID: base + feedPath, Title: "Published by btgw", Torrent: "http://xmlns.ezrss.it/0.1/", Updated: atomTime(time.Unix(0, 0)), Author: "btgw",
		Links: []atomLink{{Rel: "self", Type: atomType, Href: base + feedPath}}}
	for _, e := range s.published() {
		if !s.allowlist.has(e.Info.ID().Path(), nil) || s.denylist.denied(e.Info, nil) != 0 {
			continue
		}
		if len(doc.Entries) == 0 {
			doc.Updated = atomTime(e.Since) // the newest comes first
		}
		doc.Entries = append(doc.Entries, entryOf(base, e))
	}
	body := bytes.NewBufferString(xml.Header)
	if err := xml.NewEncoder(body).Encode(doc); err != nil {
		s.log.Error("feed", "error", err)
		s.problem(c, internalError())
		return
	}
	sum := sha256.Sum256(body.Bytes())
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := c.Writer.Header()
	h["Etag"] = []string{etag}
	h["Cache-Control"] = []string{cache}
	if s.preconditions(c, etag) {
		return
	}
	s.bytes(c, http.StatusOK, atomType+"; charset=utf-8", body.Bytes())
}

const atomType = "application/atom+xml"

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Torrent string      `xml:"xmlns:torrent,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Links     []atomLink `xml:"link"`
	FileName  string     `xml:"torrent:torrent>torrent:fileName"`
	Length    int64      `xml:"torrent:torrent>torrent:contentLength"`
	InfoHash  string     `xml:"torrent:torrent>torrent:infoHash"`
	MagnetURI string     `xml:"torrent:torrent>torrent:magnetURI"`
}

// entryOf is the entry of a torrent. Its id is the URN of its infohash, which is what its content is.
func entryOf(base string, e FeedEntry) atomEntry {
	hash := e.Info.ID()
	page := base + hash.Path() + "/"
	return atomEntry{
		ID: hash.URN(), Title: e.Info.Text(e.Info.Name), Updated: atomTime(e.Since),
		Links: []atomLink{
			{Rel: "alternate", Href: page},
			{Rel: "enclosure", Type: "application/x-bittorrent", Href: page + "?format=torrent"},
		},
		FileName: e.Info.Text(e.Info.Name), Length: e.Info.Size(), InfoHash: hash.String(), MagnetURI: e.Magnet,
	}
}

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
