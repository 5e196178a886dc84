package main

import (
	"fmt"
	"net"
	"strings"
)

// openings says, a line each, where to click, which ports are open and to whom, and what the network hears from this btgw.
func (srv *server) openings(s settings) string {
	var b strings.Builder
	line := func(what, text string) { fmt.Fprintf(&b, "  %-10s%s\n", what, text) }
	line("open", srv.url()+"/ in a browser, and paste a magnet link")
	line("content", srv.contentAt.Addr().String()+", "+audience(srv.contentAt))
	if srv.adminAt != nil {
		line("admin", srv.adminAt.Addr().String()+", "+audience(srv.adminAt))
	}
	line("peers", s.engine.peerPort(srv.engine.host.Port()))
	s.engine.dht = srv.engine.host.DHT() != nil // a proxy may take no datagrams
	line("announces", s.engine.announces())
	switch {
	case s.engine.proxy != nil && s.engine.bind != nil:
		line("leaves by", fmt.Sprintf("%s, to the proxy %s", s.engine.bind, s.engine.proxy))
	case s.engine.proxy != nil:
		line("leaves by", fmt.Sprintf("the proxy %s", s.engine.proxy))
	case s.engine.bind != nil:
		line("leaves by", s.engine.bind.String())
	}
	return b.String()
}

// audience says which machines reach a listener.
func audience(at net.Listener) string {
	if loopback(at.Addr().String()) {
		return "for this machine alone"
	}
	return "for every machine that can reach it"
}

// peerPort describes the port that peers connect to.
func (s engineSettings) peerPort(port int) string {
	switch {
	case port == 0:
		return "no port: btgw dials peers, and takes no connections"
	case loopback(s.peerListen):
		return fmt.Sprintf("TCP and UDP port %d, for this machine alone", port)
	case s.mapPort:
		return fmt.Sprintf("TCP and UDP port %d, which the router is asked to forward", port)
	}
	return fmt.Sprintf("TCP and UDP port %d", port)
}

// announces says who hears which torrents are here.
func (s engineSettings) announces() string {
	to := []string{"its trackers"}
	if s.dht {
		to = append(to, "the DHT")
	}
	if s.lsd && s.allowPrivate {
		to = append(to, "the local network")
	}
	if len(to) == 1 {
		return "each torrent that is read, to its trackers"
	}
	return "each torrent that is read, to " + strings.Join(to, ", ") + "; a private one to its trackers alone"
}
