package gateway

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"time"
)

// What net/http cannot take for a request it answers by itself, before any handler: a
// line of plain text, without a length, that a cache may keep. On connections without
// TLS that answer is known by its place, and a problem goes out in its stead: as a
// document, since what the client accepts was not read.

// refused is that problem; nil if what is written is none of those answers. Its text is
// net/http's or ours, never the client's.
func refused(written []byte) *problem {
	const before = "HTTP/1.1 "
	if len(written) < len(before)+3 || string(written[:len(before)]) != before {
		return nil
	}
	status, err := strconv.Atoi(string(written[len(before) : len(before)+3]))
	if err != nil || status < http.StatusBadRequest {
		return nil
	}
	p := &problem{status: status, slug: "malformed-request", title: http.StatusText(status)}
	switch status {
	case http.StatusExpectationFailed:
		p.detail = "Nothing but 100-continue can be expected here."
	case http.StatusRequestHeaderFieldsTooLarge:
		p.detail = "The head of the request is longer than " + showSize(maxHeaderBytes) + "."
	case http.StatusNotImplemented:
		p.detail = "The request has a transfer coding that is not known here."
	case http.StatusHTTPVersionNotSupported:
		p.detail = "HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here."
	default:
		p.detail = "What was sent is not a request of HTTP/1.1."
		line, _, _ := bytes.Cut(written, []byte("\r\n"))
		if _, why, ok := bytes.Cut(line, []byte(": ")); ok {
			p.detail = "What was sent is not a request of HTTP/1.1: " + string(why) + "."
		}
	}
	return p
}

// refusal is the whole answer in place of one that net/http writes; nil if that is to
// stay as it is.
func (s *Server) refusal(written []byte) []byte {
	p := refused(written)
	if p == nil {
		return nil
	}
	body := p.body()
	answer := newHeaderSet("Cache-Control", cacheNone, "Connection", "close", "Content-Length", strconv.Itoa(len(body)),
		"Content-Type", "application/problem+json", "Date", time.Now().UTC().Format(http.TimeFormat))
	out := []byte("HTTP/1.1 " + strconv.Itoa(p.status) + " " + p.title + "\r\n")
	out = append(append(out, lines(s.headers.all, answer)...), "\r\n"...)
	return append(out, body...)
}

// betweenRequests is an http.Server's ConnState: it tells a connection when an answer has
// gone out whole, and who writes next before a handler does is net/http.
func betweenRequests(conn net.Conn, state http.ConnState) {
	if c, ok := conn.(*joinedConn); ok && state == http.StateIdle {
		c.answering.Store(false)
	}
}
