package gateway

import (
	"net/http"
	"slices"
)

// A headerSet is header lines that many answers share. The values are made
// once and never changed, so that setting them allocates nothing.
type headerSet []headerLine

type headerLine struct {
	name  string // canonical
	value []string
}

func newHeaderSet(pairs ...string) headerSet {
	set := make(headerSet, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		set = append(set, headerLine{http.CanonicalHeaderKey(pairs[i]), []string{pairs[i+1]}})
	}
	return set
}

// set puts the lines into h, in place of what is there.
func (s headerSet) set(h http.Header) {
	for _, line := range s {
		h[line.name] = line.value
	}
}

// without is the set less one line.
func (s headerSet) without(name string) headerSet {
	return slices.DeleteFunc(slices.Clone(s), func(l headerLine) bool { return l.name == name })
}

// lines are the sets as HTTP/1 sends them.
func lines(sets ...headerSet) []byte {
	var out []byte
	for _, line := range slices.Concat(sets...) {
		out = append(append(append(append(out, line.name...), ": "...), line.value[0]...), "\r\n"...)
	}
	return out
}

// fixedLines are lines of every answer with content of a file, as HTTP/1 sends them.
type fixedLines struct {
	open    []byte // where nobody has to show anything
	granted []byte // the same less Cache-Control, which the grant limits
}

func newFixedLines(all, file headerSet) fixedLines {
	return fixedLines{lines(all, file), lines(all, file.without("Cache-Control"))}
}

// droppedHeader names the hints of a request that were left out, and why.
const droppedHeader = "X-Btgw-Dropped"

// headers has what does not depend on the request.
type headers struct {
	all       headerSet  // on every answer
	file      headerSet  // on every success with content of a file
	own       headerSet  // the same on a host of the torrent's own, where it is alone
	fileLines fixedLines // all and file
	ownLines  fixedLines // all and own
	preflight headerSet  // on OPTIONS
	page      headerSet  // on our own pages; the style's hash is added by pages
}

// fileCSP keeps a document of a torrent from running scripts, loading anything
// and reaching this origin, should a browser show it at all.
const fileCSP = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"

func newHeaders(allowOrigin string) headers {
	h := headers{
		all: newHeaderSet(
			"X-Content-Type-Options", "nosniff",
			"X-Robots-Tag", "noindex",
			"Cross-Origin-Resource-Policy", "cross-origin",
		),
		file: newHeaderSet(
			"Accept-Ranges", "bytes",
			"Cache-Control", cacheFile,
			"Content-Security-Policy", fileCSP,
		),
		page: newHeaderSet("Referrer-Policy", "no-referrer"),
	}
	if allowOrigin != "none" {
		h.all = append(h.all, newHeaderSet(
			"Access-Control-Allow-Origin", allowOrigin,
			"Access-Control-Expose-Headers", "Accept-Ranges, Content-Length, Content-Range, Content-Disposition, ETag, Server-Timing, Cache-Status, Retry-After",
		)...)
		h.preflight = newHeaderSet(
			"Access-Control-Allow-Methods", "GET, HEAD, OPTIONS",
			"Access-Control-Allow-Headers", "Range, If-Range, If-None-Match, Authorization",
			"Access-Control-Max-Age", "86400",
		)
	}
	h.own = h.file.without("Content-Security-Policy")
	h.fileLines, h.ownLines = newFixedLines(h.all, h.file), newFixedLines(h.all, h.own)
	return h
}
