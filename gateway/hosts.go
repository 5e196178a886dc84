package gateway

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
)

// A hostCheck knows the names that this server answers to. A page that an
// attacker's name resolves to us for (DNS rebinding) comes with that name in
// Host, and is refused.
//
// Always good: localhost, names under it, and loopback addresses. The
// addresses listened on are good as literals; a listener on all addresses takes
// any literal, since no name had to be resolved for it. More names come from
// the configuration.
type hostCheck struct {
	any      bool
	names    map[string]struct{}
	suffixes []string // with the dot in front
	listened atomic.Pointer[listened]
}

// listened is what listeners add. It is replaced, never changed.
type listened struct {
	wildcard bool
	addrs    []netip.Addr
}

// newHostCheck takes names, addresses, "*.example.org" for all names under one,
// and "*" for no check at all.
func newHostCheck(names []string) (*hostCheck, error) {
	h := &hostCheck{names: make(map[string]struct{})}
	h.listened.Store(&listened{})
	for _, name := range names {
		switch host := normalHost(name); {
		case name == "*":
			h.any = true
		case host == "":
			return nil, fmt.Errorf("gateway: %q is not a host name", name)
		case strings.HasPrefix(host, "*."):
			h.suffixes = append(h.suffixes, host[1:])
		default:
			h.names[host] = struct{}{}
		}
	}
	return h, nil
}

// listen adds the address of a listener.
func (h *hostCheck) listen(addr net.Addr) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return
	}
	ip := tcp.AddrPort().Addr().Unmap().WithZone("")
	for {
		old := h.listened.Load()
		more := &listened{
			wildcard: old.wildcard || ip.IsUnspecified(),
			addrs:    append(old.addrs[:len(old.addrs):len(old.addrs)], ip),
		}
		if h.listened.CompareAndSwap(old, more) {
			return
		}
	}
}

// allows reports whether a Host header names this server. An absent one comes
// from HTTP/1.0 alone, and from no browser.
func (h *hostCheck) allows(header string, http10 bool) bool {
	if h.any || header == "" && http10 {
		return true
	}
	host := normalHost(header)
	if _, ok := h.names[host]; ok || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap().WithZone("")
		return ip.IsLoopback() || h.listened.Load().has(ip)
	}
	for _, suffix := range h.suffixes {
		if strings.HasSuffix(host, suffix) && len(host) > len(suffix) {
			return true
		}
	}
	return false
}

func (l *listened) has(ip netip.Addr) bool {
	if l.wildcard {
		return true
	}
	for _, a := range l.addrs {
		if a == ip {
			return true
		}
	}
	return false
}

// normalHost takes the port, the brackets and a last dot off a host and puts it
// in lower case; "" if it is not one.
func normalHost(s string) string {
	host := s
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 || s[end+1:] != "" && s[end+1] != ':' {
			return ""
		}
		host = s[1:end]
	} else if colon := strings.IndexByte(s, ':'); colon >= 0 && strings.Count(s, ":") == 1 {
		host = s[:colon]
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
