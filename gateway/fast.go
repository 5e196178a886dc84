package gateway

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/gateway/h1"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/metainfo"
)

// The fast lane (gateway/h1) answers a request for bytes of a file that net/http and gin had before: it knows what
// they decided, and the header that they wrote. What may change since is asked again each time: the lists, what is
// here of the file, the bounds of the client, whether the server drains. Where the answer would not be the same, in
// each byte but those of times, the request is left to them: nothing was counted for it then.

// A fastLane has the answers of late. It is safe for concurrent use.
type fastLane struct {
	s       *Server
	known   *lru.Cache[string, *remembered] // by Host, target and prefix
	below   *h1.FastLane                    // as connections have it; nil: it takes no request
	answers atomic.Int64                    // that it gave
}

// A remembered is an answer with bytes of a file, as far as it is the same for every range of it. It does not change.
type remembered struct {
	hash        metainfo.InfoHash // as it was asked by
	text        string
	file        int // by its index
	size        int64
	etag        string
	hints       fetch.Hints
	target      target        // what a grant has to be for
	link, token access.Params // of the query, and of the path
	route       string
	path, shown string // of its URL, as it came and unescaped
	deny, allow *denyRules
	head        *fileHead
}

func newFastLane(s *Server, off bool) *fastLane {
	known, _ := lru.New[string, *remembered](maxRemembered) // the size is a constant above zero: no error
	f := &fastLane{s: s, known: known}
	if !off {
		f.below = &h1.FastLane{Answer: f.answer, Idle: idleTimeout, Head: readHeaderTimeout}
	}
	return f
}

// remember has the fast lane know the answer that is about to be written. The request's head has to be one for the fast
// lane, and all that it asks for here.
func (s *Server) remember(a *fileAnswer) {
	res := responseOf(a.c)
	of, ok := a.of.(fileSource)
	if !ok || !a.held.All || res.conn == nil || !res.conn.Offered() || res.canonical != "" || a.cachedOnly {
		return
	}
	r := a.c.Request
	asked, err := url.ParseRequestURI(r.RequestURI)
	if err != nil { // net/http read it
		return
	}
	m := &remembered{
		hash: a.target.hash, text: a.target.text, file: int(of.file.Index), size: a.size, etag: a.etag, hints: a.query.hints,
		target: a.target, link: a.query.link, token: res.token,
		route: a.c.FullPath(), path: tokenlessPath(&http.Request{URL: asked}), shown: r.URL.Path, deny: a.deny, allow: a.allow,
	}
	key, granted := string(appendKey(nil, r.Host, r.RequestURI, strings.TrimSuffix(res.prefix, res.linkPrefix))), res.grant != nil
	res.learn = func(head []byte) {
		if m.head = newFileHead(head, granted); m.head != nil {
			s.fast.known.Add(key, m)
		}
	}
}

// appendKey appends what an answer is known by: of a request all that its header depends on. No text has a line end in it.
func appendKey[T string | []byte](key []byte, host, target T, prefix string) []byte {
	key = append(append(append(key, host...), '\n'), target...)
	return append(append(key, '\n'), prefix...)
}

// A fastConn is what the fast lane keeps with a connection.
type fastConn struct {
	addr    netip.Addr
	trusted bool // it is a proxy's, which is believed

	client       limit.Client // of the last request
	forwardedFor string       // what names it; "": nothing
	prefix       string       // of the last request
	saidPrefix   string       // what says so; "": nothing

	// What the last request had, which the next one has again: what a request allocates costs more than its answer.
	visit  fastVisit
	place  limit.Place
	ranges []httprange.Range
	stream streamer
	watch  func() (stop func())
	out    fastWriter
	date   dateText
	res    response
	header http.Header // Authorization and Cookie of the last request, where they count
	paid   bool        // the last request was counted for its client, and left to net/http after all
	key    []byte
	last   string // the key of the last request, and what it is of
	of     *remembered

	countedBy requestKey // of telemetry
	counts    []metric.RecordOption
}

// on is that of a connection.
func (f *fastLane) on(c *h1.Conn) *fastConn {
	if known, ok := c.State.(*fastConn); ok {
		return known
	}
	addr := limit.AddrOf(c.RemoteAddr().String())
	made := &fastConn{addr: addr, trusted: f.s.proxies.Trusts(addr), client: f.s.proxies.ClientOf(addr, "", false), prefix: f.s.pathPrefix, header: make(http.Header)}
	made.out.conn = c
	made.res.control = http.NewResponseController(&made.out)
	made.watch = c.Watch
	f.s.streams.Follow(c.Context(), &made.place)
	c.State = made
	return made
}

// heed takes what proxies added to a request: whom it counts for, and the prefix of its path. It reports false where
// no proxy that is believed can have added it, or where the request has come round.
func (f *fastLane) heed(c *fastConn, head *h1.Head) bool {
	if !c.trusted && (head.ForwardedFor != nil || head.Forwarded != nil || head.ForwardedPrefix != nil) {
		return false // net/http's lane warns of such proxies
	}
	if head.Loop != nil && f.s.loopMark != "" && strings.Contains(string(head.Loop), f.s.loopMark) {
		return false
	}
	if c.forwardedFor != string(head.ForwardedFor) {
		c.forwardedFor = string(head.ForwardedFor)
		c.client = f.s.proxies.ClientOf(c.addr, c.forwardedFor, true)
	}
	if c.saidPrefix != string(head.ForwardedPrefix) {
		if c.saidPrefix, c.prefix = string(head.ForwardedPrefix), f.s.pathPrefix; c.saidPrefix != "" {
			c.prefix = prefixOf(c.saidPrefix, f.s.pathPrefix)
		}
	}
	return true
}

// find looks a request up.
func (f *fastLane) find(c *fastConn, head *h1.Head) *remembered {
	c.key = appendKey(c.key[:0], head.Host, head.Target, c.prefix)
	if c.last != string(c.key) {
		key := string(c.key)
		m, ok := f.known.Get(key)
		if !ok {
			return nil
		}
		c.last, c.of = key, m
	}
	if c.of.deny != f.s.denylist.version() || c.of.allow != f.s.allowlist.version() {
		f.known.Remove(c.last)
		c.last, c.of = "", nil
	}
	return c.of
}

// answer answers a request, or leaves it.
func (f *fastLane) answer(conn *h1.Conn, head *h1.Head) (verdict h1.Verdict) {
	c := f.on(conn)
	if !f.heed(c, head) {
		return h1.NotTaken
	}
	m := f.find(c, head)
	if m == nil {
		return h1.NotTaken
	}
	r, status, ok := c.asked(m, head)
	if !ok {
		return h1.NotTaken
	}
	open := f.s.inflight.enter()
	defer f.s.inflight.leave()
	if !open {
		return h1.NotTaken
	}
	conn.Seat().Begin()
	defer conn.Seat().End()
	c.visit = fastVisit{lane: f, conn: conn, at: c, of: m, head: head, begun: time.Now(), r: r, status: status}
	return c.visit.answer()
}

// asked is the range that a request asks for, and the status of the answer; false where it is not certain, or long.
func (c *fastConn) asked(m *remembered, head *h1.Head) (r httprange.Range, status int, ok bool) {
	whole := httprange.Range{Off: 0, N: m.size}
	switch {
	case m.size == 0 || head.IfRange != nil && string(head.IfRange) != m.etag:
		return whole, 0, false
	case head.Alone:
		return whole, http.StatusOK, true
	case head.Range == nil:
		return whole, http.StatusOK, m.size <= fastBytes
	}
	ranges, verdict := httprange.ParseInto(c.ranges, string(head.Range), m.size)
	if c.ranges = ranges; verdict != httprange.Part || len(ranges) != 1 || ranges[0].N > fastBytes {
		return whole, 0, false
	}
	return ranges[0], http.StatusPartialContent, true
}

// A fastVisit is one request in the fast lane.
type fastVisit struct {
	lane   *fastLane
	conn   *h1.Conn
	at     *fastConn
	of     *remembered
	head   *h1.Head
	begun  time.Time
	r      httprange.Range
	status int
	grant  *grant
	span   trace.Span
	ctx    context.Context
}

// answer answers it if it may be, and if everything that can be used is free and here. Each function that it goes through
// gives back one thing that it has taken: where there are several, or many ways out, deferred calls are dear.
func (v *fastVisit) answer() h1.Verdict {
	if !v.permitted() || v.grant.enter() != nil {
		return h1.NotTaken
	}
	defer v.grant.leave()
	return v.placed()
}

// placed takes the place of a stream.
func (v *fastVisit) placed() h1.Verdict {
	if v.lane.s.streams.EnterAgain(v.at.client, &v.at.place) != "" {
		return h1.NotTaken
	}
	defer v.at.place.Leave()
	if v.head.Alone {
		return v.alone()
	}
	return v.opened()
}

// alone answers HEAD.
func (v *fastVisit) alone() h1.Verdict {
	s := v.lane.s
	if info, ok := s.backend.Known(v.of.hash); !ok || !s.backend.Cached(v.of.hash, &info.Files[v.of.file], 0, v.of.size).All || !v.charged() {
		return h1.NotTaken
	}
	return v.send(nil)
}

// opened answers GET.
func (v *fastVisit) opened() h1.Verdict {
	hints := v.of.hints // which are shared
	if hints.FailFast = true; !v.at.client.Local {
		hints.Client = v.at.client.Prefix
	}
	content, ok := v.lane.s.backend.OpenHeld(v.of.hash, hints, v.of.file, v.r.Off, v.r.N)
	if !ok {
		return h1.NotTaken
	}
	defer fetch.Finish(content)
	if !v.charged() {
		return h1.NotTaken
	}
	return v.send(content)
}

// charged counts the request for its client, and for its grant.
func (v *fastVisit) charged() bool {
	if !v.lane.s.bounds.Load().Requests.Take(v.at.client) {
		return false
	}
	v.at.paid = !v.grant.ask()
	return !v.at.paid
}

// permitted finds what lets the request in, where it has to have that. Nobody is asked: a token of an issuer is left to
// the other lane.
func (v *fastVisit) permitted() bool {
	s, h := v.lane.s, v.head
	if s.users == nil && s.links == nil {
		return true
	}
	if s.users != nil && s.users.issuer != nil && h.Authorization != nil && s.users.keyed(string(h.Authorization)) == nil {
		return false
	}
	v.at.show("Authorization", h.Authorization)
	v.at.show("Cookie", h.Cookie)
	var p *problem
	v.grant, p = s.grantOf(&shows{v.conn.Context(), v.at.header, v.of.link, v.of.token, v.at.client.Addr}, &v.of.target)
	return p == nil
}

// show has a field in the header, or not.
func (c *fastConn) show(name string, value []byte) {
	switch {
	case value == nil:
		delete(c.header, name)
	case len(c.header[name]) == 0 || c.header[name][0] != string(value):
		c.header[name] = []string{string(value)}
	}
}

// takePaid reports whether the request that net/http answers now was counted for its client by the fast lane.
func takePaid(conn *h1.Conn) bool {
	if conn == nil {
		return false
	}
	c, ok := conn.State.(*fastConn)
	paid := ok && c.paid
	if paid {
		c.paid = false
	}
	return paid
}

// send writes the answer, which nothing refuses any more, and tells of it.
func (v *fastVisit) send(content fetch.Content) (verdict h1.Verdict) {
	s, res := v.lane.s, &v.at.res
	took := time.Since(v.begun)
	v.lane.answers.Add(1)
	*res = response{ResponseWriter: &v.at.out, control: res.control, client: v.at.client, pace: s.bounds.Load().Paces.Of(v.at.client), grant: v.grant,
		infohash: v.of.text, source: sourceOf(fetch.Held{All: true}), status: v.status}
	begun := s.telemetry.begin(v.method(), "http")
	v.trace()
	defer v.end(begun)
	defer func() {
		if p := recover(); p != nil {
			verdict = h1.Cut
			if p != http.ErrAbortHandler {
				res.reason = "panic"
				s.log.Error("panic in a handler", "panic", p, "stack", string(debug.Stack()))
			}
		}
	}()
	cache := ""
	if v.grant != nil {
		cache = v.grant.limited(cacheFile)
	}
	v.at.out.head = v.of.head.append(v.at.out.head[:0], &headValues{v.status, cache, v.r, v.of.size, content != nil, took, v.at.date.of(v.begun.Add(took))})
	if res.timed = s.accessLog != nil; res.timed {
		res.answered = time.Now()
	}
	if content == nil {
		_ = res.within(s.clientTimeout)
		if err := v.at.out.FlushError(); err != nil {
			res.reason = reasonClient
			return h1.Cut
		}
		return h1.Answered
	}
	s.telemetry.served(v.ctx, 0, took)
	ctx, span := s.spans.begin(v.ctx, "send")
	out := &v.at.stream
	*out = streamer{server: s, ctx: ctx, out: res, span: span, watch: v.at.watch}
	defer out.end()
	out.body(content, v.r.N, true)
	return h1.Answered
}

func (v *fastVisit) method() string {
	if v.head.Alone {
		return http.MethodHead
	}
	return http.MethodGet
}

// trace begins the spans that an answer has: nothing is waited for in two of them.
func (v *fastVisit) trace() {
	s := v.lane.s
	v.ctx, v.span = v.conn.Context(), noSpan
	if s.spans.tracer == nil {
		return
	}
	r := &http.Request{Method: v.method(), URL: &url.URL{Path: v.of.shown}, ProtoMajor: 1, ProtoMinor: 1}
	r, v.span = s.spans.request(r.WithContext(v.ctx), v.of.route)
	v.ctx = r.Context()
	for _, name := range []string{"metadata", "wait for the first piece"} {
		if name == "metadata" || !v.head.Alone {
			_, span := s.spans.begin(v.ctx, name)
			span.End()
		}
	}
}

// end tells of an answer that is out, or was cut.
func (v *fastVisit) end(begun *active) {
	s, res := v.lane.s, &v.at.res
	took, method := time.Since(v.begun), v.method()
	begun.n.Add(-1)
	s.telemetry.record(v.ctx, v.at.counted(s.telemetry, requestKey{method, "http", v.of.route, "1.1", res.errorType(), res.status}), res, took)
	endResponseSpan(v.span, res)
	if s.log.Enabled(v.ctx, slog.LevelDebug) {
		s.log.DebugContext(v.ctx, "request", "method", method, "path", v.of.shown,
			"status", res.status, "bytes", res.bytes, "seconds", took.Seconds(), "cut", res.reason)
	}
	if s.accessLog != nil {
		h := v.head
		s.accessLog.write(&asked{method, v.of.path, "HTTP/1.1", string(h.Range), string(h.Referer), string(h.Agent)}, res, v.begun)
	}
}

// counted gives the options of a key, which most requests of a connection have again.
func (c *fastConn) counted(t *telemetry, key requestKey) []metric.RecordOption {
	if c.counts == nil || c.countedBy != key {
		c.countedBy, c.counts = key, t.ended.of(key, requestOptions)
	}
	return c.counts
}

// A fastWriter is the connection as a response writes to it: the header goes out with the first bytes of the body.
type fastWriter struct {
	conn *h1.Conn
	head []byte // not written yet
}

var (
	_ http.ResponseWriter = (*fastWriter)(nil)
	_ cache.PageWriter    = (*fastWriter)(nil)
)

// Header implements http.ResponseWriter. Nothing of it is sent.
func (w *fastWriter) Header() http.Header { return http.Header{} }

// WriteHeader implements http.ResponseWriter. The header is written already.
func (w *fastWriter) WriteHeader(int) {}

// Write implements http.ResponseWriter.
func (w *fastWriter) Write(p []byte) (int, error) {
	head := w.head
	w.head = w.head[:0]
	n, err := w.conn.WriteBoth(head, p)
	return max(0, n-len(head)), err
}

// WritePages implements cache.PageWriter.
func (w *fastWriter) WritePages(f *os.File, off, n int64, intact func() bool) (int64, error) {
	head := int64(len(w.head))
	wrote, err := w.conn.WritePages(w.head, f, off, n, intact)
	w.head = append(w.head[:0], w.head[min(wrote, head):]...)
	return max(0, wrote-head), err
}

// FlushError implements what http.ResponseController looks for.
func (w *fastWriter) FlushError() error {
	_, err := w.Write(nil)
	return err
}

// SetWriteDeadline implements what http.ResponseController looks for.
func (w *fastWriter) SetWriteDeadline(t time.Time) error { return w.conn.SetWriteDeadline(t) }
