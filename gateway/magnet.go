package gateway

import (
	"errors"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/metainfo"
)

// magnet answers /magnet?uri=magnet:… and /magnet?xt=…, where the query is the
// link: it sends to the canonical URL, which carries the hints along. A link to a name (BEP 46) leads to
// that.
func (s *Server) magnet(c *gin.Context) {
	link := linkIn(c.Request.URL.RawQuery, "uri")
	if link == "" {
		s.problem(c, badRequest("A magnet link is expected: /magnet?uri=magnet:?xt=urn:btih:… with the link percent-encoded, or /magnet?xt=urn:btih:…"))
		return
	}
	s.toMagnet(c, link)
}

// linkIn finds the magnet link in a query or a form, where it is the value of a key,
// or the whole. A link that was not percent-encoded lost what follows its first
// ampersand to the query around it.
func linkIn(raw, key string) string {
	rest := raw
	for more := raw != ""; more; {
		var pair string
		pair, rest, more = strings.Cut(rest, "&")
		name, value, _ := strings.Cut(pair, "=")
		if metainfo.UnescapeQuery(name) != key {
			continue
		}
		link := strings.TrimSpace(metainfo.UnescapeQuery(value))
		switch {
		case link == "":
			continue
		case rest != "":
			return link + "&" + rest
		}
		return link
	}
	switch lower := strings.ToLower(raw); {
	case strings.Contains(lower, "xt"):
		return raw
	case strings.Contains(lower, "btpk"):
		return "magnet:?" + raw
	}
	return ""
}

// readMagnet reads a magnet link as it was pasted. Its hints are held to the same
// rules as those of any URL.
func readMagnet(link string, check checkAddr) (*metainfo.Magnet, *problem) {
	if len(link) > maxMagnetBytes {
		return nil, badRequest("A magnet link of at most %d bytes is taken.", maxMagnetBytes)
	}
	m, err := metainfo.ParseMagnet(link)
	var invalid *metainfo.InvalidError
	switch {
	case errors.As(err, &invalid):
		return nil, badRequest("This is not a magnet link of a torrent (%s: %s). One has xt=urn:btih: and an infohash, or xt=urn:btmh:.", invalid.Field, string(invalid.Reason))
	case err != nil:
		return nil, badRequest("This is not a magnet link of a torrent.")
	}
	usable(m, check)
	return m, nil
}

// magnetLocation is the path and query on this server of a magnet link.
func magnetLocation(m *metainfo.Magnet) string {
	location := m.Hashes[0].Path() + "/"
	if query := m.QueryFor(m.Hashes[0]); query != "" {
		location += "?" + query
	}
	return location
}

// anyHash reads an infohash of either version in any of its forms.
func anyHash(s string) (metainfo.InfoHash, error) {
	if hash, err := metainfo.ParseInfoHash(s); err == nil {
		return hash, nil
	}
	return metainfo.ParseMultihash(s)
}
