package gateway

import (
	"net"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/gateway/limit"
)

// origin is the scheme and host that a client reaches this server by.
func (s *Server) origin(c *gin.Context) string {
	return schemeBy(s.proxies, c.Request) + "://" + exampleHost(s.hostBy(c.Request))
}

// hostBy is the host, and the port if there is one, of the URL which the client used. A trusted
// proxy that asks by another Host says it in X-Forwarded-Host, the outermost of several first. It
// has to be a name of this server: some proxies hand on what a client wrote there.
func (s *Server) hostBy(r *http.Request) string {
	lines := r.Header["X-Forwarded-Host"]
	if len(lines) == 0 || !s.proxies.Trusts(limit.AddrOf(r.RemoteAddr)) {
		return r.Host
	}
	first, _, _ := strings.Cut(lines[0], ",")
	first = strings.TrimSpace(first)
	if _, port, err := net.SplitHostPort(first); err == nil && strings.Trim(port, "0123456789") != "" {
		return r.Host
	}
	if len(first) > maxForwardedHost || normalHost(first) == "" || exampleHost(first) != first || !s.hosts.allows(first, false) {
		return r.Host
	}
	return first
}

// scheme is that of the URL which the client used.
func schemeBy(p limit.Proxies, r *http.Request) string {
	if proto := r.Header.Get("X-Forwarded-Proto"); (proto == "http" || proto == "https") && p.Trusts(limit.AddrOf(r.RemoteAddr)) {
		return proto
	}
	return schemeOf(r)
}
