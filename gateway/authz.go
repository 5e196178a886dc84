package gateway

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Authz reports whether the content server would answer a request. A cache in front can ask it before
// it gives out what it has: nginx's auth_request, Caddy's forward_auth, Envoy's ext_authz.
//
// X-Original-URI, X-Forwarded-Uri, or the path after /authz names the request in question. Its
// cookies come along, and its client as trusted proxies name it. The answer is 200, or the status of
// the refusal if that is 401 or 403. Other refusals, such as 404 and 410, are sent as 403 with the
// status in X-Btgw-Status, since such servers know only two. Authz looks up and fetches nothing.
func (s *Server) Authz() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.authorize(r)
		if p == nil {
			w.WriteHeader(http.StatusOK)
			return
		}
		w.Header().Set("X-Btgw-Status", strconv.Itoa(p.status))
		if p.status != http.StatusUnauthorized {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		for name, values := range p.header {
			w.Header()[name] = values
		}
		w.WriteHeader(p.status)
	})
}

// authorize is what refuses the request in question; nil lets it through.
func (s *Server) authorize(r *http.Request) *problem {
	asked, ok := inQuestion(r)
	if !ok {
		return badRequest("X-Original-URI or X-Forwarded-Uri has to name a path of this server.")
	}
	res := &response{client: s.proxies.Client(r)}
	if res.prefix = prefixBy(s.proxies, r, s.pathPrefix); res.prefix != "" {
		asked = withoutPrefix(asked, res.prefix)
	}
	if s.links != nil {
		asked = s.links.unwrap(res, asked)
	}
	if hash, ok := subdomainHash(asked.Host, s.subdomains); ok && rawPath(asked.URL) != robotsPath {
		asked = underSubdomain(asked, hash)
	}
	raw, _ := cleanPath(rawPath(asked.URL))
	if !isContent(raw) {
		return nil // no content
	}
	t, p := parseTarget(raw)
	if p != nil {
		return p
	}
	q, p := s.queries.of(asked.URL.RawQuery)
	if p != nil {
		return p
	}
	_, p = s.permit(asked, res, &t, q)
	return p
}

// inQuestion is the request that a front asks about.
func inQuestion(r *http.Request) (*http.Request, bool) {
	uri := r.Header.Get("X-Original-URI")
	if uri == "" {
		uri = r.Header.Get("X-Forwarded-Uri")
	}
	if uri == "" {
		uri = strings.TrimPrefix(rawPath(r.URL), "/authz")
		if r.URL.RawQuery != "" {
			uri += "?" + r.URL.RawQuery
		}
	}
	u, err := url.ParseRequestURI(uri)
	if err != nil || !strings.HasPrefix(uri, "/") {
		return nil, false
	}
	asked := r.Clone(r.Context())
	asked.URL, asked.Method = u, http.MethodGet
	if host := r.Header.Get("X-Forwarded-Host"); host != "" {
		asked.Host = host
	}
	return asked, true
}
