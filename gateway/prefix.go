package gateway

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/btgw/btgw/gateway/limit"
)

// A server below a prefix of another one is reached by paths that it does not see: a proxy takes
// "/bt" off "/bt/btih/…". Links of pages are relative and need no prefix; Location, playlists, JSON
// and commands to copy have it in front of each path.

// prefix is the path in front of every path of this server, as the client knows it: "" or
// "/bt". A trusted proxy says it in X-Forwarded-Prefix; otherwise it is the configured one.
func prefixBy(p limit.Proxies, r *http.Request, configured string) string {
	lines := r.Header["X-Forwarded-Prefix"]
	if len(lines) == 0 || !p.Trusts(limit.AddrOf(r.RemoteAddr)) {
		return configured
	}
	return prefixOf(strings.Join(lines, ","), configured)
}

// prefixOf is what a trusted proxy says in X-Forwarded-Prefix, or the configured prefix where that cannot be one.
func prefixOf(said, configured string) string {
	prefix := ""
	for item := range strings.SplitSeq(said, ",") { // of several proxies, the outermost first
		part, ok := cleanPrefix(strings.TrimSpace(item))
		if !ok || len(prefix)+len(part) > maxPrefix {
			return configured
		}
		prefix += part
	}
	return prefix
}

// cleanPrefix takes the slash off the end of a prefix. It reports false for what is no path,
// or has characters that mean something in a header, on a page or in a shell.
func cleanPrefix(s string) (string, bool) {
	s = strings.TrimRight(s, "/")
	if s == "" {
		return "", true
	}
	if s[0] != '/' || len(s) > maxPrefix {
		return "", false
	}
	for segment := range strings.SplitSeq(s[1:], "/") {
		if segment == "" || isDots(segment) {
			return "", false
		}
	}
	for i := range len(s) {
		if c := s[i]; c != '/' && c != '%' && !unreserved(c) {
			return "", false
		}
	}
	return s, true
}

// ValidPathPrefix reports whether a text can be Config.PathPrefix.
func ValidPathPrefix(s string) bool {
	_, ok := cleanPrefix(s)
	return ok
}

// isDots reports whether a segment, escaped or not, is "." or "..".
func isDots(segment string) bool {
	name, err := unescape(segment)
	return err != nil || name == "." || name == ".."
}

// withoutPrefix is a request with the prefix taken off its path, as a proxy may leave it. A request
// without it stays as it is.
func withoutPrefix(r *http.Request, prefix string) *http.Request {
	raw, ok := strings.CutPrefix(rawPath(r.URL), prefix)
	if !ok || raw != "" && raw[0] != '/' {
		return r
	}
	if raw == "" {
		raw = "/"
	}
	path, err := url.PathUnescape(raw)
	if err != nil {
		return r
	}
	stripped := *r // as http.StripPrefix does
	stripped.URL = new(url.URL)
	*stripped.URL = *r.URL
	stripped.URL.RawPath, stripped.URL.Path = raw, path
	return &stripped
}
