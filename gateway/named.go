package gateway

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/publish/names"
)

// Names know which torrent a name stands for now (BEP 46); *names.Book is one.
type Names interface {
	// Resolve finds out, until ctx ends: names.ErrUnknown, names.ErrBusy, names.ErrClosed.
	Resolve(ctx context.Context, n names.Name, ask names.Ask) (names.Target, error)
	// Known is what is known already. It asks nobody.
	Known(n names.Name) (names.Target, bool)
}

// namedPath is what paths of names begin with: /btpk/<public key>/<salt>/<path>.
const namedPath = "/btpk/"

// cacheNamed is how long an answer under a name may be kept: it may stand for another torrent then.
const cacheNamed = "max-age=60"

// named answers under /btpk/: what the name stands for now, as under its infohash, but for how long it
// may be kept. Whether the name may be read is decided before anybody is asked about it, and whether
// its torrent may before that is looked for.
func (s *Server) named(c *gin.Context) {
	v, p := s.understand(c)
	if p != nil {
		s.problem(c, p)
		return
	}
	res := responseOf(c)
	grant, p := s.permit(c.Request, res, &v.target, v.query)
	if p != nil {
		s.problem(c, p)
		return
	}
	res.grant = grant
	if p := grant.enter(); p != nil {
		s.problem(c, p)
		return
	}
	defer grant.leave()
	if !v.target.canonical {
		s.redirect(c, http.StatusMovedPermanently, "", v.base+v.target.rest, cacheListing)
		return
	}
	if refused := s.streams.Enter(c.Request.Context(), res.client, &v.place); refused != "" {
		s.problem(c, tooManyStreams(refused, s.streams.Max(refused)))
		return
	}
	defer v.place.Leave()
	v.deadline = newDeadline(c.Request.Context(), s.firstByteTimeout)
	defer v.deadline.end()
	if p := s.standsFor(v); p != nil {
		s.problem(c, p)
		return
	}
	own := v.target.hash.Path() + v.target.rest
	switch {
	case v.query.view != "":
		s.redirect(c, http.StatusFound, "", own, cacheNone)
		return
	case s.movesToSubdomain(v):
		s.redirect(c, http.StatusFound, s.ownOrigin(c.Request, v.target.hash), v.target.rest, cacheNone)
		return
	}
	res.canonical = res.prefix + string(appendEscaped(nil, own, printable))
	if err := s.metadata(v); err != nil {
		s.fail(c, v.target.hash, err)
		return
	}
	s.resolve(v)
}

// standsFor finds the torrent of a name, which may be refused in its turn.
func (s *Server) standsFor(v *visit) *problem {
	res, t := responseOf(v.c), &v.target
	target, known := s.names.Known(*t.name)
	if v.cachedOnly && !known {
		return notCached()
	}
	if !v.cachedOnly {
		ask := names.Ask{Anew: strings.Contains(strings.Join(v.c.Request.Header["Cache-Control"], ","), "no-cache")}
		if !res.client.Local {
			ask.Client = res.client.Prefix
		}
		var err error
		if target, err = s.names.Resolve(v.deadline, *t.name, ask); err != nil {
			if v.c.Request.Context().Err() != nil {
				res.reason = reasonClient
				panic(http.ErrAbortHandler)
			}
			return nameProblem(err)
		}
	}
	t.hash, t.text = target.Hash, target.Hash.String()
	v.set("X-Btgw-Infohash", t.text)
	if v.query.notes != "" {
		v.set(droppedHeader, v.query.notes)
	}
	if res.grant != nil && res.grant.user != nil && res.grant.user.NoAdd {
		if _, known := s.backend.Known(t.hash); !known {
			return mayNotAdd()
		}
	}
	if status := s.denylist.status(t.hash.Path(), t.path); status != 0 {
		return deny(status)
	}
	return nil
}

// nameProblem says why it is not known what a name stands for.
func nameProblem(err error) *problem {
	switch {
	case errors.Is(err, names.ErrBusy):
		return &problem{status: http.StatusServiceUnavailable, slug: "busy", title: "Too busy", retryAfter: retryBusy, refused: refusedBusy,
			detail: "As many names are being looked up as this server allows."}
	case errors.Is(err, names.ErrClosed):
		return draining()
	}
	return &problem{status: http.StatusGatewayTimeout, slug: "name-unknown", title: "Nobody knows the name", retryAfter: retryUnavailable,
		detail: "No node of the DHT that answered has an item under this key and salt that the key signed and that names a torrent."}
}

// limitNamed has caches keep an answer under a name for a minute, and names the URL that is forever.
func limitNamed(h http.Header, status int, canonical string) {
	if cache := h["Cache-Control"]; len(cache) > 0 && !strings.Contains(cache[0], cacheNone) {
		scope := "public"
		if strings.Contains(cache[0], "private") {
			scope = "private"
		}
		h["Cache-Control"] = []string{scope + ", " + cacheNamed}
	}
	if status < http.StatusMultipleChoices || status == http.StatusNotModified {
		h["Link"] = append(h["Link"], "<"+canonical+`>; rel="canonical"`)
	}
}

// parseNamed reads the path of a name: its key, its salt, and what is below.
func parseNamed(raw string) (target, *problem) {
	key, raw, hasSalt := strings.Cut(strings.TrimPrefix(raw, namedPath), "/")
	segment, rest, deeper := strings.Cut(raw, "/")
	keyText, p := unescape(key)
	if p != nil {
		return target{}, p
	}
	salt, p := unescape(segment)
	if p != nil {
		return target{}, p
	}
	n, err := names.Parse(keyText, salt)
	if err != nil {
		return target{}, badRequest("After /btpk/ a public key is expected, 64 hexadecimal digits, and a salt of at most %d bytes, %s for none.", maxSalt, names.NoSalt)
	}
	t := target{name: &n, rest: raw[len(segment):], canonical: hasSalt && namedPath+key+"/"+segment == n.Path()}
	if segment == "" {
		t.rest = "/"
	}
	t.path, t.slash, p = splitPath(rest, deeper)
	return t, p
}

// where is what a target is under, as lists and links have it: the path of the name, else that of the
// torrent.
func (t *target) where() string {
	if t.name != nil {
		return t.name.Path()
	}
	return t.hash.Path()
}

// isContent reports whether a path is one of a torrent, by infohash or by name.
func isContent(raw string) bool {
	return strings.HasPrefix(raw, "/btih/") || strings.HasPrefix(raw, "/btmh/") || strings.HasPrefix(raw, namedPath)
}

var _ Names = (*names.Book)(nil)
