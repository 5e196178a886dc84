package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/peer"
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

// engineSettings is what the engine behind every command needs.
type engineSettings struct {
	ownContent   bool             // torrents have nothing of each other's content
	cacheDir     string           // absolute; "" keeps nothing on disk
	cacheSize    diskAmount       // of the disk tier
	minFree      diskAmount       // what it leaves free of the disk
	scrub        ByteSize         // of it that is read again a second; 0 for none
	objectStore  *object.Location // nil: none
	memory       ByteSize         // for pieces: those in flight and those kept
	peerListen   string           // "" takes no connections
	anyPeerPort  bool             // another port will do where that one is in use: nobody asked for it
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
	siblings     *siblingSettings

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
	s.engine.scrub = p.size("scrub", c.Scrub, 0, maxScrubRate)
	if s.engine.siblings = c.fleetFlags.settings(p, &s.engine); s.engine.siblings != nil {
		s.engine.anyPeerPort = false // siblings look for us at this one
	}
	if c.ObjectStore != "" {
		at, err := object.ParseLocation(c.ObjectStore)
		p.add("object-store", err)
		s.engine.objectStore = &at
	}
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
