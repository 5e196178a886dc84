package limit

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// Proxies are the addresses of reverse proxies that are believed: what they say
// in X-Forwarded-For and X-Forwarded-Proto counts, what anybody else says there
// does not.
type Proxies []netip.Prefix

// NewProxies reads addresses and networks in CIDR notation.
func NewProxies(list []string) (Proxies, error) {
	var p Proxies
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

// Trusts reports whether an address is one of them.
func (p Proxies) Trusts(ip netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(ip) {
			return true
		}
	}
	return false
}

// A Client is what a request counts for.
type Client struct {
	Prefix netip.Prefix // always valid, so that nobody is counted against nothing
	Local  bool         // it runs on this machine: bounds on clients are not for it
	Addr   netip.Addr   // the zero Addr over what is not IP
}

// Unknown counts for all that have no address, as over a Unix socket.
var Unknown = netip.PrefixFrom(netip.IPv6Unspecified(), 128)

// Client finds whom a request counts for. See ClientOf.
func (p Proxies) Client(r *http.Request) Client {
	return p.ClientOf(AddrOf(r.RemoteAddr), strings.Join(r.Header["X-Forwarded-For"], ","), forwarded(r))
}

// ClientOf finds whom a request counts for that comes from ip, by the values of its X-Forwarded-For,
// joined by commas. forwarded says that it comes from a proxy. X-Forwarded-For is read from its end,
// where the proxy next to us wrote, as far as proxies are believed: what stands
// before may be anybody's. A hop that is no address counts for the proxy which
// wrote it, like any other client. Behind a proxy on this machine a client is here
// only where the proxy says so. A proxy on this machine that is not believed has the bounds of
// one client: its own clients are not here.
func (p Proxies) ClientOf(ip netip.Addr, forwardedFor string, forwarded bool) Client {
	if !p.Trusts(ip) {
		return Client{PrefixOf(ip), ip.IsLoopback() && !forwarded, ip}
	}
	here := ip.IsLoopback()
	for more := true; more && p.Trusts(ip); {
		var last string
		if at := strings.LastIndexByte(forwardedFor, ','); at >= 0 {
			forwardedFor, last = forwardedFor[:at], forwardedFor[at+1:]
		} else {
			last, more = forwardedFor, false
		}
		hop := hopAddr(last)
		if !hop.IsValid() {
			return Client{Prefix: PrefixOf(ip), Addr: ip}
		}
		ip = hop
	}
	return Client{PrefixOf(ip), here && ip.IsLoopback(), ip}
}

// forwarded reports whether a request says that it comes from a proxy.
func forwarded(r *http.Request) bool {
	return len(r.Header["X-Forwarded-For"]) > 0 || len(r.Header["Forwarded"]) > 0
}

// Unproxied warns of proxies that are not believed: all who come through one count for one client. The
// zero value is ready. It is safe for concurrent use.
type Unproxied struct{ next atomic.Int64 } // when to warn again, in Unix nanoseconds

// Look warns, once an hour at most, where a request is of such a proxy.
func (u *Unproxied) Look(r *http.Request, p Proxies, log *slog.Logger) {
	if len(r.Header["X-Forwarded-For"]) == 0 {
		return
	}
	from := AddrOf(r.RemoteAddr)
	if p.Trusts(from) {
		return
	}
	now, next := time.Now(), u.next.Load()
	if now.UnixNano() < next || !u.next.CompareAndSwap(next, now.Add(unproxiedEvery).UnixNano()) {
		return
	}
	log.Warn("X-Forwarded-For came from an address that is no trusted proxy, and was not heeded: all its requests count for one client. "+
		"If a proxy of yours is there, name it (--trusted-proxy)", "address", from.String())
}

// hopAddr reads a hop of X-Forwarded-For: an address, bare or in brackets, with a
// port or without, in quotes, or after the "for=" of RFC 7239. It is the zero Addr
// where there is none: "unknown", "_hidden", nothing at all.
func hopAddr(hop string) netip.Addr {
	for part := range strings.SplitSeq(hop, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			if !strings.EqualFold(strings.TrimSpace(name), "for") {
				continue
			}
			part = value
		}
		return bareAddr(strings.TrimSpace(strings.Trim(strings.TrimSpace(part), `"`)))
	}
	return netip.Addr{}
}

// bareAddr reads an address without what may stand around it. The port may be
// hidden too, as "_port".
func bareAddr(s string) netip.Addr {
	if inside, ok := strings.CutPrefix(s, "["); ok {
		if inside, _, ok = strings.Cut(inside, "]"); ok {
			s = inside
		}
	} else if strings.Count(s, ":") == 1 {
		s, _, _ = strings.Cut(s, ":")
	}
	ip, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return ip.Unmap().WithZone("")
}

// AddrOf reads an address, with or without a port; the zero Addr where there is
// none, as with a Unix socket.
func AddrOf(s string) netip.Addr {
	ap, err := netip.ParseAddrPort(s)
	ip := ap.Addr()
	if err != nil {
		if ip, err = netip.ParseAddr(s); err != nil {
			return netip.Addr{}
		}
	}
	return ip.Unmap().WithZone("")
}

// PrefixOf is what counts as one client: an IPv4 address, or the network
// that a household has in IPv6. Requests over something that is not IP are one
// client.
func PrefixOf(ip netip.Addr) netip.Prefix {
	bits := clientPrefixV6
	if ip.Is4() {
		bits = clientPrefixV4
	}
	prefix, err := ip.Prefix(bits)
	if err != nil || !prefix.IsValid() {
		return Unknown
	}
	return prefix
}
