package gateway

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// bytes answers with a body that is held whole. The caller has set what else
// the header needs.
func (s *Server) bytes(c *gin.Context, status int, contentType string, body []byte) {
	h := c.Writer.Header()
	h["Content-Type"] = []string{contentType}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	s.header(c, status)
	if c.Request.Method != http.MethodHead {
		_, _ = s.writer(c).Write(body) // the client is gone: net/http closes the connection
	}
}

// header sends the header. Bodies are written to the response under gin's
// writer, so gin has to know.
func (s *Server) header(c *gin.Context, status int) {
	c.Writer.WriteHeader(status)
	c.Writer.WriteHeaderNow()
}

// writer is the way of a body to the client.
func (s *Server) writer(c *gin.Context) *windowWriter {
	return &windowWriter{to: responseOf(c), ctx: c.Request.Context(), timeout: s.clientTimeout}
}

// text answers with a small text that never changes while the server runs.
func (s *Server) text(c *gin.Context, cache, contentType string, body []byte) {
	c.Writer.Header().Set("Cache-Control", cache)
	s.bytes(c, http.StatusOK, contentType, body)
}

// redirect sends to another path, of this server if origin is "", with the query
// as it came.
func (s *Server) redirect(c *gin.Context, status int, origin, path, cache string) {
	if origin == "" {
		origin = responseOf(c).prefix
	}
	location := origin + string(appendEscaped(nil, path, printable))
	if u := c.Request.URL; u.RawQuery != "" || u.ForceQuery {
		location += "?" + string(appendEscaped(nil, u.RawQuery, printable))
	}
	s.redirectTo(c, status, location, cache)
}

// redirectTo sends to a location that is a valid header value.
func (s *Server) redirectTo(c *gin.Context, status int, location, cache string) {
	h := c.Writer.Header()
	h["Location"] = []string{location}
	h["Cache-Control"] = []string{cache}
	s.bytes(c, status, "text/plain; charset=utf-8", []byte(location+"\n"))
}

// printable reports whether a byte of a URL may stand in a header as it came.
func printable(c byte) bool { return c > ' ' && c < 0x7f }

// problem answers with what went wrong: a page for a browser, a problem
// document (RFC 9457) for a program.
func (s *Server) problem(c *gin.Context, p *problem) {
	responseOf(c).lines = nil // they were about the content
	if q := responseOf(c).query; q != nil {
		p.dropped = q.dropped
		if p.torrent != "" && q.carry != "" {
			p.torrent += "?" + q.carry
		}
	}
	if p.refused != "" {
		s.telemetry.refuse(p.refused)
	}
	h := c.Writer.Header()
	for name, values := range p.header {
		h[name] = values
	}
	for _, name := range []string{"Accept-Ranges", "Cache-Status", "Content-Disposition", "Content-Location"} {
		delete(h, name) // they were about the content
	}
	h["Cache-Control"] = []string{cacheNone}
	if p.cache != "" {
		h["Cache-Control"] = []string{p.cache}
	}
	if p.retryAfter > 0 {
		h["Retry-After"] = []string{strconv.Itoa(p.retryAfter)}
	}
	h["Vary"] = []string{"Accept"}
	if wantsHTML(c.Request.Header) {
		s.headers.page.set(h)
		h["Content-Security-Policy"] = s.policy
		s.bytes(c, p.status, "text/html; charset=utf-8", p.page(upFrom(c), responseOf(c).subdomain))
		return
	}
	if p.xml != "" {
		s.bytes(c, p.status, "application/xml; charset=utf-8", []byte(xml.Header+p.xml+"\n"))
		return
	}
	s.bytes(c, p.status, "application/problem+json", p.body())
}

// upFrom is the relative reference from a page to the root of this server: it holds below a prefix
// that is not known here.
func upFrom(c *gin.Context) string {
	depth := strings.Count(rawPath(c.Request.URL), "/") - 1
	if responseOf(c).subdomain {
		depth -= 2 // those of the infohash's path
	}
	return cmp.Or(strings.Repeat("../", max(depth, 0)), "./")
}

// wantsHTML reports whether Accept prefers HTML to JSON: a browser names
// text/html, programs name JSON, anything, or nothing.
func wantsHTML(h http.Header) bool {
	html, json := -1.0, -1.0
	for _, line := range h["Accept"] {
		for item := range strings.SplitSeq(line, ",") {
			mediaType, params, _ := strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(mediaType)) {
			case "text/html", "application/xhtml+xml":
				html = max(html, quality(params))
			case "application/json", "application/problem+json":
				json = max(json, quality(params))
			}
		}
	}
	return html > 0 && html > json
}

// quality is the q parameter of an item of Accept, 1 without one.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(value, 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}
