package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"

	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/discovery/dht"
	"github.com/btgw/btgw/peer/netguard"
)

// settings checks the flags of the network.
func (f *networkFlags) settings(p *problems) engineSettings {
	s := engineSettings{allowPrivate: p.bool("allow-private", f.AllowPrivate), upload: f.uploadFlags.settings(p)}
	switch p.oneOf("encryption", f.Encryption, "prefer", "require", "off") {
	case "require":
		s.encryption = peer.EncryptionRequire
	case "off":
		s.encryption = peer.EncryptionOff
	}
	if f.Blocklist != "" {
		var err error
		s.blocklist, err = openBlocklist(f.Blocklist)
		p.add("blocklist", err)
	}
	if f.PeerListen != "none" {
		s.peerListen = p.listenAddr("peer-listen", f.PeerListen)
		s.anyPeerPort = p.where["peer-listen"] == ""
	}
	s.maxConns = p.number("max-connections", f.MaxConnections, 1, maxConnections)
	s.torrentConns = p.number("torrent-connections", f.TorrentConnections, 1, maxConnections)
	if s.downloadRate = p.size("max-download-rate", f.MaxDownloadRate, 0, maxDownloadRate); s.downloadRate > 0 && s.downloadRate < minRate {
		p.add("max-download-rate", fmt.Errorf("%s a second is below %s", f.MaxDownloadRate, ByteSize(minRate)))
	}
	f.wayOut(p, &s)
	s.dht, s.bootstrap = f.dht(p, s.peerListen)
	local := s.peerListen != "" && !loopback(s.peerListen) && s.bind == nil // the router and the local network are reached by any interface
	s.lsd = !p.bool("no-lsd", f.NoLSD) && s.allowPrivate && local
	s.mapPort = !p.bool("no-portmap", f.NoPortmap) && local
	return s
}

// wayOut checks by which way everything leaves.
func (f *networkFlags) wayOut(p *problems, s *engineSettings) {
	var err error
	if f.Bind != "" {
		s.bind, err = netguard.ParseBind(f.Bind)
		p.add("bind", err)
	}
	if f.Proxy != "" {
		s.proxy, err = netguard.ParseProxy(f.Proxy)
		p.add("proxy", err)
		if s.peerListen != "" && p.where["peer-listen"] != "" {
			p.add("peer-listen", errors.New("with --proxy no peer connects to this machine: leave it out"))
		}
		s.peerListen, s.anyPeerPort = "", false
	}
	for _, server := range f.DNS {
		addr, err := netip.ParseAddrPort(server)
		if plain, bad := netip.ParseAddr(server); bad == nil {
			addr, err = netip.AddrPortFrom(plain, 53), nil
		}
		if err != nil {
			p.add("dns", fmt.Errorf("%q is not the address of a name server: write 10.8.0.1 or 10.8.0.1:53", server))
			continue
		}
		s.nameServers = append(s.nameServers, addr.String())
	}
}

// guard is the network as it is set.
func (s *engineSettings) guard(log *slog.Logger) *netguard.Guard {
	return netguard.New(netguard.Policy{AllowPrivate: s.allowPrivate, Bind: s.bind, Proxy: s.proxy, NameServers: s.nameServers, Log: log})
}

// dht returns whether to take part in the DHT, and the nodes to begin with. A host that takes peers from this machine
// alone is in no public DHT, unless nodes are named.
func (f *networkFlags) dht(p *problems, peerListen string) (on bool, bootstrap []string) {
	if p.bool("no-dht", f.NoDHT) {
		return false, nil
	}
	if len(f.DHTBootstrap) > dht.MaxBootstrap {
		p.add("dht-bootstrap", fmt.Errorf("%d nodes: at most %d", len(f.DHTBootstrap), dht.MaxBootstrap))
	}
	for _, node := range f.DHTBootstrap {
		if host, port, err := net.SplitHostPort(node); err != nil || host == "" || port == "" {
			p.add("dht-bootstrap", fmt.Errorf("%q is not HOST:PORT", node))
		}
	}
	switch {
	case len(f.DHTBootstrap) > 0:
		return true, f.DHTBootstrap
	case peerListen != "" && loopback(peerListen):
		return false, nil
	}
	return true, dht.DefaultBootstrap
}
