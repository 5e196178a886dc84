package gateway

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/metainfo"
)

// magnet answers /magnet?uri=magnet:… and /magnet?xt=…, where the query is the
// link: it sends to the canonical URL, which carries the hints along.
func (s *Server) magnet(c *gin.Context) {
	link, p := magnetOf(c.Request.URL.RawQuery)
	if p != nil {
		s.problem(c, p)
		return
	}
	location, p := magnetLocation(link, s.check)
	if p != nil {
		s.problem(c, p)
		return
	}
	s.redirectTo(c, http.StatusFound, responseOf(c).prefix+location, cacheNone)
}

// magnetOf finds the magnet link in a query. A bare infohash does for one.
func magnetOf(rawQuery string) (string, *problem) {
	params, err := url.ParseQuery(rawQuery)
	if err != nil {
		return "", badRequest("The query is not well-formed; a magnet link in it has to be percent-encoded.")
	}
	uri := strings.TrimSpace(params.Get("uri"))
	switch {
	case len(uri) > maxMagnetBytes:
		return "", badRequest("A magnet link of at most %d bytes is taken.", maxMagnetBytes)
	case uri == "" && params.Has("xt"):
		return "magnet:?" + rawQuery, nil
	case uri == "":
		return "", badRequest("A magnet link is expected: /magnet?uri=magnet:?xt=urn:btih:… with the link percent-encoded, or /magnet?xt=urn:btih:…")
	}
	if hash, err := anyHash(uri); err == nil {
		m := metainfo.Magnet{Hashes: []metainfo.InfoHash{hash}}
		return m.String(), nil
	}
	// A link that was pasted without being percent-encoded lost what follows
	// its first ampersand to the query around it.
	params.Del("uri")
	if more := params.Encode(); more != "" && strings.HasPrefix(uri, "magnet:?") {
		uri += "&" + more
	}
	return uri, nil
}

// anyHash reads an infohash of either version in any of its forms.
func anyHash(s string) (metainfo.InfoHash, error) {
	if hash, err := metainfo.ParseInfoHash(s); err == nil {
		return hash, nil
	}
	return metainfo.ParseMultihash(s)
}

// magnetLocation is the URL on this server of a magnet link. Its hints are held
// to the same rules as those of any URL, but for their number: of too many, as
// public links have them, the first are taken.
func magnetLocation(link string, check checkAddr) (string, *problem) {
	m, err := metainfo.ParseMagnet(link)
	var invalid *metainfo.InvalidError
	switch {
	case errors.As(err, &invalid):
		return "", badRequest("This is not a magnet link of a torrent (%s: %s). One has xt=urn:btih: and an infohash, or xt=urn:btmh:.", invalid.Field, string(invalid.Reason))
	case err != nil:
		return "", badRequest("This is not a magnet link of a torrent.")
	}
	m.Trackers = m.Trackers[:min(len(m.Trackers), maxHintTrackers)]
	m.Peers = m.Peers[:min(len(m.Peers), maxHintPeers)]
	m.WebSeeds = m.WebSeeds[:min(len(m.WebSeeds), maxHintWebSeeds)]
	m.Name = cutName(m.Name, maxHintName)
	query := m.Query()
	if _, p := parseQuery(query, check); p != nil {
		return "", p
	}
	location := m.Hashes[0].Path() + "/"
	if query != "" {
		location += "?" + query
	}
	return location, nil
}
