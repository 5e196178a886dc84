package gateway

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/metainfo"
)

// A visit is one request for something of a torrent, as far as it is
// understood.
type visit struct {
	c      *gin.Context
	target target
	query  *query
	base   string // the path of the torrent: "" on a host of its own
	info   *metainfo.Info

	lines  [maxLines]string // values of header lines
	used   int              // how many of them
	timing []byte           // what Server-Timing has so far

	deny, allow  *denyRules  // that were in force when it was let in
	place        limit.Place // among the streams
	deadline     *deadline   // ends when the first byte is too late
	known        bool        // the metadata was here before
	held         fetch.Held  // how much of what is asked for is here
	subdomain    bool        // the host is the torrent's own
	cachedOnly   bool        // nothing may be fetched for the answer
	metadataWait time.Duration
}

// content answers under /btih/ and /btmh/.
func (s *Server) content(c *gin.Context) {
	if raw := rawPath(c.Request.URL); c.Request.Method == methodPropfind && (raw == "/btih/" || raw == "/btmh/") {
		s.propfindAbove(c)
		return
	}
	v, p := s.understand(c)
	if p != nil {
		if hash, ok := namesTorrent(rawPath(c.Request.URL)); ok {
			s.redirectTo(c, http.StatusFound, responseOf(c).prefix+torrentLocation(hash, c.Request.URL.RawQuery), cacheNone)
			return
		}
		s.problem(c, p)
		return
	}
	v.set("X-Btgw-Infohash", v.target.text)
	responseOf(c).infohash = v.target.text
	if v.query.notes != "" {
		v.set(droppedHeader, v.query.notes)
	}
	v.deny, v.allow = s.denylist.version(), s.allowlist.version()
	grant, p := s.permit(c.Request, responseOf(c), &v.target, v.query)
	if p != nil {
		s.problem(c, p)
		return
	}
	responseOf(c).grant, responseOf(c).pace = grant, s.bounds.Load().Paces.Of(responseOf(c).client)
	if p := grant.enter(); p != nil {
		s.problem(c, p)
		return
	}
	defer grant.leave()
	if v.query.view == "" && s.movesToSubdomain(v) {
		s.redirect(c, http.StatusMovedPermanently, s.ownOrigin(c.Request, v.target.hash), v.target.rest, cacheListing) // a setting, which may change
		return
	}
	if !v.target.canonical {
		s.redirect(c, http.StatusMovedPermanently, "", v.base+v.target.rest, cacheFile)
		return
	}
	if s.viewFirst(v) {
		return
	}
	if refused := s.streams.Enter(c.Request.Context(), responseOf(c).client, &v.place); refused != "" {
		s.problem(c, tooManyStreams(refused, s.streams.Max(refused)))
		return
	}
	defer v.place.Leave()
	if v.query.view != "" {
		s.view(v)
		return
	}
	v.deadline = newDeadline(c.Request.Context(), s.firstByteTimeout)
	defer v.deadline.end()
	if err := s.metadata(v); err != nil {
		s.fail(c, v.target.hash, err)
		return
	}
	v.checkTwin()
	s.resolve(v)
}

// understand reads the URL and refuses what no torrent could change.
func (s *Server) understand(c *gin.Context) (*visit, *problem) {
	raw, changed := cleanPath(rawPath(c.Request.URL))
	t, p := parseTarget(raw)
	if p != nil {
		return nil, p
	}
	t.canonical = t.canonical && !changed
	q, p := s.queries.of(c.Request.URL.RawQuery)
	if p != nil {
		return nil, p
	}
	responseOf(c).query = q
	switch q.format {
	case "", "html", "json", "text", "m3u8", "tar", "torrent", "vtt":
	default:
		return nil, badRequest("Query parameter format: html, json, text, m3u8, tar, torrent or vtt is expected.")
	}
	h := c.Request.Header
	if h.Get("Service-Worker") == "script" {
		return nil, badRequest("Content of a torrent is not served as a service worker.")
	}
	if len(h["Range"]) > 1 && c.Request.Method == http.MethodGet {
		return nil, badRequest("The request has more than one Range header line.")
	}
	v := &visit{c: c, target: t, query: q, base: t.base(), subdomain: responseOf(c).subdomain, cachedOnly: onlyIfCached(h)}
	if v.subdomain {
		v.base = ""
	}
	return v, nil
}

// set sets a header line, without memory of its own for the value.
func (v *visit) set(name, value string) {
	h := v.c.Writer.Header()
	if v.used == maxLines {
		h[name] = []string{value}
		return
	}
	v.lines[v.used] = value
	h[name] = v.lines[v.used : v.used+1 : v.used+1]
	v.used++
}

// rawPath is the path as it came. URL.EscapedPath is not: it writes a path anew
// that holds bytes which it would have escaped.
func rawPath(u *url.URL) string {
	if u.RawPath != "" {
		return u.RawPath
	}
	return u.EscapedPath()
}

// metadata waits for the torrent's info dictionary.
func (s *Server) metadata(v *visit) error {
	begun := time.Now()
	hints := s.hints(v)
	if v.info, v.known = s.backend.Known(v.target.hash); v.cachedOnly {
		if !v.known {
			return errNotCached
		}
		return nil
	}
	hints.Start, hints.FailFast = v.wantsStart(), true
	var info *metainfo.Info
	err := v.deadline.patiently(firstByteMost, func() (err error) {
		ctx, span := s.spans.begin(v.deadline, "metadata")
		info, err = s.backend.Info(ctx, v.target.hash, hints)
		endSpan(span, err)
		return err
	})
	v.info, v.metadataWait = info, time.Since(begun)
	s.setTiming(v, "metadata", v.metadataWait, "")
	return err
}

// checkTwin notes an infohash among the hints that is not the torrent's.
func (v *visit) checkTwin() {
	for _, hash := range v.query.magnet.Hashes {
		if !slices.Contains(v.info.Hashes(), hash) {
			v.set(droppedHeader, dropNotes(append(slices.Clone(v.query.dropped), metainfo.Dropped{Param: "xt", Reason: "not an infohash of this torrent"})))
			return
		}
	}
}

// wantsStart reports whether the request is, as far as can be told without the
// metadata, for the first bytes of the torrent: of its only file.
func (v *visit) wantsStart() bool {
	r, t := v.c.Request, &v.target
	ranged := r.Header.Get("Range")
	return r.Method == http.MethodGet && len(t.path) <= 1 && !t.slash && v.query.format == "" &&
		(ranged == "" || len(ranged) >= 8 && strings.EqualFold(ranged[:8], "bytes=0-"))
}

// resolve finds what the path names, now that the metadata is known.
func (s *Server) resolve(v *visit) {
	t, c := &v.target, v.c
	if status := s.denylist.denied(v.info, t.path); status != 0 {
		s.problem(c, deny(status))
		return
	}
	if c.Request.Method == methodPropfind {
		s.propfind(v)
		return
	}
	switch {
	case t.rest == "" && (v.query.format != "" || !v.info.SingleFile()):
		s.redirect(c, http.StatusMovedPermanently, "", v.base+"/", cacheListing)
	case t.rest == "":
		// The file itself, so that one curl -OJ by infohash is enough.
		node := v.info.Top()
		s.file(v, node.File, node.Name)
	case len(t.path) == 0 && v.query.format == "torrent":
		s.torrentFile(v)
	case len(t.path) == 0 && v.query.format == "tar":
		s.archive(v, v.info.Tree())
	case len(t.path) == 0 && v.query.format == "vtt":
		s.problem(c, vttOfDirectory())
	case len(t.path) == 0:
		s.listing(v, v.info.Tree())
	default:
		s.lookup(v)
	}
}

// lookup answers for a path below the torrent's root.
func (s *Server) lookup(v *visit) {
	t, c := &v.target, v.c
	node, err := v.info.Lookup(t.path)
	switch {
	case err != nil:
		s.lookupOther(v, err)
	case node.Dir && !t.slash:
		s.redirect(c, http.StatusMovedPermanently, "", v.base+t.rest+"/", cacheListing)
	case !node.Dir && t.slash:
		s.fail(c, t.hash, metainfo.ErrNotFound)
	case v.query.format == "torrent":
		s.problem(c, badRequest("Query parameter format: torrent is a form of the whole torrent, %s/?format=torrent", t.hash.Path()))
	case node.Dir && v.query.format == "tar":
		s.archive(v, node)
	case node.Dir && v.query.format == "vtt":
		s.problem(c, vttOfDirectory())
	case node.Dir:
		s.listing(v, node)
	case v.query.format == "vtt":
		s.subtitle(v, node.File, t.path[len(t.path)-1])
	case v.query.format != "":
		s.problem(c, badRequest("Query parameter format: this is a file; html, json, text, m3u8 and tar are forms of directories."))
	default:
		s.file(v, node.File, t.path[len(t.path)-1])
	}
}

// lookupOther answers for a path that the tree does not have: padding, or what is called so in
// another form of Unicode.
func (s *Server) lookupOther(v *visit, err error) {
	t := &v.target
	var pad *metainfo.File
	var padding, ok bool
	var path []string
	if !s.inTurn(v, func() {
		if pad, padding = paddingAt(v.info, t.path); !padding {
			path, ok = v.info.Equivalent(t.path)
		}
	}) {
		return
	}
	if padding && !t.slash && v.query.format == "" && v.c.Request.Method != methodPropfind {
		s.padding(v, pad)
		return
	}
	if !ok || slices.Equal(path, t.path) { // the latter is a link that leads nowhere
		s.fail(v.c, t.hash, err)
		return
	}
	rest := escapePath(path)
	if t.slash {
		rest += "/"
	}
	s.redirect(v.c, http.StatusMovedPermanently, "", v.base+rest, cacheListing)
}

// hints returns where to look for the swarm, as the request says, and the client that
// it is for.
func (s *Server) hints(v *visit) fetch.Hints {
	h := v.query.hints // which are shared
	if twin := v.query.magnet.Twin(v.target.hash); !twin.IsZero() && s.allowlist.has(twin.Path(), nil) {
		h.Twin = twin
	}
	if client := responseOf(v.c).client; !client.Local {
		h.Client = client.Prefix
	}
	return h
}

// open asks the backend for a range of a file. A body that has begun waits for a peer
// to come back for as long as for a piece.
func (s *Server) open(v *visit, f *metainfo.File, r httprange.Range) (fetch.Content, error) {
	hints := s.hints(v)
	hints.FailFast = responseOf(v.c).status == 0
	return s.backend.Open(v.c.Request.Context(), v.target.hash, hints, f, r.Off, r.N)
}
