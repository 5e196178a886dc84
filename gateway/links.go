package gateway

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
)

// links lets in who has a signed link. The link comes in the query; as a first segment of the path,
// /s/<token>/btih/…, which relative links and playlists keep; or as a cookie. It is safe for
// concurrent use.
type links struct {
	keys  *reload.File[*access.Keys]
	paces *lru.Cache[string, *rate.Limiter] // by the sum of a link
}

// newLinks returns nil where there are no keys.
func newLinks(keys *reload.File[*access.Keys]) *links {
	if keys == nil {
		return nil
	}
	paces, _ := lru.New[string, *rate.Limiter](maxPaces) // the size is a constant above zero: no error
	return &links{keys, paces}
}

const (
	// LinkPrefix comes before the token of a signed link in a path.
	LinkPrefix = "/s/"
	// LinkCookie is the name of the cookie that has the token of a signed link.
	LinkCookie = "btgw"
)

// CanonicalPath is the path that a signed link of an escaped path names: /btih/ or /btmh/, the
// infohash in its canonical form, or /btpk/, key and salt; and the names.
func CanonicalPath(raw string) (string, error) {
	raw, _ = cleanPath(raw)
	t, p := parseTarget(raw)
	if p != nil {
		return "", errors.New(p.detail)
	}
	return t.where() + escapePath(t.path), nil
}

// unwrap takes a token off the path. From then on it is a prefix like that of a proxy: every path in
// the answer has it in front.
func (l *links) unwrap(res *response, r *http.Request) *http.Request {
	rest, ok := strings.CutPrefix(rawPath(r.URL), LinkPrefix)
	if !ok {
		return r
	}
	segment, _, _ := strings.Cut(rest, "/")
	token, ok := access.ParseToken(segment)
	if !ok {
		return r
	}
	res.token = token
	prefix := LinkPrefix + segment
	res.linkPrefix = prefix
	res.prefix += prefix
	return withoutPrefix(r, prefix)
}

// check finds a link of the request's that permits the target. Nil links permit all.
func (l *links) check(by *shows, t *target) (*grant, *problem) {
	if l == nil {
		return nil, nil
	}
	to := access.Target{Torrent: t.where(), Names: t.path, Escape: escaped}
	var refused error
	for i, p := range [...]access.Params{by.link, by.token, inCookie(by.header)} {
		if !p.Signed() {
			continue
		}
		g, err := l.keys.Load().Check(&p, &to, by.client, time.Now())
		if err == nil {
			made := &grant{expires: g.Expires, private: g.Bound || i == 2, ctx: by.ctx} // a cookie is in no cache's key
			if g.Rate > 0 {
				made.pace = l.pace(p.Sum, g.Rate)
			}
			return made, nil
		}
		refused = cmp.Or(refused, err)
	}
	return nil, linkRefused(refused)
}

func escaped(out []byte, name string) []byte { return appendEscaped(out, name, unreserved) }

// inCookie is the link of a cookie; none is not signed.
func inCookie(h http.Header) access.Params {
	cookie, err := (&http.Request{Header: h}).Cookie(LinkCookie)
	if err != nil {
		return access.Params{}
	}
	p, _ := access.ParseToken(cookie.Value)
	return p
}

// linkNeeded is the problem of a request without a link.
const linkNeeded = "link-needed"

// linkRefused returns the problem with a link; a nil err means that there is no link.
func linkRefused(err error) *problem {
	p := &problem{status: http.StatusForbidden, slug: linkNeeded, title: "A signed link is needed", refused: refusedLink,
		detail: "This server gives content to holders of a signed link."}
	switch {
	case errors.Is(err, access.ErrExpired):
		p.slug, p.title, p.detail = "link-expired", "The link has expired", "Whoever gave it can give a new one."
	case errors.Is(err, access.ErrNet):
		p.slug, p.title, p.detail = "link-bound", "The link is for another address", "It was made for a network that this request does not come from."
	case err != nil:
		p.slug, p.title, p.detail = "link-refused", "The link does not hold", "Its signature is not one of this path, or its key is no longer in use."
	}
	return p
}

// pace is what all requests by one link share.
func (l *links) pace(sum string, bytes int64) *rate.Limiter {
	if known, ok := l.paces.Get(sum); ok {
		return known
	}
	made := access.Pace(bytes)
	if first, known, _ := l.paces.PeekOrAdd(strings.Clone(sum), made); known {
		return first
	}
	return made
}
