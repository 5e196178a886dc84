package gateway

import (
	"html/template"
	"strings"

	"github.com/gin-gonic/gin"
)

// A form is one line of what the start page explains.
type form struct{ URL, What string }

// urlForms are the URLs of a content server.
func urlForms() []form {
	return []form{
		{"/btih/<infohash>/", "the torrent: overview and files (HTML; JSON by Accept or ?format=json; text for curl)"},
		{"/btih/<infohash>", "the file itself, if the torrent has one only"},
		{"/btih/<infohash>/<name>", "the file of a single-file torrent"},
		{"/btih/<infohash>/<name>/<path>", "a file of a torrent; with a slash at its end a directory"},
		{"/btmh/<v2 infohash>/…", "the same by v2 infohash"},
		{"/magnet?uri=<magnet link>", "to the torrent of a magnet link, its hints carried along"},
	}
}

// urlParameters are the query parameters that they take.
func urlParameters() []form {
	return []form{
		{"tr=", "a tracker (http, https, udp); may be given several times"},
		{"x.pe=", "a peer, host:port; may be given several times"},
		{"ws=", "a web seed; may be given several times"},
		{"download=1", "save rather than show"},
		{"filename=", "the name to save under"},
		{"format=", "html, json, text, m3u8, tar or torrent: the form of a torrent or directory"},
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
		h["Content-Security-Policy"] = s.pages.csp
		s.text(c, cacheNone, "text/html; charset=utf-8", s.pages.render("start", struct {
			Title, Example    string
			Forms, Parameters []form
			Style             template.CSS
		}{"BitTorrent over HTTP", example, urlForms(), urlParameters(), s.pages.style}))
		return
	}
	var text strings.Builder
	text.WriteString("BitTorrent over HTTP\n\n")
	for _, forms := range [][]form{urlForms(), urlParameters()} {
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
