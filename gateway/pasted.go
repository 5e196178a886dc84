package gateway

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish/names"
)

// torrentSuffix behind an infohash asks for the .torrent, as sites name those.
const torrentSuffix = ".torrent"

// pasted redirects a text pasted behind the host to its torrent, and reports whether it
// did. The text may be a magnet link, escaped or not, an infohash with or without its urn,
// or the name of a .torrent.
func (s *Server) pasted(c *gin.Context) bool {
	raw, query := strings.TrimPrefix(rawPath(c.Request.URL), "/"), c.Request.URL.RawQuery
	text, p := unescape(raw)
	if p != nil {
		text = raw // a stray percent sign is the link's
	}
	text = strings.TrimSpace(text)
	switch {
	case hasPrefixFold(text, "magnet:"):
		if query != "" {
			raw += "?" + query
		}
		return s.toMagnet(c, raw)
	case strings.Contains(text, "/"):
		return false
	case hasPrefixFold(text, "urn:bt"), hasPrefixFold(text, "btih:"), hasPrefixFold(text, "btmh:"):
		return s.toMagnet(c, "magnet:?xt="+text+"&"+query)
	}
	name, asFile := cutSuffixFold(text, torrentSuffix)
	hash, err := anyHash(name)
	switch {
	case err != nil:
		return false
	case asFile:
		s.redirectTo(c, http.StatusFound, responseOf(c).prefix+torrentLocation(hash, query), cacheNone)
		return true
	}
	location := hash.Path() + "/"
	if query != "" {
		location += "?" + string(appendEscaped(nil, query, printable))
	}
	s.redirectTo(c, http.StatusFound, responseOf(c).prefix+location, cacheNone)
	return true
}

// toMagnet sends to the torrent of a magnet link, or says why that is none.
func (s *Server) toMagnet(c *gin.Context, link string) bool {
	if n, err := names.ParseMagnet(link); err == nil && s.names != nil {
		s.redirectTo(c, http.StatusFound, responseOf(c).prefix+n.Path()+"/", cacheNone)
		return true
	}
	m, p := readMagnet(link, s.check)
	if p != nil {
		s.problem(c, p)
		return true
	}
	if notes := dropNotes(m.Dropped); notes != "" {
		c.Writer.Header()[droppedHeader] = []string{notes}
	}
	s.redirectTo(c, http.StatusFound, responseOf(c).prefix+magnetLocation(m), cacheNone)
	return true
}

// torrentLocation is the path and query of a torrent's .torrent.
func torrentLocation(hash metainfo.InfoHash, query string) string {
	location := hash.Path() + "/?format=torrent"
	if query != "" {
		location += "&" + string(appendEscaped(nil, query, printable))
	}
	return location
}

// namesTorrent reads /btih/<infohash>.torrent and /btmh/<infohash>.torrent.
func namesTorrent(raw string) (hash metainfo.InfoHash, ok bool) {
	form, segment, _ := strings.Cut(strings.TrimPrefix(raw, "/"), "/")
	name, ok := cutSuffixFold(segment, torrentSuffix)
	if !ok {
		return hash, false
	}
	hash, p := parseHash(form, name)
	return hash, p == nil
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func cutSuffixFold(s, suffix string) (before string, found bool) {
	if n := len(s) - len(suffix); n >= 0 && strings.EqualFold(s[n:], suffix) {
		return s[:n], true
	}
	return s, false
}
