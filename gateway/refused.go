package gateway

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/gateway/limit"
)

// What net/http cannot take for a request it answers by itself, before any handler: a
// line of plain text, without a length, that a cache may keep. Over HTTP/1 that answer is
// known by its place, and a problem goes out in its stead: as a document, since what the
// client accepts was not read.

// A refuser is of a connection, and knows whether what net/http writes there can be such
// an answer: it is one of HTTP/1, and no request is being answered.
type refuser struct {
	refusal   func(written []byte) []byte // what takes its place; nil: nothing does
	answering atomic.Bool                 // set with a request, and taken back once its answer is out
	framed    atomic.Bool                 // it is HTTP/2, where a write may begin anywhere in content
}

// instead is what goes out in place of p; nil if p is to.
func (r *refuser) instead(p []byte) []byte {
	if r.refusal == nil || r.answering.Load() || r.framed.Load() {
		return nil
	}
	return r.refusal(p)
}

// handles tells that a request has come to a handler.
func (r *refuser) handles(req *http.Request) {
	if req.ProtoMajor == 1 {
		r.answering.Store(true)
	} else {
		r.framed.Store(true)
	}
}

// refuserOf is that of a connection; nil if it has none.
func refuserOf(conn net.Conn) *refuser {
	switch c := conn.(type) {
	case *joinedConn:
		return &c.refuser
	case *tlsConn:
		return &c.refuser
	}
	return nil
}

// connKey is where the context of a request has its connection.
type connKey struct{}

// withConn is an http.Server's ConnContext.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	if refuserOf(conn) == nil {
		return ctx
	}
	return context.WithValue(ctx, connKey{}, conn)
}

// handled is the connection of a request that has come to a handler, and tells it so.
func handled(req *http.Request) net.Conn {
	conn, ok := req.Context().Value(connKey{}).(net.Conn)
	if ok {
		refuserOf(conn).handles(req)
	}
	return conn
}

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

// betweenRequests is an http.Server's ConnState: it tells a connection when an answer has
// gone out whole, and who writes next before a handler does is net/http.
func betweenRequests(conn net.Conn, state http.ConnState) {
	if r := refuserOf(conn); r != nil && state == http.StateIdle {
		r.answering.Store(false)
		switch c := conn.(type) {
		case *joinedConn:
			c.line.next()
		case *tlsConn:
			c.line.next()
		}
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

// seatKey is where the context of a request has the seat of its connection.
type seatKey struct{}

// withSeat is part of an http.Server's ConnContext.
func withSeat(ctx context.Context, conn net.Conn) context.Context {
	if c, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = c.NetConn()
	}
	if c, ok := conn.(*joinedConn); ok && c.seat != nil {
		return context.WithValue(ctx, seatKey{}, c.seat)
	}
	return ctx
}

// seatOf is the seat of the connection of a request.
func seatOf(r *http.Request) *limit.Seat {
	s, _ := r.Context().Value(seatKey{}).(*limit.Seat)
	return s
}
