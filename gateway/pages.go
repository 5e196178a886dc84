package gateway

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the pages
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/btgw/btgw/metainfo"
)

//go:embed pages/pages.html
var pagesHTML string

//go:embed pages/style.css
var pagesCSS string

// pages are the templates of everything that a person sees. They load nothing,
// run nothing, and are safe for concurrent use.
type pages struct {
	templates *template.Template
	style     template.CSS
	csp       []string // Content-Security-Policy
	version   string   // changes with every change of the templates
}

func newPages() (*pages, error) {
	t, err := template.New("pages").Parse(pagesHTML)
	if err != nil {
		return nil, err
	}
	style := sha256.Sum256([]byte(pagesCSS))
	version := sha256.Sum256([]byte(listingVersion + pagesHTML + pagesCSS))
	return &pages{
		templates: t,
		style:     template.CSS(pagesCSS),
		csp: []string{"default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) +
			"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
		version: hex.EncodeToString(version[:8]),
	}, nil
}

// write renders one template.
func (p *pages) write(w io.Writer, name string, data any) error {
	return p.templates.ExecuteTemplate(w, name, data)
}

// render renders one template into memory.
func (p *pages) render(name string, data any) []byte {
	var out bytes.Buffer
	if err := p.write(&out, name, data); err != nil {
		return []byte("This page could not be rendered.\n") // only a bug in the template; tests render all
	}
	return out.Bytes()
}

// problem is the page of a problem, with a way up to the root of the server. On a torrent's own
// host that is the torrent.
func (p *pages) problem(problem *problem, up string, subdomain bool) []byte {
	home, torrent := "How URLs here work", ""
	if problem.torrent != "" {
		torrent = up + strings.TrimPrefix(problem.torrent, "/")
	}
	if subdomain {
		home, torrent = "The torrent", ""
	}
	return p.render("problem", struct {
		Title, Detail, InfoHash string
		Stage                   string
		Advice                  string
		Status, RetryAfter      int
		Tried                   []count
		Style                   template.CSS
		Home, Up, Torrent       string
		Dropped                 []metainfo.Dropped
		Box                     bool // what it takes is opened from here
	}{problem.title, problem.detail, problem.hash, problem.stage, problem.advice(), problem.status, problem.retryAfter, problem.tried, p.style, home, up, torrent, problem.dropped, !subdomain})
}

// showName makes a torrent's name fit to be read: bytes that are not UTF-8,
// control characters and those that turn the direction of what follows are
// replaced. Escaping is the template's.
func showName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return utf8.RuneError
		}
		return r
	}, name)
}

// showSize writes a number of bytes with a unit of 1024.
func showSize(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	unit, value := -1, float64(n)
	for value >= 1023.95 && unit < 5 {
		value /= 1024
		unit++
	}
	return strconv.FormatFloat(value, 'f', 1, 64) + " " + string("KMGTPE"[unit]) + "iB"
}
