package gateway

import (
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/gateway/pages"
)

// startPage explains the URLs, with an example for a shell.
func startPage(example string) pages.Start {
	return pages.Start{Forms: urlForms(), Parameters: urlParameters(), Example: example}
}

// urlForms are the URLs of a content server.
func urlForms() []pages.Form {
	return []pages.Form{
		{URL: "/btih/<infohash>/", What: "the torrent: overview and files (HTML; JSON by Accept or ?format=json; text for curl)"},
		{URL: "/btih/<infohash>", What: "the file itself, if the torrent has one only"},
		{URL: "/btih/<infohash>/<name>", What: "the file of a single-file torrent"},
		{URL: "/btih/<infohash>/<name>/<path>", What: "a file of a torrent; with a slash at its end a directory"},
		{URL: "/btmh/<v2 infohash>/…", What: "the same by v2 infohash"},
		{URL: "/magnet?uri=<magnet link>", What: "to the torrent of a magnet link, its hints carried along"},
	}
}

// urlParameters are the query parameters that they take.
func urlParameters() []pages.Form {
	return []pages.Form{
		{URL: "tr=", What: "a tracker (http, https, udp); may be given several times"},
		{URL: "x.pe=", What: "a peer, host:port; may be given several times"},
		{URL: "ws=", What: "a web seed; may be given several times"},
		{URL: "download=1", What: "save rather than show"},
		{URL: "filename=", What: "the name to save under"},
		{URL: "format=", What: "html, json, text, m3u8, tar or torrent: the form of a torrent or directory"},
	}
}

// start answers / with how URLs are made: a page for a browser, text for curl.
func (s *Server) start(c *gin.Context) {
	example := "curl -OJ '" + s.origin(c) + responseOf(c).prefix + "/btih/<infohash>?x.pe=<host:port>'"
	h := c.Writer.Header()
	h["Vary"] = []string{"Accept, Host"}
	if navigates(c.Request.Header) {
		s.startApp(c, example)
		return
	}
	if wantsHTML(c.Request.Header) {
		s.headers.page.set(h)
		h["Content-Security-Policy"] = s.policy
		s.text(c, cacheNone, "text/html; charset=utf-8", startPage(example).HTML())
		return
	}
	var text strings.Builder
	text.WriteString("BitTorrent over HTTP\n\n")
	for _, forms := range [][]pages.Form{urlForms(), urlParameters()} {
		for _, f := range forms {
			text.WriteString("  " + f.URL + strings.Repeat(" ", max(1, 32-len([]rune(f.URL)))) + f.What + "\n")
		}
		text.WriteByte('\n')
	}
	text.WriteString(example + "\n")
	s.text(c, cacheNone, "text/plain; charset=utf-8", []byte(text.String()))
}

// exampleHost is the Host header where it can stand in a line of shell, and a
// usual one elsewhere.
func exampleHost(host string) string {
	for i := range len(host) {
		if c := host[i]; !alphanumeric(c) && strings.IndexByte(".-:[]", c) < 0 {
			host = ""
			break
		}
	}
	if host == "" {
		return "127.0.0.1:8080"
	}
	return host
}
