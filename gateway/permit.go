package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
)

// permit decides before anything else is done whether a request may have what it names: by a user's
// key or a signed link, then by the allowlist and the denylist. A grant is nil where nobody has to
// show anything.
func (s *Server) permit(r *http.Request, res *response, t *target, q *query) (*grant, *problem) {
	grant, p := s.shown(&shows{r.Context(), r.Header, q.link, res.token, res.client.Addr}, t)
	switch {
	case p != nil:
		return nil, p
	case !s.allowlist.has(t.where(), t.path):
		return nil, notAllowed()
	}
	if status := s.denylist.status(t.where(), t.path); status != 0 {
		return nil, deny(status)
	}
	return grant, nil
}

// shows is what a request has that may let it in.
type shows struct {
	ctx         context.Context // the request's
	header      http.Header     // Authorization and Cookie
	link, token access.Params   // of the query, and of the path
	client      netip.Addr
}

// shown is the grant of a request that may come in. It counts the request against its user.
func (s *Server) shown(by *shows, t *target) (*grant, *problem) {
	g, p := s.grantOf(by, t)
	if p != nil || g == nil || g.user == nil {
		return g, p
	}
	if !g.ask() {
		p := tooManyRequests(g.user.Requests)
		p.detail, p.refused = "More requests came with this key than it may make a second.", refusedUser
		return nil, p
	}
	if g.user.NoAdd && t.name == nil { // standsFor looks at a name's
		if _, known := s.backend.Known(t.hash); !known {
			return nil, mayNotAdd()
		}
	}
	return g, nil
}

// grantOf finds what lets a request in: a user's key, or a link. Nothing is counted.
func (s *Server) grantOf(by *shows, t *target) (*grant, *problem) {
	if s.users == nil {
		return s.links.check(by, t)
	}
	user, p := s.users.find(by.ctx, by.header.Get("Authorization"))
	if p != nil {
		return nil, p
	}
	if user != nil {
		return &grant{private: true, ctx: by.ctx, user: user, accounts: s.users.accounts}, nil
	}
	if s.links != nil {
		grant, p := s.links.check(by, t)
		if p == nil || p.slug != linkNeeded {
			return grant, p
		}
	}
	return nil, keyNeeded(by.header.Get("Authorization") != "")
}

// users lets in who has a key, or a token.
type users struct {
	keys     *reload.File[*access.Users] // nil: nobody has a key
	issuer   *access.Issuer              // nil: nobody has a token
	accounts *access.Accounts
}

// find gives the user whom the field Authorization names; nil: nobody that is known.
func (u *users) find(ctx context.Context, field string) (*access.User, *problem) {
	if user := u.keyed(field); user != nil || u.issuer == nil {
		return user, nil
	}
	user, err := u.issuer.Find(ctx, field)
	switch {
	case err == nil, errors.Is(err, access.ErrToken):
		return user, nil
	default:
		return nil, &problem{status: http.StatusServiceUnavailable, slug: "busy", title: "Too busy", retryAfter: retryBusy, refused: refusedBusy,
			detail: "The issuer of tokens cannot be reached, so that nobody knows yet whether this token holds."}
	}
}

// keyed is find among those who have a key. It asks nobody.
func (u *users) keyed(field string) *access.User {
	if u.keys == nil {
		return nil
	}
	return u.keys.Load().Find(field)
}

func newUsers(cfg *Config) *users {
	if cfg.Users == nil && cfg.Issuer == nil {
		return nil
	}
	return &users{cfg.Users, cfg.Issuer, cfg.Accounts}
}

// keyNeeded asks for a key; wrong means that the request had one.
func keyNeeded(wrong bool) *problem {
	p := &problem{status: http.StatusUnauthorized, slug: "key-needed", title: "A key is needed", refused: refusedKey,
		detail: "This server gives content to users. A key comes as a Bearer token (Authorization), or as the password of its user.",
		header: http.Header{"Www-Authenticate": {`Bearer realm="btgw"`, `Basic realm="btgw", charset="UTF-8"`}}}
	if wrong {
		p.title, p.detail = "The key is not known", "It is nobody's key here, or no longer."
	}
	return p
}

func mayNotAdd() *problem {
	return &problem{status: http.StatusForbidden, slug: "may-not-add", title: "Not known here", refused: refusedKey,
		detail: "This key reads torrents that the server knows, and this is none of them."}
}

// overQuota is the 429 of a user who has what he may have.
func overQuota(user *access.User, err error, now time.Time) *problem {
	p := tooManyStreams(refusedUser, user.Streams)
	p.detail = "As many transfers are under way as this key may have."
	var quota *access.QuotaError
	if errors.As(err, &quota) {
		wait := int(quota.Until.Sub(now).Seconds()) + 1
		p.slug, p.title, p.retryAfter = "quota", "Quota spent", wait
		p.detail = fmt.Sprintf("This key has had its %d bytes of this %s.", quota.Limit, quota.Period)
		p.header = rateLimit(quota.Period, quota.Limit, 0, wait, "content-bytes")
	}
	return p
}

// A grant is what a request was let in by, and what it permits. Nil permits all.
type grant struct {
	expires time.Time // zero: it does not
	private bool      // no shared cache may keep the answer
	pace    *rate.Limiter
	ctx     context.Context // the request's

	user     *access.User // nil: a link
	accounts *access.Accounts
	spender  *access.Spender // between enter and leave
}

// ask counts a request against the user, and reports whether it may be.
func (g *grant) ask() bool {
	return g == nil || g.user == nil || g.accounts.Ask(g.user, time.Now())
}

// enter takes a place of the user's.
func (g *grant) enter() *problem {
	if g == nil || g.user == nil {
		return nil
	}
	now := time.Now()
	spender, err := g.accounts.Enter(g.user, now)
	if err != nil {
		return overQuota(g.user, err, now)
	}
	g.spender, g.pace = spender, spender.Pace
	return nil
}

// leave gives it back.
func (g *grant) leave() {
	if g != nil && g.spender != nil {
		g.spender.Leave()
	}
}

// next waits until bytes of the grant's may go out, and gives how many of n: at least one.
func (g *grant) next(n int) (int, error) {
	if g == nil {
		return n, nil
	}
	if g.pace != nil {
		n = min(n, g.pace.Burst())
	}
	if g.spender != nil {
		var err error
		if n, err = g.spender.Take(n, time.Now()); err != nil {
			return 0, err
		}
	}
	if g.pace != nil {
		if err := g.pace.WaitN(g.ctx, n); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// limit has caches keep an answer no longer than the link holds: what they have is given out without
// a look at the link.
func (g *grant) limit(h http.Header) {
	if g == nil {
		return
	}
	if lines := h["Cache-Control"]; len(lines) > 0 && !strings.Contains(lines[0], cacheNone) {
		h["Cache-Control"] = []string{g.limited(lines[0])}
	}
}

// limited is a Cache-Control as the grant has it.
func (g *grant) limited(cache string) string {
	age, kept := 0, ""
	for directive := range strings.SplitSeq(cache, ",") {
		directive = strings.TrimSpace(directive)
		if seconds, ok := strings.CutPrefix(directive, "max-age="); ok {
			age, _ = strconv.Atoi(seconds)
		} else if directive == "immutable" || directive == "no-transform" {
			kept += ", " + directive
		}
	}
	scope := "public"
	if g.private {
		scope = "private"
	}
	if !g.expires.IsZero() {
		age = min(age, max(0, int(time.Until(g.expires).Seconds())))
	}
	return scope + ", max-age=" + strconv.Itoa(age) + kept
}
