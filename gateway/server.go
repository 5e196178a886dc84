package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/h1"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/gateway/pages"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
)

// A Server is the content server: torrents under /btih/ and /btmh/, /magnet,
// and a start page. It is safe for concurrent use.
type Server struct {
	tracker      Tracker // nil: there is none
	torrentHints func(*metainfo.Torrent)

	backend   Backend
	published func() []FeedEntry // nil: there is no feed
	names     Names              // nil: there is nobody to ask
	layers    func(metainfo.InfoHash) (metainfo.PieceLayers, bool)

	awaitLayers func(context.Context, metainfo.InfoHash, fetch.Hints) error
	check       checkAddr
	log         *slog.Logger

	firstByteTimeout, stallTimeout, clientTimeout time.Duration

	maxPause time.Duration
	pressed  func() bool // memory is short; nil: it never is

	uploads    bool
	document   func(ctx context.Context, url string, client netip.Prefix, most int64) ([]byte, error)
	opening    chan struct{} // places for documents that are fetched
	subtitling chan struct{} // places for subtitles that are made

	hideCacheState bool
	loopMark       string
	work           *cpushare.Gate
	lengths        lengths
	tls            *tls.Config // nil: plain HTTP
	subdomains     string
	pathPrefix     string
	denylist       *Denylist
	links          *links // nil: whoever comes may read
	users          *users // nil: there are none
	allowlist      *Allowlist

	types     mediaTypes
	headers   headers
	policy    []string // Content-Security-Policy of pages that run nothing
	app       *app
	hosts     *hostCheck
	conns     *limit.Conns
	streams   *limit.Streams
	queries   *queries
	inflight  *inflight
	wholes    *wholes
	bounds    atomic.Pointer[limit.Clients] // of clients
	unproxied limit.Unproxied
	accessLog *AccessLog // nil: none
	proxies   limit.Proxies
	telemetry *telemetry
	spans     spans
	fast      *fastLane

	engine    *gin.Engine
	responses sync.Pool // of *response
	http      *http.Server
	plain     bool                    // h1.Check failed
	end       context.CancelCauseFunc // ends every request
}

// New makes a server that serves nothing yet. Everything that can be wrong
// with a configuration is found here.
func New(cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		published: cfg.Published, names: cfg.Names, tracker: cfg.Tracker, torrentHints: cfg.Hints,
		backend: cfg.Backend, layers: cfg.Layers, awaitLayers: cfg.AwaitLayers, check: cfg.CheckAddr, log: cfg.Log,
		firstByteTimeout: cfg.FirstByteTimeout, stallTimeout: cfg.StallTimeout, clientTimeout: cfg.ClientTimeout,
		maxPause: cfg.MaxPause, pressed: cfg.MemoryPressed,
		uploads: cfg.Uploads, document: cfg.Document,
		opening: make(chan struct{}, openFetches), subtitling: make(chan struct{}, subtitleSlots),
		hideCacheState: cfg.HideCacheState, loopMark: cfg.LoopMark, work: cfg.Work, lengths: newLengths(), tls: cfg.TLS, subdomains: cfg.Subdomains, denylist: cfg.Denylist, allowlist: cfg.Allowlist, users: newUsers(&cfg),
		types: newMediaTypes(), headers: newHeaders(cfg.AllowOrigin), policy: []string{pages.Policy()},
		links: newLinks(cfg.LinkKeys), queries: newQueries(cfg.CheckAddr, cfg.LinkKeys != nil), streams: limit.NewStreams(cfg.MaxStreams, cfg.MaxStreamsPerClient), wholes: newWholes(),
		inflight: new(inflight), accessLog: cfg.AccessLog,
		spans:     newSpans(cfg.TracerProvider, cfg.Propagator),
		responses: sync.Pool{New: func() any { return new(response) }},
	}
	s.fast = newFastLane(s, cfg.slowOnly)
	s.conns = limit.NewConns(cfg.MaxConns, 2*cfg.MaxStreamsPerClient, func(ip netip.Addr) bool { return ip.IsLoopback() || s.proxies.Trusts(ip) })
	s.bounds.Store(limit.NewClients(cfg.RequestsPerClient, cfg.SurplusPerClient, cfg.RatePerClient))
	s.conns.Floods = func(client netip.Prefix) bool { return s.bounds.Load().Requests.Floods(client) }
	if s.tls == nil {
		s.conns.Answer = crowded(append(newHeaderSet("Cache-Control", cacheNone), s.headers.all...))
	}
	var errs [6]error
	s.hosts, errs[0] = newHostCheck(cfg.Hosts)
	if cfg.Subdomains != "" && errs[0] == nil {
		s.hosts.names[cfg.Subdomains] = struct{}{}
	}
	s.app, errs[1] = newApp(s.headers.all, cfg.Subdomains)
	s.telemetry, errs[2] = newTelemetry(cfg.MeterProvider, s.spans.tracer != nil)
	if errs[2] == nil {
		errs[2] = errors.Join(s.telemetry.watch(cfg.MeterProvider, s.streams), s.telemetry.watchFast(cfg.MeterProvider, s.fast))
	}
	s.engine, errs[3] = s.routes()
	s.proxies, errs[4] = limit.NewProxies(cfg.TrustedProxies)
	var ok bool
	if s.pathPrefix, ok = cleanPrefix(cfg.PathPrefix); !ok {
		errs[5] = fmt.Errorf("gateway: PathPrefix: %q is not a path of plain segments, as /bt", cfg.PathPrefix)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	var base context.Context
	base, s.end = context.WithCancelCause(context.Background())
	s.plain = plainHTTP(s.log)
	s.http = newHTTPServer(s, s.log)
	s.http.HTTP2.MaxConcurrentStreams = min(cfg.MaxStreamsPerClient, maxConnStreams)
	s.http.BaseContext = func(net.Listener) context.Context { return base }
	return s, nil
}

// plainHTTP reports whether net/http has to have its connections as they are, and says why:
// another version of it may write other than h1 counts on. Answers are as right then, but
// for those that net/http makes by itself and for request lines with blanks, and cost more.
func plainHTTP(log *slog.Logger) bool {
	err := h1.Check()
	if err != nil {
		log.Warn("this version of Go answers by HTTP/1 in a way that is not known here: answers cost more, and malformed requests have plain answers", "error", err)
	}
	return err != nil
}

// newHTTPServer returns an http.Server with the time-outs of both our servers. It has
// no WriteTimeout, which would cut every film, and no ReadTimeout, which would end
// requests that wait. Instead write deadlines are set window by window, and a body to
// read gets a deadline of its own.
func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:           handler,
		Protocols:         protocols,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: MaxStreamsPerClient},
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnContext:       h1.ConnContext,
		ConnState:         h1.ConnState,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),

		// net/http's answer to "OPTIONS *" has no Allow, comes to any Host, and waits for a body without end.
		DisableGeneralOptionsHandler: true,
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	open := s.inflight.enter()
	defer s.inflight.leave()
	at := h1.SeatOf(r)
	at.Begin()
	defer at.End()
	res := s.responses.Get().(*response)
	res.reset(w, r)
	res.draining = !open
	s.unproxied.Look(r, s.proxies, s.log)
	res.client, res.common = s.proxies.Client(r), s.headers.all
	logged := s.accessLog.follow(r, res)
	defer logged()
	// A deadline of the request before would still stand: HTTP/1 keeps it with
	// the connection.
	_ = res.control.SetWriteDeadline(time.Now().Add(s.clientTimeout))
	if res.prefix = prefixBy(s.proxies, r, s.pathPrefix); res.prefix != "" {
		r = withoutPrefix(r, res.prefix)
	}
	if s.links != nil {
		r = s.links.unwrap(res, r)
	}
	if hash, ok := subdomainHash(r.Host, s.subdomains); ok {
		res.subdomain = true
		if rawPath(r.URL) != robotsPath {
			r = underSubdomain(r, hash)
		}
	}
	if r.ProtoMajor > 1 && r.ContentLength != 0 && r.Method != methodPropfind && !opens(r) {
		discardBody(res.control, r.Body)
	}
	s.engine.ServeHTTP(res, r)
	logged()
	*res = response{}
	s.responses.Put(res)
}

// discardBody reads a body that nothing takes, before the end of the answer that refuses it. Over HTTP/2 what is left of
// one after the answer has net/http reset the stream, without an error (RFC 9113 section 8.1). curl
// 7.88 takes that for one at times, and throws the answer away.
func discardBody(control *http.ResponseController, body io.Reader) {
	_ = control.SetReadDeadline(time.Now().Add(discardTime))
	_, _ = io.CopyN(io.Discard, body, discardBytes) // what is left is reset
}

// Serve accepts connections from ln until Shutdown, and closes it. It may be
// called for several listeners. The error is nil after Shutdown.
func (s *Server) Serve(ln net.Listener) error {
	s.hosts.listen(ln.Addr())
	if refusal := refusals(append(newHeaderSet("Cache-Control", cacheNone), s.headers.all...)); s.tls == nil {
		ln = h1.Listener{Listener: ln, Rewrite: refusal, Conns: s.conns, Fast: s.fast.below, Plain: s.plain}
	} else {
		ln = h1.NewTLS(h1.Listener{Listener: ln, Rewrite: refusal, Conns: s.conns, Plain: s.plain}, s.tls, readHeaderTimeout)
	}
	if err := s.http.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("content server: %w", err)
	}
	return nil
}

// Ready returns why the server takes no new work: nil until Shutdown.
func (s *Server) Ready() error {
	if s.inflight.isDraining() {
		return errors.New("draining")
	}
	return nil
}

// errEnded says that requests ended because the time of Shutdown was over.
var errEnded = errors.New("gateway: the time to drain is over")

// Shutdown ends the server in good order: from now on new requests are 503 and
// Ready fails, while the transfers under way go on until they end or ctx does.
// Then the listeners close. What has not begun to answer by then is 503, and what still runs is cut. The error is
// ctx's if something had to be.
func (s *Server) Shutdown(ctx context.Context) error {
	s.inflight.drain()
	drained := s.inflight.wait(ctx)
	if drained == nil {
		if s.fast.below != nil {
			s.fast.below.CloseIdle()
		}
		drained = s.http.Shutdown(ctx)
	}
	s.end(errEnded)
	if drained != nil {
		answer, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
		_ = s.http.Shutdown(answer) // what is left is closed below
		cancel()
	}
	closed := s.http.Close()
	s.conns.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	return errors.Join(drained, closed, s.inflight.wait(last))
}
