package discovery

import "github.com/btgw/btgw/peer/contact"

// newEndpoints makes the ways to a tracker: one for an IP address, one a family
// for a name.
func newEndpoints(cfg *Config, u *announceURL) []*endpoint {
	if _, literal := u.literal(); literal {
		return []*endpoint{newEndpoint(cfg, u, "")}
	}
	return []*endpoint{newEndpoint(cfg, u, "4"), newEndpoint(cfg, u, "6")}
}

func newEndpoint(cfg *Config, u *announceURL, family string) *endpoint {
	e := &endpoint{seeders: -1, leechers: -1}
	place := contact.Place(family + u.key())
	if u.url.Scheme == "udp" {
		e.client = &udpClient{shared: cfg.Announcer, family: family, address: u.hostPort(), urlData: urlData(u), place: place}
		return e
	}
	e.client = &httpClient{shared: cfg.Announcer, family: family, url: u.url, place: place, roots: cfg.roots}
	return e
}

// urlData is what a UDP tracker is told of its URL (BEP 41): path and query.
func urlData(u *announceURL) string {
	data := u.url.EscapedPath()
	if u.url.RawQuery != "" {
		data += "?" + u.url.RawQuery
	}
	return data
}
