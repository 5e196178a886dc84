// Package h1 owns the parts of an HTTP/1 connection that reach under net/http. They are
// answers that go out by one write, header lines past its map, answers of our own in place
// of net/http's, and request lines with blanks.
//
// The fast lane answers requests, the first of a connection too, without net/http. This package
// owns what a request has to be for that, and when net/http leaves the connection to it. Its caller
// owns what is answered. A request that is not for the fast lane, or not surely so, goes to net/http
// unread.
//
// Reads and writes block as the connection's do, and nothing else waits. Watch has a goroutine until it is stopped.
// Check reports whether the net/http that is built in writes as all of this expects.
package h1
