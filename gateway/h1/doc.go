// Package h1 owns the parts of an HTTP/1 connection that reach under net/http. They are
// answers that go out by one write, header lines past its map, answers of our own in place
// of net/http's, request lines with blanks, and the fast lane: requests that are answered
// without net/http. It owns what a request has to be for that, and when net/http leaves the
// connection to it. What is answered is its caller's. Reads and writes block as the connection's
// do, and nothing else waits. Check reports whether the net/http that is built in writes as
// all of this expects.
package h1
