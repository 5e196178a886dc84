package h1

import (
	"net/http"
	"sync/atomic"
)

// What net/http cannot take for a request it answers by itself, before any handler: a
// line of plain text, without a length, that a cache may keep. Over HTTP/1 that answer is
// known by its place, and another goes out in its stead.

// A rewriter is of a connection, and knows whether what net/http writes there can be such
// an answer: it is one of HTTP/1, and no request is being answered.
type rewriter struct {
	rewrite   func(written []byte) []byte // what takes its place; nil: nothing does
	answering atomic.Bool                 // set with a request, and taken back once its answer is out
	http2     atomic.Bool                 // a write may begin anywhere in content
}

// rewritten is what goes out in place of p; nil if p is to.
func (r *rewriter) rewritten(p []byte) []byte {
	if r.rewrite == nil || r.answering.Load() || r.http2.Load() {
		return nil
	}
	return r.rewrite(p)
}

// handles tells that a request has come to a handler.
func (r *rewriter) handles(req *http.Request) {
	if req.ProtoMajor == 1 {
		r.answering.Store(true)
	} else {
		r.http2.Store(true)
	}
}
