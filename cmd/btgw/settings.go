package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/discovery/dht"
	"github.com/btgw/btgw/peer/netguard"
)

// settings is the meaning of serve's flags: checked, typed, complete.
type settings struct {
	listen, adminListen string // addresses to listen on; adminListen "" for no admin listener
	hosts               []string
	modes               []string // who may use it; none: this machine alone
	http                httpSettings
	adminToken          string
	drainTime           time.Duration
	accessLog           accessLogSettings
	pprof               bool
	publish             publishSettings
	engine              engineSettings
	log                 logSettings
}

// httpSettings configures how content is served.
type httpSettings struct {
	certificate    *gateway.Certificate        // nil: none in files
	acme           *acmeSettings               // nil: none is got; without either, plain HTTP
	linkKeys       *reload.File[*access.Keys]  // nil: links are not signed
	users          *reload.File[*access.Users] // nil: there are none
	issuer         *issuerSettings             // nil: no tokens are taken
	allowlist      *gateway.Allowlist          // nil for none
	denylist       *gateway.Denylist           // nil for none
	lists          listSettings
	subdomains     string
	pathPrefix     string
	maxPause       time.Duration
	trustedProxies []string
	maxStreams     int
	maxConns       int // of clients; 0 for as many as the gateway has by itself
	clientStreams  int // this and the next two: gateway.Unbounded for no bound
	clientRequests int
	clientSurplus  int   // bytes a second
	clientRate     int64 // bytes a second; 0 for no bound
	hideCacheState bool
	uploads        bool // .torrent files are taken from pages
}

// acmeSettings configures which certificates are obtained, and from which authority.
type acmeSettings struct {
	domains   []string
	email, ca string
}

// engineSettings is what the engine behind every command needs.
type engineSettings struct {
	ownContent   bool       // torrents have nothing of each other's content
	cacheDir     string     // absolute; "" keeps nothing on disk
	cacheSize    diskAmount // of the disk tier
	minFree      diskAmount // what it leaves free of the disk
	memory       ByteSize   // for pieces: those in flight and those kept
	peerListen   string     // "" takes no connections
	anyPeerPort  bool       // another port will do where that one is in use: nobody asked for it
	allowPrivate bool
	encryption   peer.Encryption
	blocklist    *blocklist // nil: none
	upload       uploadSettings
	mediaHints   bool // fetch the index of a film before its player asks
	dht          bool
	bootstrap    []string // nodes that the DHT begins with
	maxTorrents  int      // in use at once; 0 for the default
	maxReaders   int      // at once; 0 for the default
	maxConns     int      // with peers
	openFiles    int      // of the cache; 0 for the default
	webConns     int      // with web seeds; 0 for the default
	torrentConns int      // of one torrent
	downloadRate ByteSize // bytes a second read from peers, web seeds and trackers; 0 for no bound
	mapPort      bool     // ask the router to forward the peer port
	lsd          bool     // find peers on the local network
	bind         *netguard.Bind
	proxy        *netguard.Proxy
	nameServers  []string // host:port; none: the system's

	// datagrams answers what comes to the peer port and is not the DHT's; nil for nothing.
	datagrams func(dst, packet []byte, from netip.AddrPort) (answer []byte, mine bool)
}

// logSettings is what is logged and how.
type logSettings struct {
	level  slog.Level
	format string // text or json
}

// settings checks every flag of serve; all that is wrong is in p.
func (c *serveCmd) settings(p *problems) settings {
	s := settings{
		listen:     p.listenAddr("listen", c.Listen),
		adminToken: c.AdminToken,
		drainTime:  p.duration("drain-time", c.DrainTime),
		accessLog:  accessLogSettings{file: c.AccessLog, format: p.oneOf("access-log-format", c.AccessLogFormat, "json", "combined")},
		pprof:      p.bool("pprof", c.Pprof),
		http:       c.httpFlags.settings(p),
		publish:    c.publishFlags.settings(p, c.Publish),
		engine:     c.networkFlags.settings(p),
		log:        c.logFlags.settings(p),
	}
	if c.AdminListen != "none" {
		s.adminListen = p.listenAddr("admin-listen", c.AdminListen)
	}
	s.engine.memory = p.size("memory", c.Memory, minMemory, maxMemory)
	s.engine.mediaHints = !p.bool("no-media-hints", c.NoMediaHints)
	s.engine.cacheDir, s.engine.cacheSize, s.engine.minFree = c.cache(p)
	s.publish.checkName(p, s.engine)
	s.engine.maxTorrents = p.number("max-torrents", c.MaxTorrents, 1, maxTorrents)
	s.engine.maxReaders = s.http.maxStreams
	for _, host := range c.Host {
		if err := validHost(host); err != nil {
			p.add("host", err)
		}
		s.hosts = append(s.hosts, strings.ToLower(host))
	}
	if s.http.acme != nil {
		s.hosts = append(s.hosts, s.http.acme.domains...)
		if s.engine.cacheDir == "" {
			p.add("acme-domain", errors.New("keys and certificates are kept in --cache-dir, and --cache-size 0 keeps nothing"))
		}
	}
	for name, url := range map[string]string{"allowlist": s.http.lists.allowlist, "denylist": s.http.lists.denylist} {
		if url != "" && s.engine.cacheDir == "" {
			p.add(name, errors.New("a list that is fetched is kept in --cache-dir, and --cache-size 0 keeps nothing"))
		}
	}
	modes := c.modes(p, s.http)
	s.modes = modes
	denies := s.http.denylist != nil || s.http.lists.denylist != ""
	s.engine.ownContent = s.http.hideCacheState || denies || len(modes) > 0 && !slices.Contains(modes, "open")
	c.checkExposure(p, s, modes)
	switch p.oneOf("uploads", c.Uploads, "auto", "on", "off") {
	case "on":
		s.http.uploads = true
	case "auto":
		s.http.uploads = len(modes) == 0
	}
	return s
}

// modes reads who may use it, and checks that there is what each mode needs. Without a mode it is
// empty.
func (c *serveCmd) modes(p *problems, s httpSettings) (modes []string) {
	if c.Mode != "" {
		for mode := range strings.SplitSeq(c.Mode, ",") {
			modes = append(modes, p.oneOf("mode", strings.TrimSpace(mode), "open", "keys", "signed", "allowlist"))
		}
	}
	users := "users" // or tokens, or both
	if c.Users == "" && c.OIDCIssuer != "" {
		users = "oidc-issuer"
	}
	for _, need := range []struct {
		mode, flag, value string
	}{{"keys", users, cmp.Or(c.Users, c.OIDCIssuer)}, {"signed", "link-keys", c.LinkKeys}, {"allowlist", "allowlist", c.Allowlist}} {
		switch on := slices.Contains(modes, need.mode); {
		case on && need.value == "":
			p.add("mode", fmt.Errorf("%s needs --%s", need.mode, need.flag))
		case !on && need.value != "":
			p.add(need.flag, fmt.Errorf("it is for --mode %s", need.mode))
		}
	}
	if slices.Contains(modes, "open") && len(modes) > 1 {
		p.add("mode", errors.New("open is for everybody and everything: it goes with no other"))
	}
	return modes
}

// cache gives the folder, the size of the disk tier and what it leaves free of the disk. A size of 0 keeps nothing on disk.
func (c *serveCmd) cache(p *problems) (dir string, size, minFree diskAmount) {
	if size, err := parseDiskAmount(c.CacheSize); err == nil && size == (diskAmount{}) {
		return "", size, size
	}
	size = p.diskAmount("cache-size", c.CacheSize, minCacheSize, maxCacheSize)
	minFree = p.diskAmount("cache-min-free", c.CacheMinFree, 0, maxCacheSize)
	dir, err := filepath.Abs(c.CacheDir)
	if c.CacheDir == "" {
		err = errors.New("no folder is named; --cache-size 0 keeps nothing on disk")
	}
	p.add("cache-dir", err)
	return dir, size, minFree
}

// checkExposure refuses what opens btgw to other machines without its user having said so (an open gateway fetches and
// serves whatever anybody asks for).
func (c *serveCmd) checkExposure(p *problems, s settings, modes []string) {
	if len(p.errs) > 0 {
		return // an address that is no address is exposed to nobody
	}
	if !loopback(s.listen) && len(modes) == 0 {
		p.add("listen", fmt.Errorf("%s can be reached from other machines, and whoever can reach it can make it fetch and "+
			"serve any torrent: say --mode open if that is meant, or listen on 127.0.0.1", s.listen))
	}
	if s.adminListen != "" && !loopback(s.adminListen) && s.adminToken == "" {
		p.add("admin-listen", fmt.Errorf("%s can be reached from other machines: set --admin-token, or listen on 127.0.0.1", s.adminListen))
	}
	if samePort(s.listen, s.adminListen) {
		p.add("admin-listen", fmt.Errorf("%s is where content is served too: the two listeners are apart", s.adminListen))
	}
}

// settings checks the flags of the HTTP server.
func (f *httpFlags) settings(p *problems) httpSettings {
	s := httpSettings{trustedProxies: f.TrustedProxy, pathPrefix: f.PathPrefix, hideCacheState: p.bool("hide-cache-state", f.HideCacheState)}
	for _, proxy := range f.TrustedProxy {
		_, errAddr := netip.ParseAddr(proxy)
		if _, err := netip.ParsePrefix(proxy); err != nil && errAddr != nil {
			p.add("trusted-proxy", fmt.Errorf("%q is neither an address nor a network: write 10.0.0.1 or 10.0.0.0/8", proxy))
		}
	}
	if !gateway.ValidPathPrefix(f.PathPrefix) {
		p.add("path-prefix", fmt.Errorf("%q is not a path of plain segments, as /bt", f.PathPrefix))
	}
	s.maxPause = p.duration("max-pause", f.MaxPause)
	var err error
	if f.TLSCert != "" || f.TLSKey != "" {
		s.certificate, err = gateway.LoadCertificate(f.TLSCert, f.TLSKey)
		p.add("tls-cert", err)
	}
	s.acme = f.acme(p)
	if f.LinkKeys != "" {
		s.linkKeys, err = reload.Open(f.LinkKeys, access.MaxKeyFile, access.ParseKeys)
		p.add("link-keys", err)
	}
	if f.Users != "" {
		s.users, err = reload.Open(f.Users, access.MaxKeyFile, access.UserParser(bytesOf))
		p.add("users", err)
	}
	s.issuer = f.issuer(p)
	s.lists.every = p.duration("list-interval", f.ListInterval)
	if s.lists.every > 0 && s.lists.every < minListInterval {
		p.add("list-interval", fmt.Errorf("%v is below %v", s.lists.every, minListInterval))
	}
	switch {
	case isURL(f.Allowlist):
		s.lists.allowlist = f.Allowlist
	case f.Allowlist != "":
		s.allowlist, err = gateway.OpenAllowlist(f.Allowlist)
		p.add("allowlist", err)
	}
	switch {
	case isURL(f.Denylist):
		s.lists.denylist = f.Denylist
	case f.Denylist != "":
		s.denylist, err = gateway.OpenDenylist(f.Denylist)
		p.add("denylist", err)
	}
	if s.subdomains = strings.ToLower(f.SubdomainHost); s.subdomains != "" {
		p.add("subdomain-host", validHost(s.subdomains))
	}
	s.maxStreams = p.number("max-streams", f.MaxStreams, 1, maxStreams)
	s.clientStreams = unbounded(p.number("client-streams", f.ClientStreams, 0, maxStreams))
	s.clientRequests = unbounded(p.number("client-requests", f.ClientRequests, 0, maxClientRequests))
	s.clientSurplus = unbounded(int(p.size("client-surplus", f.ClientSurplus, 0, maxClientSurplus)))
	if s.clientRate = int64(p.size("client-rate", f.ClientRate, 0, maxClientRate)); s.clientRate > 0 && s.clientRate < int64(minRate) {
		p.add("client-rate", fmt.Errorf("%s a second is below %s", f.ClientRate, ByteSize(minRate)))
	}
	return s
}

// issuerSettings say whose tokens are taken.
type issuerSettings struct{ url, audience, claim, limits string }

// issuer checks the flags of tokens.
func (f *httpFlags) issuer(p *problems) *issuerSettings {
	if f.OIDCIssuer == "" {
		for flag, value := range map[string]string{"oidc-audience": f.OIDCAudience, "oidc-limits": f.OIDCLimits} {
			if value != "" {
				p.add(flag, errors.New("it goes with --oidc-issuer"))
			}
		}
		return nil
	}
	s := &issuerSettings{f.OIDCIssuer, f.OIDCAudience, f.OIDCClaim, f.OIDCLimits}
	if i, err := access.NewIssuer(s.with(nil)); err != nil {
		p.add("oidc-issuer", err)
	} else {
		i.Close()
	}
	return s
}

// with is the configuration for package access. The issuer is the operator's, so it is asked as the authority for
// certificates is, without a guard.
func (s *issuerSettings) with(log *slog.Logger) access.IssuerConfig {
	return access.IssuerConfig{URL: s.url, Audience: s.audience, Claim: s.claim, Limits: s.limits, Size: bytesOf, Log: log}
}

// bytesOf reads a size of a file of users.
func bytesOf(text string) (int64, error) {
	n, err := ParseByteSize(text)
	return int64(n), err
}

// unbounded reads a bound of which 0 is none.
func unbounded(n int) int {
	if n == 0 {
		return gateway.Unbounded
	}
	return n
}

// acme checks for what certificates are to be got.
func (f *httpFlags) acme(p *problems) *acmeSettings {
	if len(f.ACMEDomain) == 0 {
		return nil
	}
	s := acmeSettings{email: f.ACMEEmail, ca: f.ACMECA}
	for _, domain := range f.ACMEDomain {
		domain = strings.ToLower(domain)
		if err := gateway.CheckACMEDomain(domain); err != nil {
			p.add("acme-domain", err)
		}
		s.domains = append(s.domains, domain)
	}
	if f.TLSCert != "" || f.TLSKey != "" {
		p.add("acme-domain", errors.New("certificates are in files (--tls-cert) or are got, not both"))
	}
	if f.SubdomainHost != "" {
		p.add("acme-domain", errors.New("the hosts under --subdomain-host need a certificate for all of them, which is not got in this way: use --tls-cert"))
	}
	if u, err := url.Parse(s.ca); err != nil || u.Scheme != "https" || u.Host == "" {
		p.add("acme-ca", fmt.Errorf("%q is not the https URL of an ACME directory", s.ca))
	}
	return &s
}

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

// settings checks the flags of the log.
func (f *logFlags) settings(p *problems) logSettings {
	return logSettings{level: p.level("log-level", f.LogLevel), format: p.oneOf("log-format", f.LogFormat, "text", "json")}
}

// samePort says whether two addresses name the same fixed port on hosts that overlap.
func samePort(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	if errA != nil || errB != nil || portA != portB || portA == "0" {
		return false
	}
	everything := []string{"", "0.0.0.0", "::"}
	return hostA == hostB || slices.Contains(everything, hostA) || slices.Contains(everything, hostB)
}

// validHost checks a name that requests may carry in Host: a DNS name or an address, without a port; "*.name" is all names
// under one, "*" all names.
func validHost(host string) error {
	if host == "" || len(host) > maxHostLength || strings.ContainsAny(host, "/ \t@?#") {
		return fmt.Errorf("%q is not a host name", host)
	}
	if _, _, err := net.SplitHostPort(host); err == nil {
		return fmt.Errorf("%q: leave the port out", host)
	}
	return nil
}
