package gateway

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/gateway/h1"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/internal/cpushare"
)

// AdminConfig is what an administration server needs. Only Backend has no
// default.
type AdminConfig struct {
	// Backend has the torrents.
	Backend Backend
	// Ready reports why no new work is taken, for /readyz: Server.Ready. Nil is
	// always ready.
	Ready func() error
	// Metrics answers /metrics; nil: 404.
	Metrics http.Handler
	// Authz answers /authz and the paths below it: Server.Authz. If it is nil, the
	// answer is 404.
	Authz http.Handler
	// Publications gives what is published; nil from it: nothing can be yet. Nil: there is no
	// /api/v1/publications.
	Publications func() Publications
	// Cache is what /api/v1/cache is about; nil: 404.
	Cache Cache
	// Clients gives the clients of the content server; nil: there are none.
	Clients func() []ClientStatus
	// Profiles turns /debug/pprof on.
	Profiles bool
	// Token, if it is not empty, has to come as "Authorization: Bearer" with
	// every request but those for /livez and /readyz.
	Token string
	// Hosts are names that a Host header may have, as in Config.
	Hosts []string
	// CheckAddr is as in Config, for the hints of a magnet link.
	CheckAddr func(netip.AddrPort) error
	// Work is as in Config, for uploads.
	Work *cpushare.Gate
	// Log is slog.Default() by default.
	Log *slog.Logger
}

// Admin is the administration server: a page at /, /livez, /readyz, /metrics, /authz, /debug/pprof, /openapi.json, and
// below /api/v1 torrents, cache, clients, publications and uploads. It belongs on a listener that only the operator
// reaches. Answers are JSON, errors problem documents. It is safe for
// concurrent use.
type Admin struct {
	cfg        AdminConfig
	log        *slog.Logger
	hosts      *hostCheck
	cross      *http.CrossOriginProtection
	conns      *limit.Conns
	http       *http.Server
	prefetches *prefetches
	cacheWork  chan struct{} // a place for each request that verifies or purges
	plain      bool          // h1.Check failed; the content server says so
}

// NewAdmin makes a server that serves nothing yet.
func NewAdmin(cfg AdminConfig) (*Admin, error) {
	if cfg.Backend == nil {
		return nil, errors.New("gateway: no backend")
	}
	hosts, err := newHostCheck(cfg.Hosts)
	if err != nil {
		return nil, err
	}
	a := &Admin{cfg: cfg, log: cmp.Or(cfg.Log, slog.Default()), hosts: hosts, cross: http.NewCrossOriginProtection()}
	a.prefetches = newPrefetches(cfg.Backend, cfg.Cache)
	a.cacheWork = make(chan struct{}, maxCacheWork)
	engine, err := a.routes()
	if err != nil {
		return nil, err
	}
	a.plain = h1.Check() != nil
	a.conns = limit.NewConns(MaxAdminConns, MaxAdminConns, func(netip.Addr) bool { return false })
	a.conns.Answer = crowded(adminHeaders)
	a.http = newHTTPServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := h1.SeatOf(r)
		at.Begin()
		defer at.End()
		engine.ServeHTTP(w, r)
	}), a.log)
	return a, nil
}

// adminHeaders go with every answer.
var adminHeaders = newHeaderSet("X-Content-Type-Options", "nosniff", "Cache-Control", cacheNone)

// Serve accepts connections from ln until Shutdown, and closes it. The error
// is nil after Shutdown.
func (a *Admin) Serve(ln net.Listener) error {
	a.hosts.listen(ln.Addr())
	if err := a.http.Serve(h1.Listener{Listener: ln, Rewrite: refusals(adminHeaders), Conns: a.conns, Plain: a.plain}); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("admin server: %w", err)
	}
	return nil
}

// EndPrefetches ends the prefetches under way and begins no more. It is called before the backend is closed.
func (a *Admin) EndPrefetches() { a.prefetches.close() }

// Shutdown lets requests end until ctx does, then cuts them.
func (a *Admin) Shutdown(ctx context.Context) error {
	a.prefetches.close()
	err := errors.Join(a.http.Shutdown(ctx), a.http.Close())
	a.conns.Wait()
	return err
}

func (a *Admin) routes() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.RedirectTrailingSlash = false
	e.HandleMethodNotAllowed = true
	e.ForwardedByClientIP = false
	if err := e.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	e.Use(begin, a.recover)
	guarded := e.Group("/", a.guard)
	get(e, "/livez", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	get(e, "/readyz", a.ready)
	a.pageRoutes(e)
	if a.cfg.Metrics != nil {
		get(guarded, "/metrics", gin.WrapH(a.cfg.Metrics))
	}
	if a.cfg.Authz != nil {
		get(guarded, "/authz", gin.WrapH(a.cfg.Authz))
		get(guarded, "/authz/*path", gin.WrapH(a.cfg.Authz))
	}
	if a.cfg.Profiles {
		guarded.GET("/debug/pprof/*profile", a.profile)
		guarded.POST("/debug/pprof/symbol", gin.WrapF(pprof.Symbol))
	}
	get(guarded, "/api/v1/torrents", a.list)
	guarded.POST("/api/v1/torrents", a.add)
	get(guarded, "/api/v1/torrents/:infohash", a.show)
	guarded.DELETE("/api/v1/torrents/:infohash", a.remove)
	guarded.PUT("/api/v1/torrents/:infohash/superseed", func(c *gin.Context) { a.superSeed(c, true) })
	guarded.DELETE("/api/v1/torrents/:infohash/superseed", func(c *gin.Context) { a.superSeed(c, false) })
	get(guarded, "/api/v1/torrents/:infohash/upload-policy", a.policy)
	guarded.PATCH("/api/v1/torrents/:infohash/upload-policy", a.setPolicy)
	get(guarded, "/api/v1/uploads", a.uploads)
	guarded.PUT("/api/v1/uploads", a.setUploads)
	get(guarded, "/api/v1/clients", a.clients)
	if a.cfg.Cache != nil {
		a.cacheRoutes(guarded)
	}
	if a.cfg.Publications != nil {
		get(guarded, publicationsPath, a.listPublications)
		guarded.POST(publicationsPath, a.publish)
		guarded.DELETE(publicationsPath, a.unpublish)
	}
	e.NoRoute(a.guard, func(c *gin.Context) { a.problem(c, noSuchAdminPage()) })
	e.NoMethod(a.guard, func(c *gin.Context) {
		p := methodNotAllowed(c.Writer.Header().Get("Allow"))
		p.detail = "Methods here are " + p.header.Get("Allow") + "."
		a.problem(c, p)
	})
	return e, nil
}

// get has HEAD answered too: load balancers ask by it, and net/http leaves its body out.
func get(routes gin.IRoutes, path string, handler gin.HandlerFunc) {
	routes.GET(path, handler)
	routes.HEAD(path, handler)
}

// begin sets what every answer has, and sees to a body that no handler took.
func begin(c *gin.Context) {
	r, body := c.Request, c.Request.Body // which a handler may wrap
	h1.Handling(r)
	adminHeaders.set(c.Writer.Header())
	if r.ContentLength == 0 {
		c.Next()
		return
	}
	control := http.NewResponseController(c.Writer)
	if r.ProtoMajor > 1 {
		c.Next()
		discardBody(control, body)
		return
	}
	c.Writer.Header().Set("Connection", "close") // net/http would else wait for what is left of it, without end
	c.Next()
	_ = control.SetReadDeadline(time.Now().Add(readHeaderTimeout))
}

// guard lets the operator in. The request needs a name of ours in Host, since a page
// can reach loopback by DNS rebinding, and the token. It must not come from a page of
// another origin.
func (a *Admin) guard(c *gin.Context) {
	r := c.Request
	switch {
	case !a.hosts.allows(r.Host, r.ProtoMajor == 1 && r.ProtoMinor == 0):
		a.problem(c, misdirected())
	case a.cross.Check(r) != nil:
		a.problem(c, &problem{status: http.StatusForbidden, slug: "cross-origin", title: "Cross-origin request",
			detail: "A page of another origin may not change anything here."})
	case !a.authorized(r):
		a.problem(c, &problem{status: http.StatusUnauthorized, slug: "unauthorized", title: "Unauthorized",
			detail: "The admin token is expected: Authorization: Bearer <token>.", header: http.Header{"Www-Authenticate": {"Bearer"}}})
	default:
		c.Next()
		return
	}
	c.Abort()
}

func (a *Admin) authorized(r *http.Request) bool {
	if a.cfg.Token == "" {
		return true
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(strings.TrimSpace(token)), []byte(a.cfg.Token)) == 1
}

// recover turns a panic into a 500.
func (a *Admin) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler || c.Writer.Written() {
			panic(http.ErrAbortHandler)
		}
		a.log.Error("panic in an admin handler", "panic", v, "stack", string(debug.Stack()))
		a.problem(c, internalError())
	}()
	c.Next()
}

// ready answers /readyz: 503 while draining, so that a balancer sends its
// clients elsewhere.
func (a *Admin) ready(c *gin.Context) {
	if a.cfg.Ready != nil {
		if err := a.cfg.Ready(); err != nil {
			c.Header("Retry-After", strconv.Itoa(retryDraining))
			c.String(http.StatusServiceUnavailable, "%s\n", err)
			return
		}
	}
	c.String(http.StatusOK, "ready\n")
}

// problem answers with a problem document.
func (a *Admin) problem(c *gin.Context, p *problem) {
	for name, values := range p.header {
		c.Writer.Header()[name] = values
	}
	if p.retryAfter > 0 {
		c.Header("Retry-After", strconv.Itoa(p.retryAfter))
	}
	c.Data(p.status, "application/problem+json", p.body())
}

func noSuchAdminPage() *problem {
	return &problem{status: http.StatusNotFound, slug: "no-such-page", title: "No such page",
		detail: "Here are /livez, /readyz, /metrics and /openapi.json, below /api/v1 torrents, cache, clients, publications and uploads, and /debug/pprof if it is turned on."}
}

// profile serves the profiles of the runtime, of at most maxProfile: one costs
// memory for as long as it runs.
func (a *Admin) profile(c *gin.Context) {
	if text := c.Query("seconds"); text != "" {
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil || !(seconds >= 0 && seconds <= maxProfile.Seconds()) {
			a.problem(c, badRequest("Query parameter seconds: a number up to %.0f is expected.", maxProfile.Seconds()))
			return
		}
	}
	switch c.Param("profile") {
	case "/cmdline":
		pprof.Cmdline(c.Writer, c.Request)
	case "/profile":
		pprof.Profile(c.Writer, c.Request)
	case "/symbol":
		pprof.Symbol(c.Writer, c.Request)
	case "/trace":
		pprof.Trace(c.Writer, c.Request)
	default:
		pprof.Index(c.Writer, c.Request)
	}
}
