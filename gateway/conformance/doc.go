// Package conformance checks what an HTTP gateway to BitTorrent swarms owes its
// clients and the caches in front of it. It knows a gateway by its URL alone, so
// it runs against any, and is the test of our own: Run asks for one torrent's
// files, and compares every answer with a rule, each of which names its source:
// a section of an RFC, or of docs/http.md ("http.md").
//
// Requests are written to the socket as they are, and answers read as they came:
// an HTTP client would hide how they were framed. Bodies are compared with the
// first whole answer, whose length the listing told.
//
// A rule that needs what the torrent does not have (an empty file, a directory)
// is not run, and neither are those that need a torrent where none was named, or a setting of
// the gateway's that was not told: torrents' own hosts, a denylist, a swarm that does not
// have all of a file. The report says so of each.
package conformance
