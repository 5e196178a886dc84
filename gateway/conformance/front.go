package conformance

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// What a cache or a balancer in front of the gateway (Config.Front) answers by itself is judged by what HTTP leaves to it.
// It may refuse what its parser does not take, if it does so clearly, without content, and so that nothing keeps
// the answer; it may not change a byte. A rule that has a leeway holds by that too, and the report says so.

// A leeway is what a front may do in place of what a rule asks of the gateway.
type leeway struct {
	source string
	what   string
	check  func(*probe) error
}

// leeways are by the ID of the rule.
var leeways = map[string]leeway{
	"options-server":    refusal("RFC 9110 9.3.7", "OPTIONS * ends at the front, which refuses it", func(p *probe) (*answer, error) { return p.do(http.MethodOptions, "*") }),
	"method-get":        refusal("RFC 9110 9.1", "a method in lower case is none that the front knows: it refuses it", func(p *probe) (*answer, error) { return p.do("get", p.file, "Content-Length: 0") }),
	"method-CONNECT":    refusal("RFC 9110 9.3.6", "CONNECT ends at the front, which refuses it", func(p *probe) (*answer, error) { return p.do(http.MethodConnect, p.file, "Content-Length: 0") }),
	"url-nul":           refusal("RFC 9112 3.2", "the front refuses NUL in a path", func(p *probe) (*answer, error) { return p.get(p.hash + "/a%00b") }),
	"blanks-path":       refusal("RFC 9112 3.2", "the front refuses blanks in a request line", func(p *probe) (*answer, error) { return p.get(unescaped(p)) }),
	"blanks-query":      refusal("RFC 9112 3.2", "the front refuses blanks in a query", func(p *probe) (*answer, error) { return p.get(unescaped(p) + "?dn=a b") }),
	"inm-two-lines":     refusal("RFC 9110 5.3", "the front refuses a second line of If-None-Match", func(p *probe) (*answer, error) { return p.get(p.file, `If-None-Match: "x"`, "If-None-Match: "+p.etag) }),
	"problem-malformed": refusal("RFC 9110 15.5.1", "the front refuses what is no request, in its own words", func(p *probe) (*answer, error) { return p.get("/", "Content-Length: 1", "Content-Length: 2") }),
	"range-two-lines":   {"RFC 9110 5.3", "of two Range lines the front takes one", oneRangeLine},
	"head-like-get":     {"RFC 9110 9.3.2", "HEAD has the headers of GET but for those of DLNA, of which the front does not see who asks", headLikeGet("Transfermode.dlna.org")},
}

// refusal lets a front refuse a request: with 400, which no cache keeps by itself, or with 405 or 501 and no-store or no-cache.
func refusal(source, what string, ask func(*probe) (*answer, error)) leeway {
	return leeway{source, what, func(p *probe) error {
		a, err := ask(p)
		if err != nil {
			return err
		}
		control := a.get("Cache-Control")
		barred := strings.Contains(control, "no-store") || strings.Contains(control, "no-cache")
		switch {
		case a.status != http.StatusBadRequest && a.status != http.StatusMethodNotAllowed && a.status != http.StatusNotImplemented:
			return fmt.Errorf("status %d", a.status)
		case !barred && (a.status != http.StatusBadRequest || control != ""):
			return fmt.Errorf("%d may be kept: Cache-Control %q", a.status, control)
		case p.size() > 0 && bytes.Contains(a.body, p.data[:min(64, p.size())]):
			return fmt.Errorf("%d with content", a.status)
		}
		return nil
	}}
}

// oneRangeLine expects the right bytes of one of two lines.
func oneRangeLine(p *probe) error {
	a, err := p.get(p.file, "Range: bytes=0-1", "Range: bytes=4-5")
	if err != nil {
		return err
	}
	for _, from := range []int{0, 4} {
		if a.wants(206, "Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, from+1, p.size())) == nil {
			return a.bytes(p.data[from : from+2])
		}
	}
	return fmt.Errorf("status %d, Content-Range %q", a.status, a.get("Content-Range"))
}

// headLikeGet compares the header lines of HEAD and GET, but for some.
func headLikeGet(but ...string) func(*probe) error {
	return func(p *probe) error {
		get, err := p.get(p.file)
		if err != nil {
			return err
		}
		head, err := p.do(http.MethodHead, p.file)
		if err != nil {
			return err
		}
		for name := range get.header {
			if !aboutAnswer[name] && !slices.Contains(but, name) && head.get(name) != get.get(name) {
				return fmt.Errorf("%s: %q of HEAD, %q of GET", name, head.get(name), get.get(name))
			}
		}
		return nil
	}
}

// speaksHTTP2 reports whether the port answers in HTTP/2 at all. Without TLS a front need not (RFC 9113 section 3.3: by prior
// knowledge alone).
func (p *probe) speaksHTTP2() bool {
	p.http2Once.Do(func() {
		c := p.overHTTP2()
		defer c.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(p.ctx, promptTime)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodHead, p.url.Scheme+"://"+p.url.Host+p.prefix+p.file, nil)
		if err != nil {
			return
		}
		res, err := c.RoundTrip(req)
		if err != nil {
			return
		}
		_ = res.Body.Close()
		p.http2There = res.ProtoMajor == 2
	})
	return p.http2There
}

// overHTTP2 is what the rules of HTTP/2 need.
func overHTTP2(p *probe) bool {
	return torrent(p) && (!p.front || p.url.Scheme == "https" || p.speaksHTTP2())
}
