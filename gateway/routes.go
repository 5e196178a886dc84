package gateway

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/trace"
)

// allowed are the methods of every resource here.
const allowed = "GET, HEAD, OPTIONS, PROPFIND"

// routes sets gin up. Of its defaults these are off: it would redirect slashes
// by rules of its own, trust every proxy, and answer 404 for a wrong method.
func (s *Server) routes() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode) // it prints every route otherwise
	e := gin.New()
	e.RedirectTrailingSlash = false
	e.HandleMethodNotAllowed = true
	e.ForwardedByClientIP = false // limit.Proxies does that
	if err := e.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("gateway: trusted proxies: %w", err)
	}
	e.Use(s.observe, s.recover, s.admit)
	if s.tracker != nil {
		get(e, announcePath, s.announce)
		get(e, scrapePath, s.scrape)
	}
	for path, handler := range map[string]gin.HandlerFunc{
		"/":               s.start,
		robotsPath:        s.robots,
		"/magnet":         s.magnet,
		"/btih/*path":     s.content,
		"/btmh/*path":     s.content,
		appPath + "*file": s.appFile,
	} {
		e.GET(path, handler)
		e.HEAD(path, handler)
		e.OPTIONS(path, s.options)
	}
	if s.published != nil {
		e.GET(feedPath, s.feed)
		e.HEAD(feedPath, s.feed)
		e.OPTIONS(feedPath, s.options)
	}
	if s.names != nil {
		e.GET(namedPath+"*path", s.named)
		e.HEAD(namedPath+"*path", s.named)
		e.OPTIONS(namedPath+"*path", s.options)
	}
	e.POST(openPath, s.openBox)
	e.NoRoute(s.nowhere)
	e.NoMethod(s.otherMethod)
	return e, nil
}

// observe records every request, whatever becomes of it.
func (s *Server) observe(c *gin.Context) {
	begun, route, res := time.Now(), c.FullPath(), responseOf(c)
	method, scheme := knownMethod(c.Request.Method), schemeOf(c.Request)
	counted := s.telemetry.begin(method, scheme)
	var span trace.Span
	c.Request, span = s.spans.request(c.Request, route)
	defer func() {
		took, ctx := time.Since(begun), c.Request.Context()
		s.telemetry.end(ctx, counted, requestKey{method, scheme, route, protocolVersion(c.Request), res.errorType(), res.status}, res, took)
		endResponseSpan(span, res)
		if !s.log.Enabled(ctx, slog.LevelDebug) {
			return
		}
		s.log.DebugContext(ctx, "request", "method", method, "path", c.Request.URL.Path,
			"status", res.status, "bytes", res.bytes, "seconds", took.Seconds(), "cut", res.reason)
	}()
	c.Next()
}

// recover turns a panic into a 500, or a cut connection when the header is
// gone. A cut that a handler asked for passes through: gin's own recovery
// swallows it, and the client would take the body for whole.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler {
			panic(v)
		}
		res := responseOf(c)
		s.log.Error("panic in a handler", "panic", v, "stack", string(debug.Stack()))
		if res.status != 0 {
			res.reason = "panic"
			panic(http.ErrAbortHandler)
		}
		clear(c.Writer.Header())
		s.problem(c, internalError())
	}()
	c.Next()
}

// admit refuses what no handler should see.
func (s *Server) admit(c *gin.Context) {
	r, res := c.Request, responseOf(c)
	endWithBody(c, res.control)
	if !res.subdomain && !s.hosts.allows(r.Host, r.ProtoMajor == 1 && r.ProtoMinor == 0) {
		s.refuse(c, misdirected())
		return
	}
	if res.draining {
		c.Writer.Header().Set("Connection", "close")
		s.refuse(c, draining())
		return
	}
	if s.loopMark != "" && strings.Contains(strings.Join(r.Header["Cdn-Loop"], ","), s.loopMark) {
		s.refuse(c, loopDetected())
		return
	}
	if requests := s.bounds.Load().Requests; !res.paid && !requests.Allow(res.client) {
		s.refuse(c, tooManyRequests(requests.Rate()))
		return
	}
	if r.ContentLength != 0 && r.Method != methodPropfind {
		if path := c.FullPath(); path != "" && path != openPath {
			s.refuse(c, badRequest("A request here has no body."))
			return
		}
	}
	c.Next()
}

// endWithBody has the connection end with the answer where a request has a body, which almost nothing here takes. Over HTTP/1
// net/http would else wait for what is left of it before it sends the answer, without end.
func endWithBody(c *gin.Context, control *http.ResponseController) {
	if c.Request.ProtoMajor == 1 && c.Request.ContentLength != 0 {
		c.Writer.Header().Set("Connection", "close")
		_ = control.SetReadDeadline(time.Now().Add(readHeaderTimeout))
	}
}

// goOnAfterBody takes back endWithBody once all of the body was read.
func goOnAfterBody(c *gin.Context, control *http.ResponseController) {
	c.Writer.Header().Del("Connection")
	_ = control.SetReadDeadline(time.Time{})
}

// refuse answers and runs no handler.
func (s *Server) refuse(c *gin.Context, p *problem) {
	s.problem(c, p)
	c.Abort()
}

// otherMethod answers for methods that have no routes: PROPFIND, of torrents and what is above them.
func (s *Server) otherMethod(c *gin.Context) {
	raw := rawPath(c.Request.URL)
	switch {
	case c.Request.Method != methodPropfind:
	case strings.HasPrefix(raw, namedPath) && s.names != nil:
		s.named(c)
		return
	case strings.HasPrefix(raw, "/btih/"), strings.HasPrefix(raw, "/btmh/"):
		s.content(c)
		return
	case raw == "/":
		s.propfindAbove(c)
		return
	}
	if raw == openPath {
		s.problem(c, methodNotAllowed(http.MethodPost))
		return
	}
	s.problem(c, methodNotAllowed(allowed))
}

// options answers a preflight, and the method for its own sake.
func (s *Server) options(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Allow", allowed)
	h["DAV"] = []string{"1"} // as it is written everywhere
	h["MS-Author-Via"] = []string{"DAV"}
	s.headers.preflight.set(h)
	c.Writer.WriteHeader(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
}

// nowhere answers for what is under none of the routes.
func (s *Server) nowhere(c *gin.Context) {
	clean, changed := cleanPath(rawPath(c.Request.URL))
	reads := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead || c.Request.Method == methodPropfind
	switch r := c.Request; {
	case r.Method == methodPropfind && (clean == "/btih" || clean == "/btmh"):
		s.propfindAbove(c)
	case changed && reads && (strings.HasPrefix(clean, "/btih/") || strings.HasPrefix(clean, "/btmh/")):
		s.content(c)
	case changed && reads && strings.HasPrefix(clean, namedPath) && s.names != nil:
		s.named(c)
	case changed && reads && (clean == "/" || clean == "/magnet" || clean == robotsPath):
		s.redirect(c, http.StatusMovedPermanently, "", clean, cacheListing)
	case reads && s.pasted(c):
	case r.Method == http.MethodOptions && r.RequestURI == "*":
		s.options(c)
	case r.Method == http.MethodGet, r.Method == http.MethodHead, r.Method == http.MethodOptions:
		s.problem(c, noSuchPage())
	default: // CONNECT has no path at all
		s.problem(c, methodNotAllowed(allowed))
	}
}

// robotsPath tells crawlers what they may fetch, on torrents' own hosts too.
const robotsPath = "/robots.txt"

// robotsText keeps crawlers away: each page that they read would cost a swarm. What a person
// starts to copy one torrent may. wget2 heeds the first group that it finds, httrack the last, and
// both one name of each.
const robotsText = `User-agent: Wget2
Disallow:

User-agent: Wget
Disallow:

User-agent: *
Disallow: /

User-agent: HTTrack
Disallow:
`

func (s *Server) robots(c *gin.Context) {
	s.text(c, cacheListing, "text/plain; charset=utf-8", []byte(robotsText))
}
