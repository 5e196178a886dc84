package gateway

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// What net/http cannot take for a request it answers by itself, before any handler: a
// line of plain text, without a length, that a cache may keep. Over HTTP/1 that answer is
// known by its place, and a problem goes out in its stead: as a document, since what the
// client accepts was not read.

// refused returns the problem of net/http's error answer in written, and nil if written
// is no such answer. Its text is net/http's or ours, never the client's.
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
		p.detail = "What was sent is not a request of HTTP/1.1. In its URL two hexadecimal digits follow every %, and a space is %20."
		line, _, _ := bytes.Cut(written, []byte("\r\n"))
		if _, why, ok := bytes.Cut(line, []byte(": ")); ok {
			p.detail = "What was sent is not a request of HTTP/1.1: " + string(why) + "."
		}
	}
	return p
}

// refusals makes the whole answer in place of one that net/http writes; nil if that is to
// stay as it is. The common lines go with each.
func refusals(common headerSet) func(written []byte) []byte {
	return func(written []byte) []byte {
		p := refused(written)
		if p == nil {
			return nil
		}
		body := p.body()
		answer := newHeaderSet("Connection", "close", "Content-Length", strconv.Itoa(len(body)),
			"Content-Type", "application/problem+json", "Date", time.Now().UTC().Format(http.TimeFormat))
		out := []byte("HTTP/1.1 " + strconv.Itoa(p.status) + " " + p.title + "\r\n")
		out = append(append(out, lines(common, answer)...), "\r\n"...)
		return append(out, body...)
	}
}

// crowded makes the whole answer to a connection for which there is no seat.
func crowded(common headerSet) func() []byte {
	return func() []byte {
		p := &problem{status: http.StatusServiceUnavailable, slug: "busy", title: "Too busy",
			detail: "There are as many connections as this server allows, and on all of them requests are being answered."}
		body := p.body()
		answer := newHeaderSet("Connection", "close", "Content-Length", strconv.Itoa(len(body)),
			"Content-Type", "application/problem+json", "Date", time.Now().UTC().Format(http.TimeFormat), "Retry-After", strconv.Itoa(retryBusy))
		out := append([]byte("HTTP/1.1 503 Service Unavailable\r\n"), lines(common, answer)...)
		return append(append(out, "\r\n"...), body...)
	}
}
