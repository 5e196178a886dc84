package gateway

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/metainfo"
)

// accessible checks what a machine can see of a page's fitness for everybody:
// a language, one title and one first heading, a main part, headed columns,
// named controls and links, no id twice, and nothing that loads or runs.
func accessible(t *testing.T, name string, page []byte) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	count, ids, labels, controls := map[string]int{}, map[string]bool{}, map[string]bool{}, []string{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		attr := make(map[string]string)
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: %s has %s", name, n.Data, a.Key)
			}
		}
		if id := attr["id"]; id != "" {
			if ids[id] {
				t.Errorf("%s: id %q twice", name, id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "html":
			if attr["lang"] == "" {
				t.Errorf("%s: no language", name)
			}
		case "th":
			if attr["scope"] == "" {
				t.Errorf("%s: a header of no column", name)
			}
		case "label":
			labels[attr["for"]] = true
		case "input":
			controls = append(controls, attr["id"])
		case "a", "button":
			if strings.TrimSpace(textOf(n)) == "" {
				t.Errorf("%s: a %s without a name", name, n.Data)
			}
		case "nav":
			if attr["aria-label"] == "" {
				t.Errorf("%s: a navigation without a name", name)
			}
		case "script", "link", "img", "iframe", "object", "video", "audio":
			t.Errorf("%s: a %s", name, n.Data)
		}
		if of := attr["aria-labelledby"]; of != "" && !strings.Contains(string(page), `id="`+of+`"`) {
			t.Errorf("%s: named by %q, which is nothing", name, of)
		}
	}
	for _, id := range controls {
		if !labels[id] {
			t.Errorf("%s: control %q without a label", name, id)
		}
	}
	for element, want := range map[string]int{"html": 1, "title": 1, "h1": 1, "main": 1} {
		if count[element] != want {
			t.Errorf("%s: %d of %s", name, count[element], element)
		}
	}
	if count["table"] > 0 && count["th"] == 0 {
		t.Errorf("%s: a table without headers", name)
	}
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	text := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		text += textOf(c)
	}
	return text
}

func TestPages(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.FirstByteTimeout = 10 * time.Millisecond })
	odd := oddTorrent(t, g)
	single, _ := g.single(t, "it's one.mkv", 100)
	unknown := metainfo.NewV1([20]byte{1}).Path() + "/"
	browser := "Accept: text/html,*/*;q=0.8"
	for name, page := range map[string]struct {
		path   string
		status int
		has    []string
	}{
		"start":     {"/", 200, []string{"<form action=\"magnet\">"}},
		"torrent":   {odd.Path() + "/", 200, []string{`href ="magnet:?xt=urn:btih:` + odd.String(), `value="torrent"`, `value="tar"`, `value="m3u8"`, "?format=tar&#39;</pre>"}},
		"one file":  {single.Path() + "/", 200, []string{"curl -C - -o &#39;it_s one.mkv&#39; &#39;http&#58;//" + g.addr + single.Path() + "/it%27s%20one.mkv&#39;</pre>"}},
		"directory": {odd.Path() + "/A%20%3Cb%3E%20&%20c/Season%202/", 200, []string{`aria-label="Breadcrumb"`, "curl -C - -o &#39;Season 2.tar&#39; &#39;http&#58;//" + g.addr + odd.Path() + "/A%20%3Cb%3E%20%26%20c/Season%202/?format=tar&#39;"}},
		"400":       {"/btih/x", 400, nil},
		"404":       {odd.Path() + "/none", 404, []string{`<a href="../..` + odd.Path() + `/">The torrent`}},
		"504":       {unknown, 504, []string{`<meta http-equiv="refresh" content="30">`, "What is being tried", "What is waited for: metadata", "Trackers asked", "asks again in 30 seconds"}},
	} {
		a := g.get(t, page.path, browser)
		text := string(a.body)
		if a.status != page.status || a.get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %v", name, a.status, a.header)
		}
		accessible(t, name, a.body)
		for _, want := range page.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s\n%s", name, want, text)
			}
		}
		if !strings.Contains(text, "prefers-color-scheme: dark") || !strings.Contains(text, "color-scheme: light dark") {
			t.Errorf("%s: not light and dark", name)
		}
		if refreshes := strings.Contains(text, `http-equiv="refresh"`); refreshes != (page.status == 504) {
			t.Errorf("%s: it asks again: %t", name, refreshes)
		}
	}
}

// BenchmarkListingOverHTTP lists 10,000 files over a socket.
func BenchmarkListingOverHTTP(b *testing.B) {
	g := serve(b, nil)
	hash := manyFiles(b, g, 10_000)
	for _, format := range []string{"html", "json"} {
		b.Run(format, func(b *testing.B) {
			var first, all time.Duration
			for b.Loop() {
				f, a := g.timed(b, hash.Path()+"/?format="+format)
				first, all = first+f, all+a
			}
			b.ReportMetric(float64(first.Microseconds())/float64(b.N)/1000, "ms/first-byte")
			b.ReportMetric(float64(all.Microseconds())/float64(b.N)/1000, "ms/listing")
		})
	}
}

// The page of each problem looks like the others: it names its server, says the reason and what can be done, and has the box.
func TestProblemPages(t *testing.T) {
	t.Parallel()
	swarm := &fetch.UnavailableError{Stage: fetch.StageMetadata, Status: fetch.Status{Swarm: fetch.SwarmStats{Known: 2, Connected: 1}}}
	for _, p := range []*problem{
		keyNeeded(false), keyNeeded(true), linkRefused(nil), linkRefused(access.ErrNet), mayNotAdd(), notAllowed(), otherSite(), noSuchPath(), deny(410), deny(451),
		problemOf(&metainfo.InvalidError{}), problemOf(fetch.ErrPrivate), tooManyStreams("", 1), tooManyRequests(1), tooMuchSurplus(1), draining(), problemOf(fetch.ErrBusy),
		problemOf(swarm), problemOf(fetch.ErrUnknown), internalError(),
	} {
		page := string(p.page("../", false))
		if p.advice() == "" || !strings.Contains(page, html.EscapeString(p.detail)) || !strings.Contains(page, `<p class="advice">`+html.EscapeString(p.advice())) ||
			!strings.Contains(page, `<form class="box"`) || !strings.Contains(page, `class="brand" href="../"`) {
			t.Errorf("%d %s: %q\n%s", p.status, p.slug, p.advice(), page)
		}
	}
}
