package gateway

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/gateway/limit"
)

// origin is the scheme and host that a client reaches this server by.
func (s *Server) origin(c *gin.Context) string {
	return schemeBy(s.proxies, c.Request) + "://" + exampleHost(c.Request.Host)
}

// scheme is that of the URL which the client used.
func schemeBy(p limit.Proxies, r *http.Request) string {
	if proto := r.Header.Get("X-Forwarded-Proto"); (proto == "http" || proto == "https") && p.Trusts(limit.AddrOf(r.RemoteAddr)) {
		return proto
	}
	return schemeOf(r)
}
