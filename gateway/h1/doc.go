// Package h1 owns what reaches under net/http on a connection of HTTP/1: answers that go out
// by one write, header lines past its map, answers of its own in place of net/http's, and
// request lines with blanks. Reads and writes block as the connection's do, and nothing else
// waits; Check says whether the net/http that is built in writes what all of this expects.
package h1
