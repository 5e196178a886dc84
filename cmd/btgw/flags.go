package main

import (
	"fmt"
	"strconv"
)

// Flags hold text: what it means is decided in one place (settings.go), which reports everything that is wrong at once and
// names where it was written, on the command line, in the environment or in the file.

// configFlag names the settings file. It is shared by the commands that run the engine.
type configFlag struct {
	Config string `placeholder:"FILE" env:"BTGW_CONFIG" help:"A YAML file with any of these settings, by their names here (cache-size: 10GiB). The command line wins over the environment, the environment over the file."`
}

// logFlags say what is logged, to standard error.
type logFlags struct {
	LogLevel  string `default:"info" placeholder:"LEVEL" env:"BTGW_LOG_LEVEL" help:"What to log: debug, info, warn or error (${default})."`
	LogFormat string `default:"text" placeholder:"FORMAT" env:"BTGW_LOG_FORMAT" help:"How to log: text or json (${default})."`
}

// httpFlags say how content is served.
type httpFlags struct {
	TLSCert        string   `name:"tls-cert" placeholder:"FILE" env:"BTGW_TLS_CERT" help:"A certificate in PEM: content is served over TLS, with HTTP/2. Read anew when it changes."`
	TLSKey         string   `name:"tls-key" placeholder:"FILE" env:"BTGW_TLS_KEY" help:"Its key in PEM."`
	ACMEDomain     []string `name:"acme-domain" placeholder:"NAME" sep:"," env:"BTGW_ACME_DOMAIN" help:"Serve over TLS with a certificate for NAME that is got from a certificate authority, whose terms you agree to, and renewed; it reaches --listen at NAME's port 443. Repeat or separate by commas."`
	ACMEEmail      string   `name:"acme-email" placeholder:"ADDRESS" env:"BTGW_ACME_EMAIL" help:"Where the authority may write to."`
	ACMECA         string   `name:"acme-ca" default:"${letsEncrypt}" placeholder:"URL" env:"BTGW_ACME_CA" help:"The authority's directory (${default})."`
	SubdomainHost  string   `placeholder:"NAME" env:"BTGW_SUBDOMAIN_HOST" help:"A host under which every torrent has a host of its own (<base32 infohash>.NAME), so that its scripts reach nothing else; paths on NAME redirect there."`
	OIDCIssuer     string   `name:"oidc-issuer" placeholder:"URL" env:"BTGW_OIDC_ISSUER" help:"An OpenID Connect provider whose tokens (JWT, as Bearer) are taken besides the keys of --users (mode keys)."`
	OIDCAudience   string   `name:"oidc-audience" placeholder:"NAME" env:"BTGW_OIDC_AUDIENCE" help:"The audience that its tokens have to be for; needed with --oidc-issuer."`
	OIDCClaim      string   `name:"oidc-claim" default:"btgw" placeholder:"NAME" env:"BTGW_OIDC_CLAIM" help:"The claim that has a user's limits (${default}), as in a line of --users: streams=4 rate=8MiB."`
	OIDCLimits     string   `name:"oidc-limits" placeholder:"LIMITS" env:"BTGW_OIDC_LIMITS" help:"The limits of tokens without that claim; none: they have no limits."`
	Users          string   `placeholder:"FILE" env:"BTGW_USERS" help:"Users and their limits (mode keys), a name and sha256:<digest of a key> a line, as btgw key prints it. Read anew when it changes."`
	LinkKeys       string   `placeholder:"FILE" env:"BTGW_LINK_KEYS" help:"Keys of signed links (mode signed), a name, hmac-sha256 or secure-link, and a secret a line. Read anew when it changes."`
	Allowlist      string   `placeholder:"FILE" env:"BTGW_ALLOWLIST" help:"Paths that are served, and no others (mode allowlist): 403. Read anew when it changes. A URL is fetched now and then."`
	Denylist       string   `placeholder:"FILE" env:"BTGW_DENYLIST" help:"Paths that are not served: 410, or 451 with reason=legal. Read anew when it changes. A URL is fetched now and then."`
	ListInterval   string   `default:"10m" placeholder:"TIME" env:"BTGW_LIST_INTERVAL" help:"How often lists that have URLs are fetched (${default}); a reload fetches them at once."`
	TrustedProxy   []string `placeholder:"ADDR" sep:"," env:"BTGW_TRUSTED_PROXY" help:"An address or network (10.0.0.0/8) of reverse proxies whose X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host and X-Forwarded-Prefix count; repeat or separate by commas."`
	PathPrefix     string   `placeholder:"PATH" env:"BTGW_PATH_PREFIX" help:"The path below which a reverse proxy has the gateway, as /bt: redirects, playlists and other absolute URLs begin with it."`
	MaxStreams     string   `default:"4096" placeholder:"N" env:"BTGW_MAX_STREAMS" help:"How many requests for content there may be at once (${default})."`
	ClientStreams  string   `default:"64" placeholder:"N" env:"BTGW_CLIENT_STREAMS" help:"How many of them one client may have (${default}); 0 for as many as there may be. Clients on this machine have no bound of their own, unless a trusted proxy is between: neither this one nor the next two."`
	MaxPause       string   `default:"24h" placeholder:"TIME" env:"BTGW_MAX_PAUSE" help:"How long a reader that takes nothing, as a paused film, is kept where that costs nobody memory or places (${default}); five minutes it is kept in any case."`
	ClientRequests string   `default:"50" placeholder:"N" env:"BTGW_CLIENT_REQUESTS" help:"How many requests a second one client may make on average (${default}); 0 for any number."`
	ClientSurplus  string   `default:"16MiB" placeholder:"SIZE" env:"BTGW_CLIENT_SURPLUS" help:"How much a second may be fetched for one client on average beyond what it asks for, since pieces are whole (${default}); 0 for any amount."`
	ClientRate     string   `default:"0" placeholder:"SIZE" env:"BTGW_CLIENT_RATE" help:"How much content a second one client gets at most, in all its transfers together (${default}: without a limit)."`
	Uploads        string   `default:"auto" placeholder:"on|off|auto" env:"BTGW_UPLOADS" help:"Take .torrent files, and their URLs, from the pages of the content listener (${default}: only without --mode, where nobody but this machine gets at it)."`
	HideCacheState toggle   `env:"BTGW_HIDE_CACHE_STATE" help:"Leave Cache-Status and Server-Timing out of answers: they tell what others watched."`
}

// networkFlags say with whom btgw talks.
type networkFlags struct {
	PeerListen         string   `default:":22069" placeholder:"ADDR" env:"BTGW_PEER_LISTEN" help:"Where peers connect to, TCP (${default}); \"none\" takes no connections."`
	Encryption         string   `default:"prefer" placeholder:"POLICY" env:"BTGW_ENCRYPTION" help:"Encrypted connections (MSE): prefer dials in plain, encrypted where a peer wants that, and takes both; require; off (${default})."`
	Blocklist          string   `placeholder:"FILE" env:"BTGW_BLOCKLIST" help:"Addresses of peers to keep away, a range (as p2p lists have it), network or address a line. It is read again when it changes."`
	AllowPrivate       toggle   `env:"BTGW_ALLOW_PRIVATE" help:"Also talk to peers and trackers with private and loopback addresses (for a LAN or tests)."`
	MaxConnections     string   `default:"500" placeholder:"N" env:"BTGW_MAX_CONNECTIONS" help:"How many connections to peers there may be (${default})."`
	TorrentConnections string   `default:"50" placeholder:"N" env:"BTGW_TORRENT_CONNECTIONS" help:"How many of them one torrent may have (${default})."`
	MaxDownloadRate    string   `default:"0" placeholder:"SIZE" env:"BTGW_MAX_DOWNLOAD_RATE" help:"How much is read a second from peers, web seeds and trackers together, at most (${default}: without a limit)."`
	Bind               string   `placeholder:"NAME" env:"BTGW_BIND" help:"The interface, or the address of one, by which alone peers, trackers, web seeds, the DHT and name servers are reached (tun0, 10.8.0.2). While it is down nothing is reached. The router is asked for no port, and the local network for no peers."`
	Proxy              string   `placeholder:"URL" env:"BTGW_PROXY" help:"A SOCKS 5 proxy (socks5://user:password@host:1080) for all traffic with peers, trackers, web seeds, the DHT and name servers. No peer connects to this machine then. There is no DHT, and no UDP tracker, where the proxy passes no datagrams on. Better set by the environment or the file: other users can see a command line."`
	DNS                []string `name:"dns" placeholder:"ADDR" sep:"," env:"BTGW_DNS" help:"A name server (10.8.0.1, 9.9.9.9:53) in place of the system's, asked by way of --bind and --proxy; repeat or separate by commas. With --proxy and without this: 1.1.1.1 and 9.9.9.9."`
	NoDHT              toggle   `name:"no-dht" env:"BTGW_NO_DHT" help:"Keep off the DHT, which is UDP on the port of --peer-listen."`
	DHTBootstrap       []string `name:"dht-bootstrap" placeholder:"HOST:PORT" sep:"," env:"BTGW_DHT_BOOTSTRAP" help:"A node to begin with, in place of the public ones; repeat or separate by commas."`
	NoLSD              toggle   `name:"no-lsd" env:"BTGW_NO_LSD" help:"Do not look for peers on the local network, which --allow-private opens, nor tell it what there is."`
	NoPortmap          toggle   `name:"no-portmap" env:"BTGW_NO_PORTMAP" help:"Do not ask the router to forward the peer port (NAT-PMP, UPnP)."`
	uploadFlags
}

// toggle is a flag that is given or not, or set in words by the environment and the file. It keeps the text, to be judged
// together with everything else. The bare flag is "true".
type toggle string

// IsBoolFlag says that the flag needs no value.
func (t *toggle) IsBoolFlag() bool { return true }

// parse gives the truth of the text; none is false.
func (t toggle) parse() (bool, error) {
	switch t {
	case "", "no", "off":
		return false, nil
	case "yes", "on":
		return true, nil
	}
	value, err := strconv.ParseBool(string(t))
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", string(t))
	}
	return value, nil
}
