package gateway

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
)

// Config is what a content server needs. Zero values mean the defaults that
// the fields name; only Backend has none.
type Config struct {
	// Backend has the torrents.
	Backend Backend
	// Hosts are the names that a Host header may have besides loopback ones
	// and the addresses listened on. "*.example.org" stands for all names under
	// one, "*" for any name: then DNS rebinding is the operator's concern.
	Hosts []string
	// CheckAddr reports why an address in a hint may not be contacted. Nil
	// allows all, and leaves it to the dialer.
	CheckAddr func(netip.AddrPort) error
	// Layers finds the piece layers of a v2 torrent, for ?format=torrent. Nil:
	// torrents that need them are not offered in this form.
	Layers func(metainfo.InfoHash) (metainfo.PieceLayers, bool)
	// AwaitLayers has those that are missing fetched from the swarm, and waits for
	// them until ctx ends. Nil: they are not.
	AwaitLayers func(ctx context.Context, hash metainfo.InfoHash, hints fetch.Hints) error
	// LinkKeys are the keys of signed links. With keys, content is served only for signed
	// links; nil serves everybody.
	LinkKeys *reload.File[*access.Keys]
	// Users are the holders of keys, Issuer knows those of tokens, and Accounts has what they have spent. Content is
	// served to users, and for signed links where there are LinkKeys. Nil means that there are none of the kind.
	Users    *reload.File[*access.Users]
	Issuer   *access.Issuer
	Accounts *access.Accounts
	// Allowlist is what is served, and nothing else; nil: all is.
	Allowlist *Allowlist
	// Denylist is what is not served; nil: all is.
	Denylist *Denylist
	// Subdomains is the host under which every torrent has one of its own
	// (subdomain.go); paths on it redirect there. "" turns this off.
	Subdomains string
	// PathPrefix is the path below which a proxy has this server, as "/bt". It goes in front of
	// every path in answers. Requests come with it or without. A trusted proxy may name another
	// in X-Forwarded-Prefix. "" means that there is none.
	PathPrefix string
	// TLS turns TLS on: of a Certificate or an ACME; nil: plain HTTP. Its NextProtos offer
	// what is spoken, "h2" and "http/1.1".
	TLS *tls.Config
	// HideCacheState leaves Cache-Status and Server-Timing out of answers: they
	// tell what others watched.
	HideCacheState bool
	// AllowOrigin is the value of Access-Control-Allow-Origin, "*" by default;
	// "none" sends no CORS headers.
	AllowOrigin string
	// TrustedProxies are the addresses (CIDR) that are believed: their X-Forwarded-For
	// names the client, X-Forwarded-Proto its scheme, and X-Forwarded-Prefix the path
	// below which they have this server. By default there are none.
	TrustedProxies []string

	// FirstByteTimeout bounds the wait for metadata and the first piece, which
	// is 504 after it; by default the constant of this name.
	FirstByteTimeout time.Duration
	// StallTimeout bounds each later wait for a piece, after which the
	// connection is cut; by default the constant of this name.
	StallTimeout time.Duration
	// ClientTimeout bounds how long a client may accept nothing; by default
	// the constant of this name.
	ClientTimeout time.Duration
	// MaxPause bounds how long a client may accept nothing while keeping it costs nobody
	// anything (keep.go); up to ClientTimeout it is kept in any case. Zero keeps it no
	// longer.
	MaxPause time.Duration
	// MemoryPressed reports whether readers that accept nothing hold memory that others
	// need. Nil: they never do.
	MemoryPressed func() bool
	// MaxStreams and MaxStreamsPerClient bound content requests at once; by
	// default the constants of these names. A bound of one client, this and the two
	// that follow, may be Unbounded, and is not for clients on this machine, unless
	// their requests come through a trusted proxy.
	MaxStreams, MaxStreamsPerClient int

	// MaxConns bounds the connections of clients; by default twice MaxStreams. One
	// client has at most twice MaxStreamsPerClient of them.
	MaxConns int

	// RequestsPerClient bounds the requests of one client a second, on average;
	// by default the constant of this name.
	RequestsPerClient int

	// SurplusPerClient bounds the bytes a second that are fetched for one client
	// beyond what it asks for (surplus.go), as RequestsPerClient does requests;
	// by default the constant of this name.
	SurplusPerClient int

	// RatePerClient bounds the bytes of content a second that one client gets, in all its
	// transfers together. Zero means no bound.
	RatePerClient int64

	// Uploads has .torrent files taken from pages of this server, and those fetched that a person
	// names by URL.
	Uploads bool
	// Document fetches a small document, of at most so many bytes, from a URL that a person typed in.
	// It has to refuse addresses that may not be contacted, and counts the contact against the client;
	// the zero Prefix is this machine. Nil: no URL is fetched.
	Document func(ctx context.Context, url string, client netip.Prefix, most int64) ([]byte, error)

	// Work shares out CPU time for what is dear; nil: all of it is done at once.
	Work *cpushare.Gate

	// Tracker answers /announce and /scrape. Nil: there are no such pages.
	Tracker Tracker
	// Published lists what is published here, the newest first, for /feed. Nil: there is no such page.
	Published func() []FeedEntry
	// Names answers what a name stands for, under /btpk/. Nil: there are no such pages.
	Names Names
	// Hints adds to a .torrent what tells where its torrent is found here: trackers and
	// web seeds. Nil: a .torrent has none.
	Hints func(*metainfo.Torrent)

	// LoopMark is what the requests of our own web seeds say in their CDN-Loop header (RFC
	// 8586); a request that comes back with it is refused. "" turns this off.
	LoopMark string

	// AccessLog gets a line for each request. Nil: nobody does.
	AccessLog *AccessLog
	// Log gets requests and cuts at debug, failures of our own at error; by
	// default slog.Default().
	Log *slog.Logger
	// TracerProvider, MeterProvider and Propagator are OpenTelemetry's globals
	// by default.
	TracerProvider trace.TracerProvider
	MeterProvider  metric.MeterProvider
	Propagator     propagation.TextMapPropagator

	slowOnly bool // there is no fast lane: tests compare
}

// Unbounded in place of a bound on one client is none.
const Unbounded = limit.Unbounded

// withDefaults fills in what is zero, and returns all that is wrong.
func (c Config) withDefaults() (Config, error) {
	var errs []error
	if c.Backend == nil {
		errs = append(errs, errors.New("gateway: no backend"))
	}
	for _, d := range []struct {
		name  string
		value *time.Duration
		def   time.Duration
	}{
		{"FirstByteTimeout", &c.FirstByteTimeout, FirstByteTimeout},
		{"StallTimeout", &c.StallTimeout, StallTimeout},
		{"ClientTimeout", &c.ClientTimeout, ClientTimeout},
	} {
		if *d.value < 0 {
			errs = append(errs, fmt.Errorf("gateway: %s is negative", d.name))
		} else if *d.value == 0 {
			*d.value = d.def
		}
	}
	if c.MaxPause < 0 {
		errs = append(errs, errors.New("gateway: MaxPause is negative"))
	}
	if c.Subdomains != "" && (normalHost(c.Subdomains) != c.Subdomains || limit.AddrOf(c.Subdomains).IsValid()) {
		errs = append(errs, fmt.Errorf("gateway: Subdomains: %q is not a host name in lower case", c.Subdomains))
	}
	if c.MaxStreams < 0 || c.MaxConns < 0 {
		errs = append(errs, errors.New("gateway: the bound on streams or connections is negative"))
	}
	if c.RatePerClient < 0 {
		errs = append(errs, errors.New("gateway: RatePerClient is negative"))
	}
	for _, bound := range []int{c.MaxStreamsPerClient, c.RequestsPerClient, c.SurplusPerClient} {
		if bound < 0 && bound != Unbounded {
			errs = append(errs, errors.New("gateway: a bound on a client is negative"))
		}
	}
	c.SurplusPerClient = cmp.Or(c.SurplusPerClient, SurplusPerClient)
	c.RequestsPerClient = cmp.Or(c.RequestsPerClient, RequestsPerClient)
	c.MaxStreams = cmp.Or(c.MaxStreams, MaxStreams)
	c.MaxConns = cmp.Or(c.MaxConns, 2*c.MaxStreams)
	c.MaxStreamsPerClient = cmp.Or(c.MaxStreamsPerClient, MaxStreamsPerClient)
	if c.MaxStreamsPerClient == Unbounded {
		c.MaxStreamsPerClient = c.MaxStreams
	}
	c.AllowOrigin = cmp.Or(c.AllowOrigin, "*")
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.TracerProvider == nil {
		c.TracerProvider = otel.GetTracerProvider()
	}
	if c.MeterProvider == nil {
		c.MeterProvider = otel.GetMeterProvider()
	}
	if c.Propagator == nil {
		c.Propagator = otel.GetTextMapPropagator()
	}
	if (c.Users != nil || c.Issuer != nil) && c.Accounts == nil {
		errs = append(errs, errors.New("gateway: users without accounts"))
	}
	return c, errors.Join(errs...)
}
