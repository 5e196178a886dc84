package gateway

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"
)

// proxies are the addresses of reverse proxies that are believed: what they say
// in X-Forwarded-For and X-Forwarded-Proto counts, what anybody else says there
// does not.
type proxies []netip.Prefix

// newProxies reads addresses and networks in CIDR notation.
func newProxies(list []string) (proxies, error) {
	var p proxies
	for _, s := range list {
		prefix, err := netip.ParsePrefix(s)
		if ip, err2 := netip.ParseAddr(s); err2 == nil {
			prefix, err = ip.Unmap().Prefix(ip.Unmap().BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("gateway: trusted proxy %q is neither an address nor a network (10.0.0.0/8)", s)
		}
		p = append(p, prefix.Masked())
	}
	return p, nil
}

func (p proxies) trusts(ip netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(ip) {
			return true
		}
	}
	return false
}

// client is the address that a request comes from. X-Forwarded-For is read from
// its end, where the proxy next to us wrote, as far as proxies are believed: what
// stands before may be anybody's.
func (p proxies) client(r *http.Request) netip.Addr {
	ip := addrOf(r.RemoteAddr)
	if !p.trusts(ip) {
		return ip
	}
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trusts(ip); i-- {
		hop := addrOf(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break
		}
		ip = hop
	}
	return ip
}

// scheme is that of the URL which the client used.
func (p proxies) scheme(r *http.Request) string {
	if proto := r.Header.Get("X-Forwarded-Proto"); (proto == "http" || proto == "https") && p.trusts(addrOf(r.RemoteAddr)) {
		return proto
	}
	return schemeOf(r)
}

// addrOf reads an address, with or without a port; the zero Addr where there is
// none, as with a Unix socket.
func addrOf(s string) netip.Addr {
	ap, err := netip.ParseAddrPort(s)
	ip := ap.Addr()
	if err != nil {
		if ip, err = netip.ParseAddr(s); err != nil {
			return netip.Addr{}
		}
	}
	return ip.Unmap().WithZone("")
}

// origin is the scheme and host that a client reaches this server by.
func (s *Server) origin(c *gin.Context) string {
	return s.proxies.scheme(c.Request) + "://" + exampleHost(c.Request.Host)
}
