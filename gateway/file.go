package gateway

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// A fileAnswer is the answer to a request for one file, or for one made from
// files: its validators are known, its ranges not yet.
type fileAnswer struct {
	*visit
	of         source
	size       int64
	name       string // that the client saves it under, unless the query says another
	etag       string
	kind       string // media type
	attachment bool
	location   string // Content-Location; "" for none
}

// file answers GET and HEAD for a file that goes by name. Preconditions come
// before the range, and all of them before the swarm (RFC 9110 section 13.2.2).
func (s *Server) file(v *visit, f *metainfo.File, name string) {
	kind := s.types.of(name)
	a := &fileAnswer{visit: v, of: fileSource{f}, size: f.Length, name: name, etag: fileETag(v.info, f), kind: kind,
		attachment: v.query.attachment || runsScript(kind) && !v.subdomain}
	if status := s.denylist.deniedFile(v.info, f); status != 0 {
		s.problem(v.c, deny(status))
		return
	}
	if v.target.rest == "" {
		a.location = responseOf(v.c).prefix + v.target.hash.Path() + "/" + escapeSegment(name)
	}
	s.answer(a)
}

// archive answers GET and HEAD for a directory as a tar file.
func (s *Server) archive(v *visit, dir *metainfo.Node) {
	of := &archive{info: v.info, path: v.target.path}
	denied, size := 0, int64(0)
	if !s.within(s.archiveTurn, v, func() {
		if denied = of.denied(s.denylist); denied == 0 {
			size = s.lengths.of(of.etag(), of.size)
		}
	}) {
		return
	}
	if denied != 0 {
		s.problem(v.c, deny(denied))
		return
	}
	name := cmp.Or(dir.Name, v.info.Name) + ".tar"
	s.answer(&fileAnswer{visit: v, of: of, size: size, name: name, etag: of.etag(), kind: "application/x-tar", attachment: true})
}

// answer answers with the bytes of a source, or those that the request asks for.
func (s *Server) answer(a *fileAnswer) {
	v, r := a.visit, a.c.Request
	if tags := r.Header["If-Match"]; tags != nil && !httprange.StrongMatch(tags, a.etag) {
		s.problem(v.c, preconditionFailed(a.etag))
		return
	}
	switch {
	case httprange.WeakMatch(r.Header["If-None-Match"], a.etag):
		a.setHeader(s)
		s.setCacheStatus(v, v.knew())
		delete(v.c.Writer.Header(), "Content-Type")
		delete(v.c.Writer.Header(), "Content-Disposition")
		s.header(v.c, http.StatusNotModified)
		return
	case r.Method == http.MethodHead || a.size == 0:
		a.setHeader(s)
		if v.held = v.knew(); a.size > 0 { // what a GET would find here, of all that the header speaks of
			v.held = a.of.held(s, v, httprange.Range{Off: 0, N: a.size})
		}
		s.setCacheStatus(v, v.held)
		a.setLength(a.size)
		s.header(v.c, http.StatusOK)
		return
	}
	switch ranges, verdict := httprange.Of(r.Header, a.etag, a.size); {
	case verdict == httprange.Bad:
		s.problem(v.c, notSatisfiable(a.etag, a.size))
	case verdict == httprange.None:
		s.sendOne(a, http.StatusOK, httprange.Range{Off: 0, N: a.size})
	case len(ranges) == 1:
		s.sendOne(a, http.StatusPartialContent, ranges[0])
	default:
		s.sendParts(a, ranges)
	}
}

// setHeader sets what 200, 206 and 304 have in common.
func (a *fileAnswer) setHeader(s *Server) {
	set, lines := s.headers.file, s.headers.fileLines
	if a.subdomain {
		set, lines = s.headers.own, s.headers.ownLines
	}
	switch res := responseOf(a.c); {
	case res.grant == nil && res.fixed(lines.open):
	case res.grant != nil && res.fixed(lines.granted):
		a.set("Cache-Control", cacheFile)
	default:
		set.set(a.c.Writer.Header())
	}
	if a.location != "" {
		a.set("Content-Location", a.location)
	}
	a.set("Etag", a.etag)
	a.set("Content-Type", a.kind)
	a.set("Content-Disposition", contentDisposition(a.attachment, cmp.Or(a.query.filename, a.info.Text(a.name))))
	setDLNA(a.c.Writer.Header(), a.c.Request.Header, a.kind)
	s.setCaptions(a)
}

func (a *fileAnswer) setLength(n int64) {
	a.set("Content-Length", strconv.FormatInt(n, 10))
}

// sendOne sends one range as the whole body.
func (s *Server) sendOne(a *fileAnswer, status int, r httprange.Range) {
	if !s.allHeld(a, r) {
		return
	}
	content, ok := s.begin(a, r)
	if !ok {
		return
	}
	defer content.Close()
	if r.N <= wholeBytes && s.asksWhole(a.c.Request) && s.wholes.enter() {
		defer s.wholes.leave()
		s.sendWhole(a, content, status, r)
		return
	}
	s.remember(a)
	a.setRange(s, status, r)
	out := s.streamer(a)
	defer out.end()
	out.body(content, r.N, true)
}

// setRange sends the header of an answer with one range, or all.
func (a *fileAnswer) setRange(s *Server, status int, r httprange.Range) {
	a.setHeader(s)
	if status == http.StatusPartialContent {
		a.set("Content-Range", r.ContentRange(a.size))
	}
	a.setLength(r.N)
	s.header(a.c, status)
}

// begin opens a range and waits for its first bytes, so that the header is a
// promise that can be kept. If they do not come it answers with the reason.
func (s *Server) begin(a *fileAnswer, r httprange.Range) (content fetch.Content, ok bool) {
	peers := s.peersThere(a.visit)
	content, err := a.of.open(s, a.visit, r)
	if err != nil {
		s.fail(a.c, a.target.hash, err)
		return nil, false
	}
	begun := time.Now()
	var ctx context.Context
	err = a.deadline.patiently(firstByteMost, func() error {
		var span trace.Span
		ctx, span = s.spans.begin(a.deadline, "wait for the first piece")
		err := content.Wait(ctx)
		endSpan(span, err)
		return err
	})
	if err != nil {
		content.Close()
		s.fail(a.c, a.target.hash, err)
		return nil, false
	}
	took := time.Since(begun)
	s.telemetry.served(ctx, a.metadataWait, took)
	s.setWait(a.visit, content, peers, took)
	return content, true
}
