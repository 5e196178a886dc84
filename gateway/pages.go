package gateway

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/btgw/btgw/gateway/pages"
)

// page is the page of a problem, with a way up to the root of the server. On a torrent's own
// host that is the torrent.
func (p *problem) page(up string, subdomain bool) []byte {
	page := pages.Problem{Status: p.status, Title: p.title, Detail: p.detail, Advice: p.advice(), Stage: p.stage, Dropped: p.dropped,
		RetryAfter: p.retryAfter, InfoHash: p.hash, Up: up, Home: "How URLs here work", Box: !subdomain}
	for _, tried := range p.tried {
		page.Tried = append(page.Tried, pages.Count{Name: tried.Name, Value: tried.Value})
	}
	switch {
	case subdomain:
		page.Home = "The torrent"
	case p.torrent != "":
		page.Torrent = up + strings.TrimPrefix(p.torrent, "/")
	}
	return page.HTML()
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
