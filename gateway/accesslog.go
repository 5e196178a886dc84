package gateway

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/btgw/btgw/fetch"
)

// An AccessLog writes a line for each request. No line has a secret. It leaves out queries, which may
// hold signatures, hints with passkeys and names of files, the token of a signed path, keys and
// cookies. It cuts a Referer to its origin. The writer gets one Write a line; it has to be safe for
// concurrent use, and holds up the end of requests.
type AccessLog struct {
	to     io.Writer
	format func(*accessLine) []byte
}

// NewAccessLog writes lines of JSON, or with combined the format of Apache and nginx, with what
// JSON has more of at the end.
func NewAccessLog(to io.Writer, combined bool) *AccessLog {
	if combined {
		return &AccessLog{to, combinedLine}
	}
	return &AccessLog{to, jsonLine}
}

// accessLine is what is told of a request.
type accessLine struct {
	Time      time.Time  `json:"time"`   // when it came
	Client    netip.Addr `json:"client"` // where a trusted proxy says so, whom it forwards for
	User      string     `json:"user,omitempty"`
	Method    string     `json:"method"`
	Path      string     `json:"path"`
	Proto     string     `json:"proto"`
	InfoHash  string     `json:"infohash,omitempty"`
	Range     string     `json:"range,omitempty"` // as it was asked for
	Status    int        `json:"status"`
	Bytes     int64      `json:"bytes"`            // of body that the connection took
	Source    string     `json:"source,omitempty"` // of content: cache, part, swarm
	FirstByte float64    `json:"first_byte_seconds"`
	Seconds   float64    `json:"seconds"`
	Cut       string     `json:"cut,omitempty"` // why the body ended early
	Referer   string     `json:"referer,omitempty"`
	Agent     string     `json:"user_agent,omitempty"`
}

// asked is what a line tells of the request itself.
type asked struct{ method, path, proto, ranged, referer, agent string }

// write tells of a request whose answer is out.
func (l *AccessLog) write(a *asked, res *response, begun time.Time) {
	line := &accessLine{
		Time: begun.UTC(), Client: res.client.Addr, Method: clipText(a.method), Path: clipText(a.path), Proto: a.proto,
		InfoHash: res.infohash, Range: clipText(a.ranged), Status: res.status, Bytes: res.bytes, Source: res.source,
		Seconds: time.Since(begun).Seconds(), Cut: res.reason, Referer: refererOrigin(a.referer), Agent: clipText(a.agent),
	}
	if res.grant != nil && res.grant.user != nil {
		line.User = res.grant.user.Name
	}
	if !res.answered.IsZero() {
		line.FirstByte = res.answered.Sub(begun).Seconds()
	}
	_, _ = l.to.Write(l.format(line)) // a full disk must not keep anybody from reading
}

// follow notes when a request began, and gives what writes its line, once: after its answer, or after
// the panic that cut it.
func (l *AccessLog) follow(r *http.Request, res *response) (end func()) {
	if l == nil {
		return func() {}
	}
	begun, path, ended := time.Now(), tokenlessPath(r), false
	res.timed = true
	return func() {
		if !ended {
			ended = true
			l.write(&asked{r.Method, path, r.Proto, r.Header.Get("Range"), r.Header.Get("Referer"), r.Header.Get("User-Agent")}, res, begun)
		}
	}
}

// tokenlessPath is the path of a request as it came, without a link's token.
func tokenlessPath(r *http.Request) string {
	path := rawPath(r.URL)
	rest, ok := strings.CutPrefix(path, LinkPrefix)
	if !ok {
		return path
	}
	_, rest, _ = strings.Cut(rest, "/")
	return LinkPrefix + "-/" + rest
}

// refererOrigin is the origin of a Referer; "" where it is no URL of the web.
func refererOrigin(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return clipText(u.Scheme + "://" + u.Host + "/")
}

// clipText bounds what a client says.
func clipText(s string) string { return s[:min(len(s), maxAccessText)] }

func jsonLine(l *accessLine) []byte {
	out, err := json.Marshal(l)
	if err != nil {
		return nil // texts and numbers always marshal
	}
	return append(out, '\n')
}

// combinedLine returns a line of the "combined" format: host ident user [time] "request" status bytes
// "referer" "agent". After them come the infohash, the range, the source and the seconds to the first
// byte.
func combinedLine(l *accessLine) []byte {
	client := "-"
	if l.Client.IsValid() {
		client = l.Client.String()
	}
	return fmt.Appendf(nil, "%s - %s [%s] %s %d %d %s %s %s %s %s %.6f\n", client, quiet(l.User), l.Time.Format("02/Jan/2006:15:04:05 -0700"),
		quoteLog(l.Method+" "+l.Path+" "+l.Proto), l.Status, l.Bytes, quoteLog(quiet(l.Referer)), quoteLog(quiet(l.Agent)),
		quiet(l.InfoHash), quoteLog(quiet(l.Range)), quiet(l.Source), l.FirstByte)
}

// quiet writes what is not there.
func quiet(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// quoteLog quotes a text so that it can end neither its quotes nor its line.
func quoteLog(s string) string { return strconv.QuoteToASCII(s) }

// sourceOf names where content came from.
func sourceOf(held fetch.Held) string {
	switch {
	case held.All:
		return "cache"
	case held.Any:
		return "part"
	}
	return "swarm"
}
